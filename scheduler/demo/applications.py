"""Applications of the demo with their pupils, adults, works, and history."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole, Piece
from scheduler.applications.workflow import Action, State
from scheduler.demo import form, repertoire
from scheduler.demo.accounts import COORDINATOR, Staff
from scheduler.demo.adults import Team, add_teams
from scheduler.demo.entries import RESULTS, Entry
from scheduler.demo.festival import Festival
from scheduler.demo.people import grade
from scheduler.demo.programme import CATEGORIES
from scheduler.demo.writing import add_all

MINUTES_BY_KIND: dict[str, int] = {category[0]: category[5] for category in CATEGORIES}

ENTERED_BEFORE = dt.timedelta(days=24)
SUBMITTED_BEFORE = dt.timedelta(days=13)
BY_SCHOOL = frozenset({Action.CREATE, Action.SUBMIT, Action.WITHDRAW, Action.EDIT})


@dataclass(frozen=True)
class Step:
    """One line of an application's history."""

    at: dt.datetime
    action: Action
    from_state: State | None
    to_state: State


def add_applications(
    festival: Festival,
    entries: list[Entry],
    staff: Staff,
    *,
    programme_id: int,
    category_ids: dict[str, int],
    school_ids: dict[str, int],
    person_ids: dict[str, int],
    now: dt.datetime,
) -> dict[str, int]:
    """Add everything that was entered; return the applications' ids by their reference."""
    steps = {entry.key: _steps(entry, number, now) for number, entry in enumerate(entries)}
    rows = [
        _application(entry, steps[entry.key], festival)
        | {
            "programme_id": programme_id,
            "category_id": category_ids[entry.kind],
            "school_id": school_ids[entry.school],
        }
        for entry in entries
    ]
    ids = dict(zip(steps, add_all(Application, rows), strict=True))
    teams = add_teams(festival, entries, school_ids, created_at=now)
    add_all(
        Member,
        [
            row
            for entry in entries
            for row in _members(
                entry, ids[entry.key], festival, person_ids=person_ids, team=teams[entry.key]
            )
        ],
    )
    add_all(Piece, [row for e in entries for row in _pieces(e, ids[e.key], festival)])
    add_all(
        HistoryEntry,
        [row for e in entries for row in _history(e, ids[e.key], steps[e.key], staff)],
    )
    return ids


def _steps(entry: Entry, number: int, now: dt.datetime) -> list[Step]:
    """Spread entries over the days and hours of offices, decisions over one meeting."""
    spread = dt.timedelta(hours=number * 3 % 72, minutes=number * 7)
    entered = now - ENTERED_BEFORE + spread
    steps = [Step(entered, Action.CREATE, None, State.DRAFT)]
    state = State.DRAFT
    if entry.is_submitted:
        submitted = now - SUBMITTED_BEFORE + spread
        steps.append(Step(submitted, Action.SUBMIT, state, State.SUBMITTED))
        state = State.SUBMITTED
    for days, action in entry.story:
        at = now - dt.timedelta(days=days) + dt.timedelta(minutes=2 * number)
        steps.append(Step(at, action, state, RESULTS[action]))
        state = RESULTS[action]
    return steps


def _application(entry: Entry, steps: list[Step], festival: Festival) -> dict[str, Any]:
    school = festival.schools[entry.school]
    is_returned = entry.state is State.RETURNED
    submitted = [step.at for step in steps if step.action is Action.SUBMIT]
    decided = [step.at for step in steps[1:] if step.action is not Action.SUBMIT]
    return {
        "ref": entry.key,
        "group_name": repertoire.group_name(entry.kind, school),
        "state": entry.state,
        "version": len(steps),
        "waitlist_position": entry.place,
        "places_held": 1 if entry.state is State.ACCEPTED else 0,
        "voicing": entry.voicing,
        "introduction": None,
        "equipment": repertoire.EQUIPMENT[entry.kind],
        "returned_fields": list(entry.fields) if is_returned else [],
        "returned_message": entry.reason if is_returned else None,
        "answers": form.group_answers(entry),
        "created_at": steps[0].at,
        "changed_at": steps[-1].at,
        "submitted_at": submitted[-1] if submitted else None,
        "decided_at": decided[-1] if decided else None,
    }


def _members(
    entry: Entry,
    application_id: int,
    festival: Festival,
    *,
    person_ids: dict[str, int],
    team: Team,
) -> list[dict[str, Any]]:
    school = festival.schools[entry.school]
    parts = repertoire.parts(entry.kind, entry.voicing, len(entry.members))
    pupils = [
        (person_ids[pupil], MemberRole.PUPIL, part, grade(festival.pupils[pupil].born, school))
        for pupil, part in zip(entry.members, parts, strict=True)
    ]
    adults = [(person_id, role, None, None) for role, person_id in team.roles]
    return [
        {
            "application_id": application_id,
            "person_id": person_id,
            "role": role,
            "position": position,
            "part": part,
            "grade": grade_then,
            "answers": form.member_answers(entry, position) if role is MemberRole.PUPIL else {},
        }
        for position, (person_id, role, part, grade_then) in enumerate((*pupils, *adults), start=1)
    ]


def _pieces(entry: Entry, application_id: int, festival: Festival) -> list[dict[str, Any]]:
    chance = random.Random(entry.key)  # noqa: S311 - the same demo every time
    school = festival.schools[entry.school]
    works = repertoire.works(entry.kind, school, MINUTES_BY_KIND[entry.kind], chance)
    needs_work = "pieces" in entry.fields
    return [
        {
            "application_id": application_id,
            "position": position,
            "title": work.title,
            "composer": None if needs_work and position > 1 else work.composer,
            "duration_seconds": work.seconds,
        }
        for position, work in enumerate(works, start=1)
    ]


def _history(
    entry: Entry, application_id: int, steps: list[Step], staff: Staff
) -> list[dict[str, Any]]:
    officer = (staff.officer_ids[entry.school], staff.officer_names[entry.school])
    coordinator = (staff.coordinator_id, COORDINATOR.name)
    rows = []
    for step in steps:
        account_id, name = officer if step.action in BY_SCHOOL else coordinator
        is_told = step is steps[-1] or step.action is Action.RETURN
        rows.append(
            {
                "application_id": application_id,
                "at": step.at,
                "account_id": account_id,
                "actor_name": name,
                "action": step.action,
                "from_state": step.from_state,
                "to_state": step.to_state,
                "reason": entry.reason if is_told else None,
                "fields": list(entry.fields) if step.action is Action.RETURN else [],
            }
        )
    return rows
