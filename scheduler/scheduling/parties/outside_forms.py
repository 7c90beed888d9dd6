"""What is filled in about a calendar that is kept elsewhere: its address, or a file of it."""

from contextlib import closing
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import Length

from scheduler.calendars.outside.reading import MOST_OCTETS
from scheduler.web import BaseForm, trimmed

LONGEST_ADDRESS = 2_000
LONGEST_NAME = 200


class OutsideForm(BaseForm):
    """One of the two: whoever gives both means the file, and is asked."""

    address = StringField(
        _l("Address of the calendar (.ics)"),
        validators=[Length(max=LONGEST_ADDRESS)],
        filters=[trimmed],
        description=_l(
            "The secret iCal address from the settings of the calendar. It is kept encrypted and "
            "read again every six hours."
        ),
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    file = FileField(
        _l("Or a file (.ics)"),
        description=_l("It is read once; the file itself is not kept."),
        render_kw={"accept": ".ics,text/calendar"},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two, and not for both."""
        is_valid = super().validate(extra_validators)
        if bool(self.address.data) is bool(self.file.data):
            self.address.errors = [_("Please enter an address or choose a file, one of the two.")]
            is_valid = False
        return bool(is_valid)

    def file_name(self) -> str:
        """Return what the chosen file is called, "" without one."""
        return str(self.file.data.filename or "?")[:LONGEST_NAME] if self.file.data else ""

    def content(self) -> bytes:
        """Return what the chosen file holds, one byte more than is taken at most."""
        sent = self.file.data
        if not sent:
            return b""
        with closing(sent):
            return bytes(sent.stream.read(MOST_OCTETS + 1))
