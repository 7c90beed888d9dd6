"""Categories of a programme: added, changed, put in order, removed. No Flask here."""

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import func, select

from scheduler.access.permissions import Actor
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.programmes import writing
from scheduler.programmes.kinds import (
    AgeRule,
    Allocation,
    CategoryKind,
    OutcomeKind,
    SealedForm,
    alike,
)
from scheduler.programmes.models import Category, Names, Programme
from scheduler.programmes.refusals import Refusal


@dataclass(frozen=True)
class CategoryDetails:
    """What stands in a category's form. The code is chosen once: workbooks name it."""

    code: str
    names: Names
    kind: CategoryKind
    places: int
    min_members: int
    max_members: int
    max_works: int
    max_minutes: int
    changeover_minutes: int
    born_from: dt.date | None = None
    born_to: dt.date | None = None
    is_primary: bool = False
    needs_conductor: bool = False
    needs_accompanist: bool = False
    counts_persons: bool = False
    allocation: Allocation = Allocation.DECISION
    is_joint: bool = False
    age_rule: AgeRule = AgeRule.BORN_BETWEEN
    age_on: dt.date | None = None
    age_min: int | None = None
    age_max: int | None = None
    grade_from: int | None = None
    grade_to: int | None = None
    play_up_groups: int = 0
    min_advisers: int = 0
    max_advisers: int = 2
    min_chaperones: int = 0
    outcome: OutcomeKind | None = None
    sealed_form: SealedForm = SealedForm.NONE


PLANNED = frozenset({"max_minutes", "changeover_minutes", "is_primary"})
"""A plan made before one of these was changed is stale."""


def find_category(code: str, category: str) -> Category:
    """Return a programme's category by both codes; raises `NotFound`."""
    found = db.session.scalar(
        select(Category).join(Programme).where(Programme.code == code, Category.code == category)
    )
    if found is None:
        raise NotFound
    return found


def add_category(
    programme: Programme, details: CategoryDetails, *, actor: Actor, now: dt.datetime
) -> Category:
    """Add a category at the end of the programme's list; refuses a code that is in use."""
    _check(details)
    last = db.session.scalar(
        select(func.max(Category.position)).where(Category.programme_id == programme.id)
    )
    category = Category(**asdict(details), programme_id=programme.id, position=(last or 0) + 1)
    db.session.add(category)
    writing.flush_or_refuse(Refusal.CODE_TAKEN, field="code")
    writing.record("category:add", programme, actor, now, category=category.code)
    return category


def change_category(
    category: Category, details: CategoryDetails, *, actor: Actor, now: dt.datetime
) -> None:
    """Take over all details but the code; stages' minutes make plans stale.

    Entries stay as they are: those that break a new limit are told so when they are submitted.
    Refuses fewer places than groups have been accepted.
    """
    details = replace(details, code=category.code)
    _check(details)
    if details.counts_persons != category.counts_persons and category.places_taken:
        raise Refused(Refusal.PLACES_COUNTED_OTHERWISE, field="counts_persons")
    if details.kind not in alike(category.kind):
        raise Refused(Refusal.KIND_OF_OTHER_FAMILY, field="kind")
    # Held until the commit: a decision that is being made counts the same places.
    db.session.refresh(category, with_for_update=True)
    if details.places < category.places_taken:
        raise Refused(Refusal.PLACES_BELOW_TAKEN, field="places", taken=category.places_taken)
    before = _facts(category)
    for key, value in asdict(details).items():
        setattr(category, key, value)
    changed = writing.changes(before, _facts(category))
    db.session.flush()
    if not changed:
        return
    if PLANNED.intersection(changed):
        writing.make_plans_stale(category.programme)
    writing.record(
        "category:change", category.programme, actor, now, category=category.code, fields=changed
    )


def move_category(category: Category, step: int, *, actor: Actor, now: dt.datetime) -> None:
    """Move a category up (-1) or down (1) in the list that schools see; ends stay ends."""
    order = list(
        db.session.scalars(
            select(Category)
            .where(Category.programme_id == category.programme_id)
            .order_by(Category.position, Category.id)
        )
    )
    place = order.index(category)
    target = min(max(place + step, 0), len(order) - 1)
    order.insert(target, order.pop(place))
    for position, each in enumerate(order, start=1):
        each.position = position
    db.session.flush()
    if target != place:
        writing.record("category:move", category.programme, actor, now, category=category.code)


def remove_category(category: Category, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a category in which nobody has entered; otherwise refuses."""
    programme, code = category.programme, category.code
    db.session.delete(category)
    writing.flush_or_refuse(Refusal.CATEGORY_IN_USE)
    writing.record("category:remove", programme, actor, now, category=code)


def _check(details: CategoryDetails) -> None:
    if details.max_members < details.min_members:
        raise Refused(Refusal.SIZE_ORDER, field="max_members")
    if details.max_advisers < details.min_advisers:
        raise Refused(Refusal.ADVISERS_ORDER, field="max_advisers")
    _check_ages(details)


def _check_ages(details: CategoryDetails) -> None:
    for field in _NEEDED_BY_RULE.get(details.age_rule, ()):
        if getattr(details, field) is None:
            raise Refused(Refusal.AGE_RULE_INCOMPLETE, field=field)
    for lowest, highest, refusal in (
        ("born_from", "born_to", Refusal.BIRTH_ORDER),
        ("age_min", "age_max", Refusal.AGE_ORDER),
        ("grade_from", "grade_to", Refusal.GRADE_ORDER),
    ):
        one, other = getattr(details, lowest), getattr(details, highest)
        if one is not None and other is not None and other < one:
            raise Refused(refusal, field=highest)


_NEEDED_BY_RULE = {
    AgeRule.AGE_ON_DATE: ("age_on", "age_max"),
    AgeRule.BIRTH_YEAR: ("age_max",),
    AgeRule.GRADE: ("grade_from", "grade_to"),
}


def _facts(category: Category) -> dict[str, Any]:
    return {key: getattr(category, key) for key in CategoryDetails.__dataclass_fields__}
