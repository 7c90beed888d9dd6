"""What the lead school fills in to invite another one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from scheduler.applications.steps import LONGEST_TEXT
from scheduler.delegations.services import Invitation
from scheduler.programmes.fields import WHOLE_NUMBER, sensible_year
from scheduler.web import BaseForm, trimmed

MOST_PUPILS = 500


class InvitationForm(BaseForm):
    school = HiddenField(_l("School"), validators=[Length(1, message=_l("Choose a school first."))])
    pupils_asked = IntegerField(
        _l("Number of pupils asked for"),
        validators=[Optional(), NumberRange(1, MOST_PUPILS, WHOLE_NUMBER)],
        description=_l("May be left out."),
        render_kw={"min": 1, "max": MOST_PUPILS},
    )
    answer_by = DateField(
        _l("Answer by"),
        validators=[Optional(), sensible_year],
        description=_l("After this day the invitation can no longer be accepted."),
    )
    message = TextAreaField(
        _l("Message"),
        validators=[Length(max=LONGEST_TEXT)],
        filters=[trimmed],
        description=_l("The officers of the school read it in their mail and on the page."),
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )

    def invitation(self) -> Invitation:
        """What was filled in."""
        return Invitation(
            message=self.message.data or "",
            pupils_asked=self.pupils_asked.data,
            answer_by=self.answer_by.data,
        )

    @property
    def chosen(self) -> Any:
        """The code of the school that was chosen."""
        return self.school.data
