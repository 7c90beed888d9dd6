"""Together, apart, before: what coordinators state about two groups, and the rules made of it."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.models import Programme
from scheduler.scheduling.engine.catalogue import (
    DaysApart,
    InOrder,
    OneDay,
    OneVenue,
    ProgrammeRule,
)
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.rules.relation_models import GroupRelation, RelationKind

RULE_ID = "relation"

_RULES: dict[RelationKind, type[ProgrammeRule]] = {
    RelationKind.ONE_DAY: OneDay,
    RelationKind.OTHER_DAYS: DaysApart,
    RelationKind.ONE_VENUE: OneVenue,
    RelationKind.BEFORE: InOrder,
}


def relations_of(programme: Programme) -> list[GroupRelation]:
    """Return what is stated, in the order in which it was stated."""
    query = (
        select(GroupRelation)
        .where(GroupRelation.programme_id == programme.id)
        .options(joinedload(GroupRelation.first), joinedload(GroupRelation.second))
        .order_by(GroupRelation.id)
    )
    return list(db.session.scalars(query))


def related_rules(programme: Programme, refs: Collection[str]) -> tuple[ProgrammeRule, ...]:
    """Return the engine's rules; what is stated about a group without a place to plan rests."""
    return tuple(
        _RULES[one.kind](
            id=f"{RULE_ID} {one.id}",
            activities=(one.first.ref, one.second.ref),
            weight=one.weight,
        )
        for one in relations_of(programme)
        if one.first.ref in refs and one.second.ref in refs
    )


def state(
    programme: Programme,
    kind: RelationKind,
    first: Application,
    second: Application,
    *,
    weight: int | None,
    actor: Actor,
    now: dt.datetime,
) -> GroupRelation:
    """Add a statement; drafts and the release that stands are then out of date.

    Refuses a group beside itself, and what is stated already, also the other way round.
    """
    writing.hold(programme)
    if first.id == second.id:
        raise Refused(Refusal.SAME_GROUP, field="second")
    pair = {first.id, second.id}
    stated = (one for one in relations_of(programme) if one.kind is kind)
    if any({one.first_id, one.second_id} == pair for one in stated):
        raise Refused(Refusal.STATED_ALREADY, field="kind")
    relation = GroupRelation(
        programme_id=programme.id, kind=kind, first=first, second=second, weight=weight
    )
    db.session.add(relation)
    db.session.flush()
    writing.make_plans_stale(programme)
    writing.record("programme:relation", programme, actor, now, **_facts(relation))
    return relation


def withdraw(programme: Programme, number: int, *, actor: Actor, now: dt.datetime) -> None:
    """Take a statement back; raises `NotFound` when the programme has none of that number."""
    writing.hold(programme)
    relation = next((one for one in relations_of(programme) if one.id == number), None)
    if relation is None:
        raise NotFound
    writing.record("programme:relation_withdrawn", programme, actor, now, **_facts(relation))
    db.session.delete(relation)
    db.session.flush()
    writing.make_plans_stale(programme)


def _facts(relation: GroupRelation) -> dict[str, str | int | None]:
    return {
        "kind": str(relation.kind),
        "first": relation.first.ref,
        "second": relation.second.ref,
        "weight": relation.weight,
    }
