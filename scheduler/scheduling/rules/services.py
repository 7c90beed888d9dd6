"""Reads and keeps what a programme has chosen for the rules of its timetable."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import delete, select

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.programmes import writing
from scheduler.programmes.editions import EditionCopy, on_copy
from scheduler.programmes.models import Programme
from scheduler.scheduling.rules.models import PlanningRule
from scheduler.scheduling.rules.offered import OFFERS, Choice, Choices, RuleCode, Strength


def choices_of(programme: Programme) -> dict[RuleCode, Choice]:
    """Return what is chosen for every rule, the default where nobody chose."""
    kept = select(PlanningRule).where(PlanningRule.programme_id == programme.id)
    chosen = {row.code: _choice(row) for row in db.session.scalars(kept)}
    return {code: chosen.get(code, offer.default) for code, offer in OFFERS.items()}


def _choice(row: PlanningRule) -> Choice:
    if not row.is_on:
        return Choice(Strength.OFF, minutes=row.minutes)
    strength = Strength.HOLDS if row.weight is None else Strength.WISH
    return Choice(strength, row.weight, row.minutes)


def choose(programme: Programme, choices: Choices, *, actor: Actor, now: dt.datetime) -> None:
    """Keep the choices. Drafts and the release that stands are then out of date, if any differs."""
    writing.hold(programme)
    before = choices_of(programme)
    changed = [code for code in OFFERS if choices[code] != before[code]]
    if not changed:
        return
    db.session.execute(delete(PlanningRule).where(PlanningRule.programme_id == programme.id))
    db.session.add_all(_rows(programme, choices))
    db.session.flush()
    writing.make_plans_stale(programme)
    was, now_is = ({str(c): _words(one[c]) for c in changed} for one in (before, choices))
    writing.record("programme:planning_rules", programme, actor, now, before=was, after=now_is)


def _rows(programme: Programme, choices: Mapping[RuleCode, Choice]) -> list[PlanningRule]:
    return [
        PlanningRule(
            programme_id=programme.id,
            code=code,
            is_on=choice.is_on,
            weight=choice.price or None,
            minutes=choice.minutes,
        )
        for code, choice in choices.items()
        if choice != OFFERS[code].default
    ]


def _words(choice: Choice) -> list[str | int]:
    numbers = (number for number in (choice.price, choice.minutes) if number)
    return [str(choice.strength), *numbers]


def copy_rules(copy: EditionCopy) -> None:
    """Take over what the edition before had chosen."""
    db.session.add_all(_rows(copy.edition, choices_of(copy.source)))


on_copy(copy_rules)
