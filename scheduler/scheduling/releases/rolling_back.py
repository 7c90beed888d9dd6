"""Back to an earlier release: a draft as it was published, to be looked at and published anew."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.programmes.models import Venue
from scheduler.references import new_reference
from scheduler.scheduling.models import Plan, PlanMethod, PlanState, Release, Slot
from scheduler.scheduling.placing import place
from scheduler.scheduling.services import audit_plan, next_name
from scheduler.scheduling.situation import accepted_groups


@dataclass(frozen=True)
class Restored:
    """The draft, and the groups that could not be put back: no longer accepted, or no venue now.

    `new` are the groups that were accepted since and have no time in it.
    """

    plan: Plan
    left: list[str]
    homeless: list[str]
    new: list[str]


def draft_of(release: Release, *, actor: Actor, now: dt.datetime) -> Restored:
    """Add a draft in which every group stands where the release had it, locked nowhere.

    Venue, time on stage, warm-up room and allotted lengths are those of the release; how long a
    group warms up, and plays unless that was allotted, is what its category says today. Nothing is
    published by this: the draft becomes the next release, with a number of its own, like every
    other.
    """
    programme = release.programme
    groups = {group.ref: group for group in accepted_groups(programme)}
    venues = {venue.code: venue for venue in programme.venues}
    plan = Plan(
        ref=new_reference("T"),
        programme=programme,
        name=next_name(programme),
        state=PlanState.DRAFT,
        # Nothing is moved against what it is made from.
        method=PlanMethod.FILL,
        made_from=f"R{release.number}",
        roster_revision=programme.roster_revision,
        created_by=actor.account_id,
        created_at=now,
        changed_at=now,
    )
    plan.slots = [
        _slot(groups[ref], venues[kept["venue"]], kept)
        for ref, kept in release.slots.items()
        if ref in groups and kept["venue"] in venues
    ]
    db.session.add(plan)
    db.session.flush()
    audit_plan("plan:roll-back", plan, actor, now, release=release.number)
    homeless = {
        ref for ref, kept in release.slots.items() if ref in groups and kept["venue"] not in venues
    }
    return Restored(
        plan,
        left=_names(release.slots.keys() - groups.keys()),
        homeless=sorted(groups[ref].group_name for ref in homeless),
        new=[group.group_name for ref, group in groups.items() if ref not in release.slots],
    )


def _slot(application: Application, venue: Venue, kept: Mapping[str, Any]) -> Slot:
    slot = Slot(
        application=application,
        warmup_room=kept["warmup_room"],
        allotted_minutes=kept.get("minutes"),
    )
    starts_at = dt.datetime.fromisoformat(kept["starts_at"])
    place(slot, programme=application.programme, venue=venue, starts_at=starts_at)
    return slot


def _names(refs: Collection[str]) -> list[str]:
    names = select(Application.group_name).where(Application.ref.in_(refs))
    return list(db.session.scalars(names.order_by(Application.group_name)))
