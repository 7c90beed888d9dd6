"""Back to an earlier release: a draft as it was published, to be looked at and published anew."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.programmes.models import Programme, Venue
from scheduler.references import new_reference
from scheduler.scheduling.activities.planning import turns_in
from scheduler.scheduling.items import Item, performance_of
from scheduler.scheduling.models import Plan, PlanMethod, PlanState, Release, Slot
from scheduler.scheduling.placing import place
from scheduler.scheduling.services import audit_plan, next_name
from scheduler.scheduling.situation import accepted_groups
from scheduler.scheduling.timetable import performances_of


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
    groups = map(performance_of, accepted_groups(programme))
    items = {item.ref: item for item in (*groups, *turns_in(programme))}
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
        _slot(programme, items[ref], venues[kept["venue"]], kept)
        for ref, kept in release.slots.items()
        if ref in items and kept["venue"] in venues
    ]
    db.session.add(plan)
    db.session.flush()
    audit_plan("plan:roll-back", plan, actor, now, release=release.number)
    published = {one.item.ref: one.item.title for one in performances_of(release)}
    homeless = {
        ref for ref, kept in release.slots.items() if ref in items and kept["venue"] not in venues
    }
    return Restored(
        plan,
        left=sorted(name for ref, name in published.items() if ref not in items),
        homeless=sorted(items[ref].title for ref in homeless),
        new=[item.title for ref, item in items.items() if ref not in release.slots],
    )


def _slot(programme: Programme, item: Item, venue: Venue, kept: Mapping[str, Any]) -> Slot:
    slot = Slot.of(item, warmup_room=kept["warmup_room"], allotted_minutes=kept.get("minutes"))
    starts_at = dt.datetime.fromisoformat(kept["starts_at"])
    place(slot, programme=programme, venue=venue, starts_at=starts_at)
    return slot
