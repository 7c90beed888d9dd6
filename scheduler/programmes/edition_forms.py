"""What coordinators fill in about series, copies of editions, named dates and levels."""

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SubmitField,
)
from wtforms.validators import InputRequired, Optional

from scheduler.programmes.date_services import DateRules
from scheduler.programmes.fields import (
    MISSING,
    NAME_FIELDS,
    LocalTimesForm,
    NamedForm,
    name_values,
    number_field,
    percent_field,
    sensible_year,
    text_field,
    wall_field,
)
from scheduler.programmes.forms import code_field
from scheduler.programmes.kinds import DateKind, DayCount, OrganisationRole, WithdrawalRule
from scheduler.programmes.models import Names, OutcomeLevel, Programme
from scheduler.programmes.texts import (
    DATE_KINDS,
    DAY_COUNTS,
    ORGANISATION_ROLES,
    WITHDRAWAL_RULES,
)
from scheduler.programmes.venue_forms import BLANK_ROWS, Row
from scheduler.web import BaseForm, select_choices

DAYS, WEEKDAY = "days", "weekday"


class SeriesForm(NamedForm):
    code = code_field(32, _l("Stands in addresses, such as festival. It cannot be changed later."))


class CopyForm(NamedForm):
    code = code_field(32, _l("Stands in addresses. It cannot be changed later."))
    starts_on = DateField(
        _l("First day of the new edition"), validators=[InputRequired(MISSING), sensible_year]
    )
    moves = RadioField(_l("The entry window and the named dates move"), default=WEEKDAY)
    shown = HiddenField(validators=[Optional()])
    copy = SubmitField(_l("Make the new edition"))
    preview = SubmitField(_l("Show the moved dates"))

    def offer_choices(self) -> None:
        """Fill in the two ways to move."""
        self.moves.choices = select_choices(
            [
                (WEEKDAY, _l("to the same weekday, by whole weeks")),
                (DAYS, _l("by the same number of days as the first day")),
            ]
        )

    @property
    def asked(self) -> str:
        """What the shown dates depend on: only dates that were shown are made."""
        return f"{self.starts_on.data} {self.moves.data}"


class DatesForm(LocalTimesForm):
    """A field per named date; those left empty are not set."""

    public_notice_days = number_field(_l("Days of the public notice"), 1, 60)
    public_notice_counts = SelectField(_l("Counted as"))
    withdrawal_rule = SelectField(_l("Withdrawal of accepted groups"))
    substitution_percent = percent_field(_l("Substitutions at most, in percent of the pupils"))
    passes_on_unconfirmed = BooleanField(
        _l("A place that the school does not confirm by the date passes on to the next in line"),
        description=_l(
            "Schools are reminded three days before. Otherwise you only see who is overdue."
        ),
    )

    def offer_choices(self) -> None:
        """Fill the selections."""
        self.public_notice_counts.choices = select_choices(DAY_COUNTS.items())
        self.withdrawal_rule.choices = select_choices(WITHDRAWAL_RULES.items())
        self.offer_repeated()

    def dates(self, zone: str) -> dict[DateKind, dt.datetime]:
        """What was filled in; raises `Refused` for wall times that clocks skip or repeat."""
        return {
            kind: self.instant(self[kind.value].data, zone, kind.value)
            for kind in DateKind
            if self[kind.value].data is not None
        }

    @property
    def rules(self) -> DateRules:
        """The rules that were chosen."""
        return DateRules(
            int(self.public_notice_days.data or 0),
            DayCount(self.public_notice_counts.data),
            WithdrawalRule(self.withdrawal_rule.data),
            self.substitution_percent.data,
            passes_on_unconfirmed=bool(self.passes_on_unconfirmed.data),
        )


for _kind in DateKind:
    setattr(DatesForm, _kind.value, wall_field(DATE_KINDS[_kind], required=False))


def date_values(programme: Programme) -> dict[str, Any]:
    """Return what the form shows of the stored rules."""
    return {
        "public_notice_days": programme.public_notice_days,
        "public_notice_counts": programme.public_notice_counts.value,
        "withdrawal_rule": programme.withdrawal_rule.value,
        "substitution_percent": programme.substitution_percent,
        "passes_on_unconfirmed": programme.passes_on_unconfirmed,
    }


class PartForm(BaseForm):
    organisation = SelectField(_l("Organisation"))
    role = SelectField(_l("Part"))

    def offer_choices(self, organisations: list[tuple[str, str]]) -> None:
        """Fill the selections."""
        self.organisation.choices = select_choices(organisations)
        self.role.choices = select_choices(ORGANISATION_ROLES.items())

    @property
    def part(self) -> OrganisationRole:
        """The role that was chosen."""
        return OrganisationRole(self.role.data)


class LevelRow(Row):
    """One level; a row without a name is none. `key` leads to the stored level."""

    key = HiddenField()
    name_en = text_field(_l("Name in English"), 120, required=False)
    name_zh_hans = text_field(_l("Name in simplified Chinese"), 120, required=False)
    name_zh_hant = text_field(_l("Name in traditional Chinese"), 120, required=False)

    @property
    def names(self) -> Names:
        """The names that were filled in; one stands in for a missing English one."""
        filled = {locale: str(self[name].data or "") for name, locale in NAME_FIELDS.items()}
        present = {locale: name for locale, name in filled.items() if name}
        return {"en": next(iter(present.values()))} | present if present else {}


class LevelsForm(BaseForm):
    rows = FieldList(
        FormField(LevelRow),
        label=_l("Levels"),
        description=_l("The highest first. Clear a row to remove a level nobody has been given."),
    )

    def show(self, levels: list[OutcomeLevel]) -> None:
        """Fill the rows with what is stored, and leave some blank."""
        for level in levels:
            self.rows.append_entry({"key": str(level.id), **name_values(level.names)})
        for _row in range(BLANK_ROWS):
            self.rows.append_entry()

    @property
    def levels(self) -> list[tuple[int | None, Names]]:
        """The filled rows: the stored level's key, if there is one, and the names."""
        rows = [(row.form.key.data or "", row.form.names) for row in self.rows]
        return [(int(key) if key.isdigit() else None, names) for key, names in rows if names]
