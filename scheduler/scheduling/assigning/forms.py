"""What coordinators fill in about assignments, their options, and who wishes what."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from scheduler.errors import Refused
from scheduler.formats import named
from scheduler.programmes.fields import MISSING, WHOLE_NUMBER, RowsForm, text_field
from scheduler.programmes.models import Programme
from scheduler.programmes.refusals import Refusal as ProgrammeRefusal
from scheduler.programmes.venue_forms import Row
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.assigning.entering import OptionDetails, ParticipantDetails
from scheduler.scheduling.assigning.models import Goal, Takers, WishAssignment
from scheduler.scheduling.assigning.option_names import option_text
from scheduler.scheduling.assigning.services import AssignmentDetails
from scheduler.scheduling.assigning.sheets import MOST_WISHES, Says
from scheduler.scheduling.assigning.taking_part import Candidate
from scheduler.scheduling.items import names_of
from scheduler.seen_forms import SeenForm
from scheduler.web import BaseForm, select_choices, whole_number

TAKERS: Mapping[Takers, LazyString] = {
    Takers.PUPILS: _l("Pupils of accepted groups"),
    Takers.GROUPS: _l("Accepted groups"),
    Takers.STAFF: _l("Jurors and other staff"),
}
GOALS: Mapping[Goal, LazyString] = {
    Goal.MOST_WISHES: _l("As many high wishes as possible, all in all"),
    Goal.WORST_OFF: _l("As few people as possible far down their wishes"),
}
SAYINGS: Mapping[Says, LazyString] = {
    Says.WISHES: _l("Wishes: who, then the options, the dearest first"),
    Says.BARRED: _l("Not possible: who, then the options that must not be given"),
    Says.TOGETHER: _l("Together: each line names those who get the same option"),
    Says.APART: _l("Apart: each line names those who get different options"),
}

MOST_OPTIONS = 200
LARGEST_ROOM = 10_000
BLANK_OPTIONS = 4
LONGEST_SHEET = 400_000


class AssignmentForm(SeenForm):
    """What is given to whom, and what counts as best."""

    name = text_field(_l("Name"), 120, description=_l("Such as “Workshops on Saturday”."))
    takers = RadioField(_l("Who takes part"), choices=select_choices(TAKERS.items()))
    category = SelectField(_l("Only of the category"), validators=[Optional()])
    goal = RadioField(
        _l("What is best"), choices=select_choices(GOALS.items()), default=Goal.MOST_WISHES
    )
    gives_unwished = BooleanField(
        _l("Somebody may be given an option that they did not wish"), default=True
    )
    leaves_out = BooleanField(
        _l("Somebody may be left without an option"),
        description=_l("Only as a last resort. Otherwise everybody must get one."),
    )
    school_most = IntegerField(
        _l("At most so many of one school in one option"),
        validators=[Optional(), NumberRange(1, LARGEST_ROOM, WHOLE_NUMBER)],
        description=_l("Left empty: as many as there is room for."),
        render_kw={"min": 1, "max": LARGEST_ROOM},
    )

    def offer_choices(self, programme: Programme) -> None:
        """Fill in the categories."""
        self.category.choices = select_choices(
            [("", _l("all")), *((each.code, named(each.names)) for each in programme.categories)]
        )

    def details(self, programme: Programme, takers: Takers | None = None) -> AssignmentDetails:
        """What was filled in; `takers` stands in where the form does not ask for them."""
        return AssignmentDetails(
            name=str(self.name.data),
            takers=takers or Takers(self.takers.data),
            category=next((c for c in programme.categories if c.code == self.category.data), None),
            goal=Goal(self.goal.data),
            gives_unwished=bool(self.gives_unwished.data),
            leaves_out=bool(self.leaves_out.data),
            school_most=self.school_most.data,
        )


class OptionRow(Row):
    """An option; `key` says which one it was."""

    key = HiddenField()
    code = text_field(_l("Code"), 20, required=False)
    name = text_field(_l("Name"), 120, required=False)
    activity = SelectField(_l("Activity"), validators=[Optional()])
    least = IntegerField(
        _l("At least"), validators=[Optional(), NumberRange(0, LARGEST_ROOM, WHOLE_NUMBER)]
    )
    most = IntegerField(
        _l("At most"), validators=[Optional(), NumberRange(1, LARGEST_ROOM, WHOLE_NUMBER)]
    )

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was filled in that anybody can see."""
        return not any(field.data for field in self if field.short_name != "key")


