"""What administrators fill in about calendar days."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from scheduler.web import BaseForm, select_choices, trimmed
from scheduler.workdays.models import DayType
from scheduler.workdays.services import DayDetails
from scheduler.workdays.texts import DAY_TYPES

MOST_BYTES = 2 * 2**20


class DayForm(BaseForm):
    day = DateField(_l("Day"), validators=[InputRequired(_l("Please fill this in."))])
    kind = SelectField(_l("Type"))
    name = StringField(_l("Name"), validators=[Length(max=120)], filters=[trimmed])
    source = StringField(
        _l("Source"),
        validators=[Length(max=200)],
        filters=[trimmed],
        description=_l("The notice with its number and date, for whoever asks."),
    )

    def offer_choices(self) -> None:
        """Fill the selection of types."""
        self.kind.choices = select_choices(DAY_TYPES.items())

    def details(self) -> DayDetails:
        """What was filled in."""
        if self.day.data is None:
            raise ValueError("The form was not validated.")
        return DayDetails(
            self.day.data,
            DayType(self.kind.data),
            str(self.name.data or ""),
            str(self.source.data or ""),
        )


class FileForm(BaseForm):
    file = FileField(
        _l("Excel workbook or CSV file"),
        description=_l("With the headings of the exported file. Days are added or changed."),
        render_kw={"accept": ".xlsx,.csv"},
    )

    def content(self) -> bytes:
        """Return what was sent, one byte more than is taken at most."""
        sent = self.file.data
        return sent.stream.read(MOST_BYTES + 1) if sent else b""
