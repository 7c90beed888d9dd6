"""The page that everybody may read while a notice stands, and its form for objections."""

from hashlib import sha256

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import public
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.extensions import limiter
from scheduler.publicity import objections, services
from scheduler.publicity.forms import ObjectionForm
from scheduler.publicity.models import NoticeState, PublicNotice
from scheduler.publicity.texts import CHANGES
from scheduler.publicity.views import lines_page

blueprint = Blueprint("public_notices", __name__)

Answer = str | tuple[str, int] | Response
SEE_OTHER = 303
READING_RATE = "240 per minute"
# A whole school may sit behind one address of the network, one person behind one mailbox.
OBJECTIONS_PER_ADDRESS = "20 per hour"
OBJECTIONS_PER_MAILBOX = "5 per day"


def _mailbox() -> str:
    # A hash: addresses of people do not belong into the limiter's store.
    address = request.form.get("email", "").strip().lower()
    return "objector:" + sha256(address.encode()).hexdigest()


def _was_received(response: Response) -> bool:
    """Faulty forms are tried again; only what was received counts."""
    return response.status_code == SEE_OTHER


@blueprint.route("/public-notices/<string:ref>", methods=["GET", "POST"])
@public("for everybody until its end; shows no pupil")
@limiter.limit(READING_RATE)
@limiter.limit(OBJECTIONS_PER_ADDRESS, methods=["POST"], deduct_when=_was_received)
@limiter.limit(
    OBJECTIONS_PER_MAILBOX, key_func=_mailbox, methods=["POST"], deduct_when=_was_received
)
def show(ref: str) -> Answer:
    """Show the version that stands, take objections to it; say that it is over afterwards."""
    notice = services.find(ref)
    state = notice.state_at(clock.now())
    if state is NoticeState.DRAFT:
        raise NotFound
    if state is not NoticeState.PUBLISHED:
        return render_template("publicity/ended.html", notice=notice), 410
    form = ObjectionForm()
    if form.validate_on_submit():
        return _receive(notice, form)
    return _page(notice, form), 422 if request.method == "POST" else 200


def _receive(notice: PublicNotice, form: ObjectionForm) -> Answer:
    try:
        with transaction():
            objection = objections.receive(notice, form.details(str(get_locale())), now=clock.now())
            ref = objection.ref
    except Refused:  # it ended while the form was filled in
        return render_template("publicity/ended.html", notice=notice), 410
    flash(
        _(
            "Your objection was received under the number %(ref)s. A confirmation is on its way to "
            "you by mail.",
            ref=ref,
        ),
        "success",
    )
    return redirect(url_for("public_notices.show", ref=notice.ref), code=303)


def _page(notice: PublicNotice, form: ObjectionForm) -> str:
    version = services.current_version(notice)
    return render_template(
        "publicity/public.html",
        notice=notice,
        version=version,
        page=lines_page(version),
        form=form,
        changes=CHANGES,
    )
