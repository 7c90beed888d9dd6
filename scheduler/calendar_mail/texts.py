"""How answers are called and shown on pages."""

from flask_babel import lazy_gettext as _l

from scheduler.calendar_mail.models import Answer
from scheduler.states import StateLook

ANSWER_LOOKS = {
    Answer.WAITING: StateLook(_l("Not answered"), "warning", "hourglass-split"),
    Answer.ACCEPTED: StateLook(_l("Will be there"), "success", "check-circle-fill"),
    Answer.TENTATIVE: StateLook(_l("Perhaps"), "info", "question-circle"),
    Answer.DECLINED: StateLook(_l("Cannot come"), "danger", "x-circle-fill"),
}
