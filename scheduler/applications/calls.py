"""What a school sees: every open call, its own entries, what they lack, and who acts next."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, raiseload

from scheduler.applications.completeness import Missing
from scheduler.applications.corrections import unchanged_by_id
from scheduler.applications.entry_facts import missing_by_id
from scheduler.applications.forms_stored import specs_of
from scheduler.applications.guests import unanswered_by_id
from scheduler.applications.models import Application, Result
from scheduler.applications.published import performance_by_id
from scheduler.applications.queries import Tally, ended_by_id, tallies, waitlist_rank_by_id
from scheduler.applications.required_consents import missing_required_by_id
from scheduler.applications.results import released_results
from scheduler.applications.texts import field_list
from scheduler.applications.workflow import Action, State
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from scheduler.formats import named
from scheduler.organisations.models import School
from scheduler.programmes.form_fields import is_mark
from scheduler.programmes.kinds import DateKind
from scheduler.programmes.milestones import Milestone, milestones_by_id
from scheduler.programmes.models import Programme

DUE = (State.RETURNED, State.DRAFT)
"""States in which the school has to complete and submit, the most pressing first."""

ASKED = (*DUE, State.ACCEPTED)
"""States in which something may be missing: of accepted groups what is asked only of them."""


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """An entry of the school, what it lacks now, its place in the line, and what was marked.

    `unchanged` are the marked fields, in words, that nobody has changed; `performance` is what is
    published. `invited` are the schools whose answer to an invitation is still open; `lacking`
    counts the pupils whose required consent holds up the confirmation of an accepted group. A
    withdrawn entry says by which step it left (`ended_by`).
    """

    application: Application
    missing: tuple[Missing, ...]
    rank: int | None
    result: Result | None = None
    marked: str = ""
    unchanged: str = ""
    performance: CalendarEntry | None = None
    invited: Sequence[str] = ()
    lacking: int = 0
    ended_by: Action | None = None

    @property
    def is_due(self) -> bool:
        """Tell whether the school has to do something."""
        return self.application.state in DUE

    @property
    def is_offered(self) -> bool:
        """Tell whether a place is held for the group until the school takes it."""
        return self.application.state is State.OFFERED

    @property
    def is_unconfirmed(self) -> bool:
        """Tell whether the group has a place and the school has not said that it comes."""
        is_accepted = self.application.state is State.ACCEPTED
        return is_accepted and self.application.confirmed_at is None


@dataclass(frozen=True, slots=True)
class Call:
    """A programme that a school can enter, or has entered; `confirm_by` is None without a date.

    `has_earlier_entries`: the school was in a programme before it, so that people can be copied.
    """

    programme: Programme
    window: str
    tallies: list[Tally]
    entries: list[OwnEntry]
    milestones: list[Milestone]
    has_earlier_entries: bool = False

    @property
    def due(self) -> int:
        """Return how many entries the school has to do something about."""
        return sum(entry.is_due for entry in self.entries)

    @property
    def confirm_by(self) -> dt.datetime | None:
        """Return until when accepted groups are to be confirmed."""
        dates = {milestone.code: milestone.at for milestone in self.milestones}
        return dates.get(DateKind.CONFIRM_BY)

    @property
    def unconfirmed(self) -> list[OwnEntry]:
        """Return the accepted groups that the school still has to confirm."""
        if self.confirm_by is None:
            return []
        return [entry for entry in self.entries if entry.is_unconfirmed]


def window_state(programme: Programme, now: dt.datetime) -> str:
    """Return `upcoming`, `open` or `closed`."""
    if now < programme.entry_opens_at:
        return "upcoming"
    return "open" if programme.is_open_at(now) else "closed"


def schools_of(school_ids: Collection[int]) -> list[School]:
    """Return the schools by name."""
    query = select(School).where(School.id.in_(school_ids)).order_by(School.name)
    return list(db.session.scalars(query.options(joinedload(School.district))))


def calls_by_school(school_ids: Collection[int], *, now: dt.datetime) -> dict[int, list[Call]]:
    """Return each school's calls: what is or will be open, and whatever it has entered."""
    entries = _own_entries(school_ids)
    programmes = _programmes({entry.application.programme_id for entry in entries}, now)
    tally_by_programme = tallies([programme.id for programme in programmes])
    milestones = milestones_by_id(programmes)
    starts = {programme.id: programme.starts_on for programme in programmes}
    own: dict[int, dict[int, list[OwnEntry]]] = {school_id: {} for school_id in school_ids}
    for entry in entries:
        by_programme = own[entry.application.school_id]
        by_programme.setdefault(entry.application.programme_id, []).append(entry)
    return {
        school_id: [
            Call(
                programme,
                window_state(programme, now),
                tally_by_programme[programme.id],
                by_programme.get(programme.id, []),
                milestones[programme.id],
                any(starts[entered] < programme.starts_on for entered in by_programme),
            )
            for programme in programmes
        ]
        for school_id, by_programme in own.items()
    }


def _own_entries(school_ids: Collection[int]) -> list[OwnEntry]:
    applications = db.session.scalars(
        select(Application)
        .where(Application.school_id.in_(school_ids))
        .options(joinedload(Application.category), joinedload(Application.level), raiseload("*"))
        .order_by(Application.group_name, Application.id)
    ).all()
    missing = missing_by_id([each for each in applications if each.state in ASKED])
    labels = _labels(applications)
    ranks = waitlist_rank_by_id([each.id for each in applications])
    results = released_results([each.id for each in applications])
    unchanged = unchanged_by_id(applications)
    invited = unanswered_by_id([each for each in applications if each.state in DUE])
    accepted = [each for each in applications if each.state is State.ACCEPTED]
    performances = performance_by_id(accepted)
    lacking = missing_required_by_id([a.id for a in accepted if a.confirmed_at is None])
    ended = ended_by_id(applications)
    entries = [
        OwnEntry(
            each,
            tuple(m for m in missing.get(each.id, ()) if each.state in DUE or m.is_later),
            ranks.get(each.id),
            results.get(each.id),
            field_list(each.returned_fields, labels.get(each.programme_id)),
            field_list(unchanged.get(each.id, ()), labels.get(each.programme_id)),
            performances.get(each.id),
            invited.get(each.id, ()),
            lacking.get(each.id, 0),
            ended.get(each.id),
        )
        for each in applications
    ]
    order = {state: place for place, state in enumerate((State.OFFERED, *DUE))}
    return sorted(entries, key=lambda entry: order.get(entry.application.state, len(order)))


def _labels(applications: Iterable[Application]) -> dict[int, dict[str, str]]:
    """Return the labels of programmes' own fields where entries were returned for them."""
    marked = {a.programme_id for a in applications if any(map(is_mark, a.returned_fields))}
    return {
        programme_id: {spec.mark: named(dict(spec.names)) for spec in specs_of(programme_id)}
        for programme_id in sorted(marked)
    }


def _programmes(entered: Collection[int], now: dt.datetime) -> list[Programme]:
    query = (
        select(Programme)
        .where(or_(Programme.entry_closes_at > now, Programme.id.in_(entered)))
        .order_by(Programme.entry_closes_at.desc(), Programme.id)
        .options(raiseload("*"))
    )
    return list(db.session.scalars(query))
