"""What somebody fills in who asks for many rows with personal data."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from scheduler.reports.services import LONGEST_PURPOSE
from scheduler.web import BaseForm, trimmed


class PurposeForm(BaseForm):
    """Why the list has to leave the house."""

    purpose = TextAreaField(
        _l("What the list is needed for"),
        description=_l("Who approves reads it, and it is kept."),
        filters=[trimmed],
        render_kw={"rows": 3, "maxlength": LONGEST_PURPOSE},
    )
