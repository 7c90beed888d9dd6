"""What somebody who is asked to attend answers."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from scheduler.calendar_mail.models import Answer
from scheduler.calendar_mail.replies import LONGEST_COMMENT
from scheduler.web import BaseForm, select_choices, trimmed

CHOICES = {
    Answer.ACCEPTED: _l("I will be there"),
    Answer.TENTATIVE: _l("Perhaps"),
    Answer.DECLINED: _l("I cannot come"),
}


class AnswerForm(BaseForm):
    answer = RadioField(
        _l("Your answer"),
        choices=select_choices(CHOICES.items()),
        validators=[InputRequired(_l("Please choose an answer."))],
    )
    comment = TextAreaField(
        _l("A word to the coordinators"),
        validators=[Length(max=LONGEST_COMMENT)],
        filters=[trimmed],
        render_kw={"rows": 3, "maxlength": LONGEST_COMMENT},
        description=_l("If you like: why not, or from when on."),
    )