class OptionsForm(RowsForm, SeenForm):
    """All options of an assignment."""

    rows = FieldList(
        FormField(OptionRow),
        label=_l("Options"),
        description=_l(
            "Sheets of wishes name options by their codes. An activity of the timetable gives its "
            "name where none is entered. Clear a row to remove the option with its wishes."
        ),
        max_entries=MOST_OPTIONS,
    )

    def show(self, assignment: WishAssignment) -> None:
        """Fill the rows with what is stored, and leave some blank."""
        for each in assignment.options:
            self.rows.append_entry(
                {
                    "key": str(each.id),
                    "code": each.code,
                    "name": each.name,
                    "activity": each.activity.ref if each.activity else "",
                    "least": each.least,
                    "most": each.most,
                }
            )
        for _row in range(min(BLANK_OPTIONS, MOST_OPTIONS - len(assignment.options))):
            self.rows.append_entry()

    def offer_choices(self, activities: Mapping[str, PlannedActivity]) -> None:
        """Fill in the activities of every row."""
        known = [(ref, named(names_of(each))) for ref, each in activities.items()]
        for row in self.rows:
            row.form.activity.choices = select_choices([("", "–"), *known])

    def details(self, activities: Mapping[str, PlannedActivity]) -> list[OptionDetails]:
        """Return the filled rows; raises `Refused` at the first that is not whole."""
        found = []
        for number, entry in enumerate(self.rows):
            row: OptionRow = entry.form
            if row.is_blank:
                continue
            for key in ("code", "most"):
                if not row[key].data:
                    raise Refused(ProgrammeRefusal.ROW_INCOMPLETE, field=f"rows-{number}-{key}")
            found.append(
                OptionDetails(
                    row=number,
                    key=whole_number(row.key.data or "") or 0,
                    code=str(row.code.data),
                    name=row.name.data or "",
                    activity=activities.get(row.activity.data or ""),
                    least=row.least.data or 0,
                    most=int(row.most.data or 0),
                )
            )
        return found


class SheetForm(BaseForm):
    """Lines from a spreadsheet, and what they say."""

    says = RadioField(
        _l("What the lines say"), choices=select_choices(SAYINGS.items()), default=Says.WISHES
    )
    text = TextAreaField(
        _l("Lines"),
        validators=[DataRequired(MISSING), Length(max=LONGEST_SHEET)],
        description=_l(
            "Copied from a spreadsheet, or typed with semicolons or commas between the cells. "
            "People and groups are named by reference, or by a name that nobody else has; options "
            "by code or name."
        ),
        render_kw={"rows": 12, "maxlength": LONGEST_SHEET},
    )


class SearchForm(BaseForm):
    """By which lot equally good assignments are told apart."""

    seed = IntegerField(
        _l("Seed"),
        validators=[InputRequired(MISSING), NumberRange(0, 2_000_000_000, WHOLE_NUMBER)],
        description=_l(
            "Where several assignments are equally good, it decides which one is found. The same "
            "wishes and seed give the same result."
        ),
        render_kw={"min": 0, "max": 2_000_000_000},
    )


class ParticipantForm(SeenForm):
    """What one who takes part wishes; `participant_form` adds the wishes."""

    ranks: tuple[str, ...] = ()
    barred = SelectMultipleField(
        _l("Not possible"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        coerce=int,
    )
    locked = SelectField(
        _l("Locked to"),
        description=_l("Whatever is wished: this option and no other."),
        validators=[Optional()],
    )

    def details(self) -> ParticipantDetails:
        """What was filled in; wishes move up where one is left empty."""
        wishes = [int(self[name].data) for name in self.ranks if self[name].data]
        locked = int(self.locked.data) if self.locked.data else None
        return ParticipantDetails(wishes, sorted(self.barred.data or ()), locked)

    def validate(self, extra_validators: Any = None) -> bool:
        """Demand that an option is wished once, and neither wished nor locked if not possible."""
        is_valid = bool(super().validate(extra_validators))
        seen: set[str] = set()
        barred = {str(key) for key in self.barred.data or ()}
        for name in (*self.ranks, "locked"):
            field = self[name]
            if field.data and field.data in barred:
                field.errors = [*field.errors, str(_l("This option is marked as not possible."))]
                is_valid = False
            if field.data and field.data in seen and name != "locked":
                field.errors = [*field.errors, str(_l("This option is wished already."))]
                is_valid = False
            seen.add(field.data or "")
        return is_valid


def participant_form(assignment: WishAssignment, stored: Mapping[str, Any]) -> ParticipantForm:
    """Return the form with a field for each wish, filled with what is stored."""
    known = [(str(each.id), option_text(each)) for each in assignment.options]
    count = min(MOST_WISHES, len(known))
    choices = select_choices([("", "–"), *known])
    fields: dict[str, Any] = {
        f"wish_{number}": SelectField(
            _l("Wish %(number)s", number=number), choices=choices, validators=[Optional()]
        )
        for number in range(1, count + 1)
    }
    filled = {f"wish_{n}": str(key) for n, key in enumerate(stored["wishes"], start=1)}
    data = {**filled, "barred": stored["barred"], "locked": str(stored["locked"] or "")}
    form: ParticipantForm = type("FilledParticipantForm", (ParticipantForm,), fields)(data=data)
    form.ranks = tuple(fields)
    form.barred.choices = select_choices(known)
    form.locked.choices = choices
    return form


def stored_wishes(one: Candidate) -> dict[str, Any]:
    """Return what is kept of one who takes part, by the names of the form's fields."""
    row = one.participant
    return {"wishes": one.wishes, "barred": one.barred, "locked": row.locked_id if row else None}
