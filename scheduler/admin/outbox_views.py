"""Staff's pages about the outbox: what was sent, what waits, what needs a decision."""

import email
from email import policy
from email.message import EmailMessage

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.notices import address_now
from scheduler.admin import queries
from scheduler.admin.blueprint import blueprint
from scheduler.audit import services as audit
from scheduler.database import transaction
from scheduler.errors import NotAllowed, NotFound
from scheduler.listing import page_of
from scheduler.notifications import reading, services, templates
from scheduler.notifications.models import Mail, MailState
from scheduler.notifications.sending import mail_folder
from scheduler.notifications.texts import STATE_LABELS


@blueprint.get("/admin/mails")
@access(Permission.PLATFORM_ADMINISTER)
def mails() -> str:
    """List the outbox, newest first."""
    asked = {name: request.args.get(name, "").strip() for name in ("text", "state")}
    page = page_of(
        queries.mails(**asked),
        sorts=queries.MAIL_SORTS,
        default_sort="created",
        newest_first=True,
    )
    counts = queries.mail_counts()
    tabs = [(_("all"), url_for("admin.mails"), not asked["state"], sum(counts.values()))]
    for state, label in STATE_LABELS.items():
        url = url_for("admin.mails", state=state, text=asked["text"] or None)
        tabs.append((str(label), url, asked["state"] == state, counts.get(state, 0)))
    return render_template(
        "admin/mails.html",
        page=page,
        asked=asked,
        tabs=tabs,
        labels=STATE_LABELS,
        folder=mail_folder(current_app.config["MAIL_URL"]) is not None,
        subject_of=reading.subject_of,
        failed=counts.get(MailState.FAILED, 0),
        is_stuck=lambda mail: services.is_stuck(mail, now=clock.now()),
    )


@blueprint.post("/admin/mails/send-failed-again")
@access(Permission.PLATFORM_ADMINISTER)
def send_failed_mails_again() -> Response:
    """Queue all failed mails once more."""
    with transaction():
        count = services.send_all_failed_again(actor_id=current_actor().account_id, now=clock.now())
    flash(ngettext("%(num)s mail is queued again.", "%(num)s mails are queued again.", count))
    return redirect(url_for("admin.mails"), code=303)


@blueprint.get("/admin/mails/<string:ref>")
@access(Permission.PLATFORM_ADMINISTER)
def mail(ref: str) -> str:
    """One mail with its text; links that open something are masked."""
    found = services.find(ref)
    return _mail_page(found, reading.text_of(found))


@blueprint.post("/admin/mails/<string:ref>/open")
@access(Permission.PLATFORM_ADMINISTER)
def open_mail(ref: str) -> str:
    """Show a mail that was written into a file, links and all; that is noted in the audit log.

    Outside of the demo only one's own: a link opens somebody's account, and is for them alone.
    """
    found = services.find(ref)
    text = _from_file(found)
    if text is None:
        raise NotFound
    if not _may_open(found):
        raise NotAllowed
    with transaction():
        audit.record(
            "read:mail",
            account_id=current_actor().account_id,
            subject_type="mail",
            subject_ref=found.ref,
            now=clock.now(),
        )
    return _mail_page(found, text, is_whole=True)


@blueprint.post("/admin/mails/<string:ref>/send-again")
@access(Permission.PLATFORM_ADMINISTER)
def send_mail_again(ref: str) -> Response:
    """Queue a failed, returned or stuck mail once more, to the receiver's present address."""
    found = services.find(ref)
    with transaction():
        services.send_again(
            found,
            to_address=address_now(found),
            actor_id=current_actor().account_id,
            now=clock.now(),
        )
    flash(_("The mail is queued again."), "success")
    return redirect(url_for("admin.mail", ref=ref), code=303)


@blueprint.post("/admin/mails/<string:ref>/settle")
@access(Permission.PLATFORM_ADMINISTER)
def settle_mail(ref: str) -> Response:
    """Close a stuck or failed mail without sending it: it arrived, or it is given up."""
    found = services.find(ref)
    was_sent = request.form.get("outcome") == "sent"
    with transaction():
        services.settle(
            found, was_sent=was_sent, actor_id=current_actor().account_id, now=clock.now()
        )
    flash(_("Noted."), "success")
    return redirect(url_for("admin.mail", ref=ref), code=303)


def _may_open(found: Mail) -> bool:
    is_own = found.account_id is not None and found.account_id == current_actor().account_id
    return is_own or bool(current_app.config["DEMO"])


def _from_file(found: Mail) -> templates.Written | None:
    folder = mail_folder(current_app.config["MAIL_URL"])
    file = folder / f"{found.ref}.eml" if folder else None
    if file is None or not file.is_file():
        return None
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the default policy makes
    plain = message.get_body(("plain",))
    return templates.Written(str(message["Subject"]), plain.get_content() if plain else "")


def _mail_page(found: Mail, written: templates.Written | None, *, is_whole: bool = False) -> str:
    return render_template(
        "admin/mail.html",
        mail=found,
        written=written,
        labels=STATE_LABELS,
        kind=templates.find(found.code),
        can_open=not is_whole
        and found.state is MailState.SENT
        and _may_open(found)
        and _from_file(found) is not None,
        is_stuck=services.is_stuck(found, now=clock.now()),
    )
