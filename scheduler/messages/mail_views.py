"""The mails about a case: all of them, one with its text, and one sent again."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, may
from scheduler.access.permissions import Permission
from scheduler.accounts.notices import address_now
from scheduler.accounts.texts import ROLE_LABELS
from scheduler.applications.models import Application
from scheduler.database import transaction
from scheduler.listing import page_of
from scheduler.messages import queries
from scheduler.messages.blueprint import blueprint
from scheduler.messages.queries import CaseMail
from scheduler.notifications import reading, services
from scheduler.notifications.models import MailState
from scheduler.notifications.templates import Written


@blueprint.get("/applications/<string:ref>/mails")
@access(Permission.APPLICATION_READ, queries.find_case)
def mails(thing: Application) -> str:
    """List all mails about a case, the newest first."""
    page = page_of(
        queries.mails_about(thing),
        sorts=queries.MAIL_SORTS,
        default_sort="created",
        newest_first=True,
    )
    return render_template(
        "messages/mails.html",
        application=thing,
        page=page,
        shown={each.mail.id: each for each in queries.as_shown(thing, page.items)},
        role_labels=ROLE_LABELS,
    )


@blueprint.get("/applications/<string:ref>/mails/<string:mail_ref>")
@access(Permission.APPLICATION_READ, queries.find_case)
def mail(thing: Application, mail_ref: str) -> str:
    """Show one mail with its text; links that open something are masked."""
    found = queries.find_mail(thing, mail_ref)
    is_readable = queries.is_readable(thing, found)
    (shown,) = queries.as_shown(thing, [found])
    is_open = found.state in {MailState.FAILED, MailState.BOUNCED} or services.is_stuck(
        found, now=clock.now()
    )
    return render_template(
        "messages/mail.html",
        application=thing,
        shown=shown,
        written=_text(shown) if is_readable else None,
        is_readable=is_readable,
        may_send=is_open and may(Permission.APPLICATION_DECIDE, thing),
        address_now=address_now(found),
        role_labels=ROLE_LABELS,
    )


def _text(shown: CaseMail) -> Written | None:
    """Return the text; it greets nobody by name to those who don't see whom it went to."""
    written = reading.text_of(shown.mail)
    is_own = shown.mail.account_id == current_actor().account_id
    if written is None or shown.to is not None or is_own:
        return written
    return reading.without_name(written, shown.mail.to_name)


@blueprint.post("/applications/<string:ref>/mails/<string:mail_ref>/send-again")
@access(Permission.APPLICATION_DECIDE, queries.find_case)
def send_again(thing: Application, mail_ref: str) -> Response:
    """Send a mail that came back or failed once more, to the receiver's present address."""
    found = queries.find_mail(thing, mail_ref)
    with transaction():
        services.send_again(
            found,
            to_address=address_now(found),
            actor_id=current_actor().account_id,
            now=clock.now(),
        )
    flash(_("The mail is queued again."), "success")
    return redirect(url_for("messages.mail", ref=thing.ref, mail_ref=mail_ref), code=303)
