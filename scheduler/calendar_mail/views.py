"""What somebody is asked to attend, behind the link in the mail; an own entry by mail."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import public
from scheduler.calendar_mail import answers
from scheduler.calendar_mail.entry_mails import mail_entry
from scheduler.calendar_mail.forms import AnswerForm
from scheduler.calendar_mail.models import Answer, AttendanceRequest
from scheduler.calendar_mail.texts import ANSWER_LOOKS
from scheduler.calendars.rendering import when_of
from scheduler.calendars.views import OWN_PAGE, spoken_to
from scheduler.database import held, transaction
from scheduler.extensions import limiter
from scheduler.preferences import chosen_locale

blueprint = Blueprint("calendar_mail", __name__)


@blueprint.route("/attendance/<string:token>", methods=["GET", "POST"])
@public("the token in the address is the right to answer")
@limiter.limit("60 per minute")
def answer(token: str) -> Response:
    """Show what somebody is asked to attend, and take the answer."""
    request = answers.by_token(token)
    locale = chosen_locale() or request.locale
    g.locale = locale
    refresh()
    is_open = request.withdrawn_at is None and request.entry.ends_at > clock.now()
    given = None if request.answer is Answer.WAITING else request.answer.value
    form = AnswerForm(data={"answer": given, "comment": request.comment})
    if is_open and form.validate_on_submit():
        with transaction():
            answers.note_on_page(
                held(AttendanceRequest, request.id),
                Answer(form.answer.data),
                form.comment.data or "",
                now=clock.now(),
            )
        flash(_("Thank you, your answer is noted."), "success")
        return redirect(url_for("calendar_mail.answer", token=token), code=303)
    return _private(_page(request, form, locale, is_open=is_open))


@blueprint.post("/my/<string:token>/entries/<string:ref>/mail")
@public(OWN_PAGE)
@limiter.limit("30 per minute")
def mail_own_entry(token: str, ref: str) -> Response:
    """Mail one entry of a person's own page to that person, whose address is known."""
    return mail_entry(spoken_to(token), ref)


def _page(
    request: AttendanceRequest, form: AnswerForm, locale: str, *, is_open: bool
) -> tuple[str, int]:
    entry = request.entry
    page = render_template(
        "calendar_mail/answer.html",
        asked=request,
        text=entry.text_in(locale),
        when=when_of(entry, locale),
        look=ANSWER_LOOKS[request.answer],
        form=form,
        is_open=is_open,
    )
    return page, 422 if form.errors else 200


def _private(page: tuple[str, int]) -> Response:
    response = current_app.make_response(page)
    response.headers["Cache-Control"] = "no-store"
    # Not `no-referrer`: over HTTPS the form of the page itself must name where it comes from.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
