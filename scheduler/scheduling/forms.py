"""What a coordinator fills in while planning."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from scheduler.programmes.fields import MISSING, sensible_year
from scheduler.scheduling.models import PlanMethod
from scheduler.web import BaseForm, select_choices, trimmed

METHODS = {
    PlanMethod.KEEP: _l("Place what is missing, move as little as possible"),
    PlanMethod.FILL: _l("Place what is missing, move nothing"),
    PlanMethod.IMPROVE: _l("Look for a better timetable; only what is locked stays"),
    PlanMethod.FRESH: _l("Fresh start: everything may move"),
}


class SolveForm(BaseForm):
    """What may move, from where the search begins, and how long it takes."""

    method = RadioField(
        _l("What may move"), choices=select_choices(METHODS.items()), default=PlanMethod.KEEP
    )
    based_on = SelectField(_l("Begin from"), description=_l("A fresh start takes no notice of it."))

    seconds = SelectField(
        _l("How long to search"),
        choices=select_choices(
            [
                ("10", _l("10 seconds")),
                ("60", _l("1 minute")),
                ("300", _l("5 minutes")),
                ("900", _l("15 minutes")),
            ]
        ),
        coerce=int,
        default=60,
        description=_l("A first timetable stands after seconds. More time makes it better."),
    )
    seed = IntegerField(
        _l("Seed"),
        validators=[InputRequired(), NumberRange(min=0, max=2_000_000_000)],
        default=1,
        description=_l("Another number leads the search along another way."),
    )


class MoveForm(BaseForm):
    """A group's new place; `edition` is that of the board on which it was chosen."""

    venue = SelectField(_l("Venue"), validators=[InputRequired()])
    starts_at = DateTimeLocalField(
        _l("On stage from"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[InputRequired(), sensible_year],
    )
    edition = HiddenField(validators=[InputRequired()])


class NameForm(BaseForm):
    """A draft's name."""

    name = StringField(
        _l("Name of the draft"),
        validators=[DataRequired(MISSING), Length(max=80)],
        filters=[trimmed],
    )


class PublishForm(BaseForm):
    """The release's notes, shown to everybody who is told."""

    notes = TextAreaField(
        _l("Notes"),
        validators=[Optional(), Length(max=1000)],
        description=_l("Shown on the timetable and in the mail to those affected."),
    )
    edition = HiddenField(validators=[InputRequired()])
