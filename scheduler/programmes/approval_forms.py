"""Forms of the approval page: which levels, a level's settings, quotas, the waiting list."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.database import db
from scheduler.errors import Refused
from scheduler.formats import named
from scheduler.organisations.models import District, School
from scheduler.organisations.texts import REGIONS, STAGES
from scheduler.programmes.approval import (
    FIXED,
    ApprovalLevel,
    Concern,
    Dimension,
    LevelKind,
    Quota,
    WaitlistOrder,
)
from scheduler.programmes.approval_services import LevelDetails, QuotaDetails
from scheduler.programmes.fields import LocalTimesForm, number_field, text_field, wall_field
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.refusals import Refusal
from scheduler.programmes.texts import CONCERNS, DIMENSIONS, EACH, LEVELS, WAITLIST_ORDERS
from scheduler.web import BaseForm, select_choices

OPTIONAL_LEVELS = tuple(kind for kind in LevelKind if kind not in FIXED)


class LevelsForm(BaseForm):
    """Which levels an entry passes between the school and the organiser."""

    kinds = SelectMultipleField(
        _l("Levels between the school and the organiser"),
        choices=select_choices((kind.value, LEVELS[kind]) for kind in OPTIONAL_LEVELS),
        description=_l(
            "With at least one of them, entries pass from level to level. A school without a "
            "district does not pass the district's level."
        ),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def chosen(self) -> list[LevelKind]:
        """The levels that were ticked."""
        return [LevelKind(word) for word in self.kinds.data or ()]


class LevelForm(LocalTimesForm):
    """One level's settings."""

    closes = wall_field(
        _l("Decides until"),
        required=False,
        description=_l("Afterwards the organiser decides on what is still at this level."),
    )
    may_return = BooleanField(_l("May return entries for changes"))
    is_blind = BooleanField(
        _l("Blind: shows neither school, region, names nor people"),
        description=_l("For juries that judge a recording and must not know whose it is."),
    )

    concerns = SelectMultipleField(
        _l("Approves changes of"),
        choices=select_choices((concern.value, CONCERNS[concern]) for concern in Concern),
        description=_l(
            "If the school changes these after the level has nominated an entry, it approves the "
            "change before the entry goes on. What is not ticked is not asked again."
        ),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def details(self, zone: str) -> LevelDetails:
        """What was filled in; raises `Refused` for wall times that clocks skip or repeat."""
        wall = self.closes.data
        return LevelDetails(
            closes_at=self.instant(wall, zone, "closes") if wall is not None else None,
            may_return=bool(self.may_return.data),
            is_blind=bool(self.is_blind.data),
            concerns=tuple(Concern(word) for word in self.concerns.data or ()),
        )


class QuotaForm(BaseForm):
    """How many entries of whom a level passes on."""

    whom = SelectField(_l("For whom"))
    school = text_field(
        _l("School's code"),
        20,
        required=False,
        description=_l("Only for a quota of one school."),
    )
    category = SelectField(_l("Category"))
    places = number_field(_l("Entries at most"), 0, 10_000)

    def offer_choices(self, programme: Programme) -> None:
        """Fill the selections: each one of a kind, one of them, any other."""
        self.whom.choices = whom_choices()
        categories = [(category.code, named(category.names)) for category in programme.categories]
        self.category.choices = select_choices([("", _("All categories")), *categories])

    def details(self, programme: Programme) -> QuotaDetails:
        """What was filled in; raises `Refused` for a school that there is not."""
        word, _colon, key = str(self.whom.data).partition(":")
        dimension = Dimension(word)
        if key == ONE:
            key = self._school_code()
        chosen = self.category.data
        return QuotaDetails(
            dimension=dimension,
            key=key or None,
            category=next((each for each in programme.categories if each.code == chosen), None),
            places=int(self.places.data or 0),
        )

    def _school_code(self) -> str:
        code = str(self.school.data or "")
        found = db.session.scalar(select(School.code).where(School.code == code))
        if found is None:
            raise Refused(Refusal.SCHOOL_UNKNOWN, field="school")
        return found


class WaitlistForm(BaseForm):
    """How waiting lists are ordered and how they move on."""

    order = SelectField(
        _l("Order of the waiting list"), choices=select_choices(WAITLIST_ORDERS.items())
    )
    is_automatic = BooleanField(
        _l("Offer a free place by itself to the first in line that fits"),
        description=_l("Otherwise coordinators offer places by hand."),
    )
    offer_hours = number_field(
        _l("An offer stands for (hours)"),
        0,
        24 * 60,
        description=_l("0: the place is given at once, without asking the school."),
    )

    def chosen_order(self) -> WaitlistOrder:
        """The order that was chosen."""
        return WaitlistOrder(self.order.data)


ONE = "one"


def whom_choices() -> list[Any]:
    """Return for whom a quota can be set, grouped."""
    found = [SelectChoice(f"{each}:", str(EACH[each])) for each in EACH]
    found.append(SelectChoice(f"{Dimension.SCHOOL}:{ONE}", _("One school, by its code")))
    rows = db.session.execute(select(District.code, District.name).order_by(District.code))
    groups: list[tuple[Dimension, list[tuple[str, str]]]] = [
        (Dimension.DISTRICT, [(code, name) for code, name in rows]),
        (Dimension.REGION, [(region.value, str(label)) for region, label in REGIONS.items()]),
        (Dimension.STAGE, [(stage, str(label)) for stage, label in STAGES.items()]),
    ]
    for dimension, options in groups:
        group = str(DIMENSIONS[dimension])
        found += [
            SelectChoice(f"{dimension}:{key}", label, optgroup=group) for key, label in options
        ]
    return found


def quota_label(quota: Quota, districts: dict[str, str]) -> str:
    """Return for whom a quota holds, in words."""
    if quota.key is None:
        return str(EACH[quota.dimension])
    names: dict[str, Any] = {
        Dimension.DISTRICT: districts,
        Dimension.REGION: REGIONS,
        Dimension.STAGE: STAGES,
    }
    return str(names.get(quota.dimension, {}).get(quota.key, quota.key))


def district_names() -> dict[str, str]:
    """Return the districts' names by code."""
    rows = db.session.execute(select(District.code, District.name))
    return {row.code: row.name for row in rows}


def level_values(level: ApprovalLevel) -> dict[str, Any]:
    """Return what the form shows of a level, but its deadline."""
    return {
        "may_return": level.may_return,
        "is_blind": level.is_blind,
        "concerns": level.concerns,
    }


def category_label(category: Category | None) -> str:
    """Return a quota's category in words."""
    return named(category.names) if category else _("All categories")
