"""From a draft to a release: what would change, for whom; then numbered, kept, told once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from scheduler.access.permissions import Actor
from scheduler.applications.calendar_people import feeds_of_schools, pages_of_people
from scheduler.audit.services import record
from scheduler.calendars import links
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Difference, EntryChange, Subject
from scheduler.database import db
from scheduler.errors import Conflict, Refused
from scheduler.jobs import services as jobs
from scheduler.jobs.models import Job
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.items import Item
from scheduler.scheduling.models import Plan, PlanState, Release, Slot
from scheduler.scheduling.parties.engaged import lock_with_neighbours, make_neighbours_stale
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases.asking import ask_all
from scheduler.scheduling.releases.differences import Change, against_release
from scheduler.scheduling.releases.entries import (
    drafts_of,
    scope_of,
    venue_audience,
)
from scheduler.scheduling.releases.frozen import demand_confirmed
from scheduler.scheduling.releases.frozen_queries import frozen_changes
from scheduler.scheduling.releases.notices import tell_affected
from scheduler.scheduling.releases.visitors import publish_to_visitors
from scheduler.scheduling.services import PUBLISH, is_stale, slots_of_plan
from scheduler.scheduling.timetable import performances_of
from scheduler.scheduling.verdict import Broken, broken_rules


@dataclass(frozen=True)
class Preview:
    """What publishing a draft would change, and for how many."""

    difference: Difference
    persons: int
    schools: int
    venues: int
    is_stale: bool
    broken: list[Broken]
    changes: list[Change]
    frozen: list[Change]

    @property
    def texts_only(self) -> list[EntryChange]:
        """Return the entries that change in nothing but their texts."""
        placed = {change.item.key for change in self.changes}
        changed = (*self.difference.moved, *self.difference.changed)
        return [change for change in changed if change.key not in placed]


def preview(plan: Plan, *, now: dt.datetime) -> Preview:
    """Compare a draft with what stands in everybody's calendars. Writes nothing."""
    slots = slots_of_plan(plan)
    difference = calendars.preview(scope_of(plan.programme), drafts_of(plan.programme, slots))
    kinds = [audience.kind for audience in difference.audiences]
    changes = against_release(plan.programme, slots)
    return Preview(
        difference=difference,
        persons=kinds.count("person"),
        schools=kinds.count("school"),
        venues=kinds.count("venue"),
        is_stale=is_stale(plan),
        broken=broken_rules(plan, slots),
        changes=changes,
        frozen=frozen_changes(plan.programme, changes, now=now),
    )


def begin_publication(
    plan: Plan, *, notes: str, result_url: str, actor: Actor, now: dt.datetime
) -> Job:
    """Have the worker publish the draft in its present edition; returns the job."""
    return jobs.start(
        PUBLISH,
        account_id=actor.account_id,
        now=now,
        total=1,
        result_url=result_url,
        plan_id=plan.id,
        edition=plan.edition,
        notes=notes,
        actor_name=actor.name,
    )


def publish(
    plan: Plan,
    *,
    edition: int,
    notes: str,
    actor: Actor,
    now: dt.datetime,
    secret_key: str | bytes,
    public_url: str,
) -> Release:
    """Make the draft the programme's next release and return it.

    In one transaction: the release with its slots as they are now, every changed calendar entry
    and the feeds that contain it, links for everybody who has none yet, and one mail to each
    affected address; jurors and leaders are asked to attend what is theirs. The draft stays and
    can be edited towards the next release; plans of other programmes with the same people become
    stale. Refuses a draft that breaks a rule, changes nothing, or moves something within the
    frozen zone that no second person has confirmed; raises `Conflict` if it is not the edition
    previewed.
    """
    programme = lock_with_neighbours(plan.programme)
    if plan.state is not PlanState.DRAFT:
        raise Refused(Refusal.NOT_A_DRAFT)
    if plan.edition != edition:
        raise Conflict
    slots = slots_of_plan(plan)
    broken = broken_rules(plan, slots)
    if broken:
        raise Refused(Refusal.BROKEN_RULES, count=len(broken))
    request = demand_confirmed(plan, slots, now=now)
    difference = calendars.publish(scope_of(programme), drafts_of(programme, slots), now=now)
    if difference.is_empty:
        raise Refused(Refusal.NOTHING_CHANGED)
    make_neighbours_stale(programme, difference)
    make_links(programme, slots, secret_key=secret_key, now=now)
    release = _add_release(programme, plan, slots, difference, notes, actor, now)
    if request is not None:
        request.release = release
    calendars.announce(scope_of(programme), number=release.number, notes=notes, now=now)
    publish_to_visitors(programme, now=now, public_url=public_url)
    tell_affected(release, difference, now=now)
    ask_all(programme, performances_of(release), now=now)
    record(
        "release:publish",
        account_id=actor.account_id,
        subject_type="programme",
        subject_ref=programme.code,
        now=now,
        number=release.number,
        plan=plan.ref,
        difference=release.difference,
    )
    return release


def make_links(
    programme: Programme, slots: Iterable[Slot], *, secret_key: str | bytes, now: dt.datetime
) -> None:
    """Give every person, school and venue of the timetable its page and feed, once."""
    slots = list(slots)
    application_ids = {group.id for slot in slots for group in slot.item.groups}
    people = pages_of_people(programme, application_ids)
    links.personal_links(people, secret_key=secret_key, now=now)
    shared = feeds_of_schools({id_ for slot in slots for id_ in slot.item.school_ids})
    venues = db.session.scalars(select(Venue).where(Venue.programme_id == programme.id))
    shared += [
        Subject(venue_audience(programme, venue), {"en": venue.name}, zone=programme.timezone)
        for venue in venues
    ]
    links.shared_feeds(shared, secret_key=secret_key, now=now)


def _add_release(
    programme: Programme,
    plan: Plan,
    slots: list[Slot],
    difference: Difference,
    notes: str,
    actor: Actor,
    now: dt.datetime,
) -> Release:
    last = db.session.scalar(
        select(func.max(Release.number)).where(Release.programme_id == programme.id)
    )
    release = Release(
        programme=programme,
        plan=plan,
        number=(last or 0) + 1,
        notes=notes,
        slots={slot.item.ref: _as_published(slot) for slot in slots},
        difference=_counts(difference),
        published_by=actor.account_id,
        published_at=now,
    )
    db.session.add(release)
    db.session.flush()
    return release


def _as_published(slot: Slot) -> dict[str, Any]:
    return {
        "venue": slot.venue.code,
        "warmup_room": slot.warmup_room,
        "warmup_starts_at": slot.warmup_starts_at.isoformat(),
        "warmup_ends_at": slot.warmup_ends_at.isoformat(),
        "starts_at": slot.starts_at.isoformat(),
        "ends_at": slot.ends_at.isoformat(),
        **(_of_activity(slot.item) if slot.activity else {}),
        **({"minutes": slot.allotted_minutes} if slot.allotted_minutes else {}),
    }


def _of_activity(item: Item) -> dict[str, Any]:
    return {
        "activity": item.activity.ref if item.activity else "",
        "group": item.application.ref if item.application else "",
        "number": item.number,
        "groups": [group.ref for group in item.groups],
    }


def _counts(difference: Difference) -> dict[str, Any]:
    kinds = [audience.kind for audience in difference.audiences]
    return {
        "new": len(difference.new),
        "moved": len(difference.moved),
        "changed": len(difference.changed),
        "cancelled": len(difference.cancelled),
        "unchanged": difference.unchanged,
        "persons": kinds.count("person"),
        "schools": kinds.count("school"),
    }
