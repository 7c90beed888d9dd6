"""The rules that a programme can state, by the word that its file uses for each.

A rule is added by a class here, with its test; docs/planning-rules.md is made from this list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.scheduling.engine.catalogue.base import Breach, ProgrammeRule, Seen
from scheduler.scheduling.engine.catalogue.breaks import Breaks
from scheduler.scheduling.engine.catalogue.compact import CompactDays
from scheduler.scheduling.engine.catalogue.company import InCompany
from scheduler.scheduling.engine.catalogue.days import DaysApart, OneDay, SpreadDays
from scheduler.scheduling.engine.catalogue.early import FewEarly
from scheduler.scheduling.engine.catalogue.numbered import Numbered
from scheduler.scheduling.engine.catalogue.order import Following, InOrder
from scheduler.scheduling.engine.catalogue.rounds import (
    NotBeside,
    OneVenueARound,
    OwnSession,
    RoundsInARow,
    UnwantedSessions,
)
from scheduler.scheduling.engine.catalogue.venues import OneVenue, Seats

if TYPE_CHECKING:
    from collections.abc import Mapping

RULE_BY_KIND: Mapping[str, type[ProgrammeRule]] = {
    rule.kind: rule
    for rule in (
        OneDay,
        SpreadDays,
        DaysApart,
        InOrder,
        Following,
        OneVenue,
        Seats,
        InCompany,
        Breaks,
        OwnSession,
        UnwantedSessions,
        OneVenueARound,
        RoundsInARow,
        NotBeside,
        Numbered,
        CompactDays,
        FewEarly,
    )
}

__all__ = [
    "RULE_BY_KIND",
    "Breach",
    "Breaks",
    "CompactDays",
    "DaysApart",
    "FewEarly",
    "Following",
    "InCompany",
    "InOrder",
    "NotBeside",
    "Numbered",
    "OneDay",
    "OneVenue",
    "OneVenueARound",
    "OwnSession",
    "ProgrammeRule",
    "RoundsInARow",
    "Seats",
    "Seen",
    "SpreadDays",
    "UnwantedSessions",
]
