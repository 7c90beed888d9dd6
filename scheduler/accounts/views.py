"""Sign in and out, accept an invitation, ask for and choose a new password."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import current_actor, public
from scheduler.accounts import invitations, resets, services, sign_in, texts, tokens
from scheduler.accounts.forms import (
    AcceptForm,
    FirstAdministratorForm,
    RequestResetForm,
    ResetForm,
    SignInForm,
)
from scheduler.accounts.known_browsers import remember
from scheduler.accounts.limits import limit_links, limit_reset, limit_sign_in
from scheduler.accounts.models import Account, AccountToken, TokenPurpose
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.preferences import safe_next

__all__ = ["blueprint", "texts"]

blueprint = Blueprint("accounts", __name__)

Page = str | tuple[str, int] | Response
RESET_SECONDS = 0.15
"""Many times what finding the account and queueing its mail takes."""
INVITATIONS = (TokenPurpose.INVITATION, TokenPurpose.FIRST_ADMINISTRATOR)


@blueprint.after_request
def keep_links_here(response: Response) -> Response:
    """Name no page of these to anybody, also not in our own logs: some addresses hold a token."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
@public("strangers become somebody here")
@limit_sign_in
def show_sign_in() -> Page:
    """Ask for e-mail and password; the answer to a wrong one never tells which was wrong."""
    form = SignInForm()
    if request.method == "GET" and current_actor().is_signed_in:
        return redirect(safe_next(request.args.get("next")))
    if form.validate_on_submit():
        password = str(form.password.data)
        account = services.authenticate(str(form.email.data), password)
        if account is not None and (current_app.config["DEMO"] or not account.is_demo):
            return _enter(account, password)
        form.form_errors.append(_("E-mail address and password do not belong together."))
    status = 422 if form.errors else 200
    return render_template("accounts/sign_in.html", form=form), status


def _enter(account: Account, password: str) -> Response:
    now = clock.now()
    with transaction():
        services.renew_hash(account, password)
        sign_in.begin_session(account, now=now)
        services.record_sign_in(account, now=now)
        email = account.email
    answer = redirect(safe_next(request.args.get("next")), code=303)
    remember(answer, email)
    return answer


@blueprint.post("/sign-out")
@public("whoever is signed in signs out; nothing happens to others")
def sign_out() -> Response:
    """Sign this browser out."""
    with transaction():
        sign_in.end_session(now=clock.now())
    flash(_("You are signed out."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.route("/invitations/<string:token>", methods=["GET", "POST"])
@public("the token in the link is the proof")
@limit_links
def invitation(token: str) -> Page:
    """Let somebody invited choose name, language and password, and sign them in."""
    try:
        found = tokens.find_live(token, *INVITATIONS, now=clock.now())
    except Refused:
        return _link_ended()
    form = _invitation_form(found)
    if form.validate_on_submit():
        try:
            return _accept(token, form)
        except Refused as error:
            form.refuse(error)
    page = render_template("accounts/invitation.html", form=form, person=found.account)
    return page, 422 if form.errors else 200


def _invitation_form(token: AccountToken) -> AcceptForm:
    locale = token.account.locale if token.account else str(get_locale())
    name = token.account.name if token.account else ""
    is_first = token.purpose is TokenPurpose.FIRST_ADMINISTRATOR
    form: AcceptForm = FirstAdministratorForm() if is_first else AcceptForm()
    if request.method == "GET":
        form.locale.data, form.name.data = locale, name
    return form


def _accept(token: str, form: AcceptForm) -> Response:
    now = clock.now()
    chosen = {
        "name": str(form.name.data),
        "password": str(form.password.data),
        "locale": str(form.locale.data),
    }
    with transaction():
        found = tokens.find_live(token, *INVITATIONS, now=now)
        if isinstance(form, FirstAdministratorForm):
            email = str(form.email.data)
            account = invitations.accept_first(found, email=email, now=now, **chosen)
        else:
            account = invitations.accept(found, now=now, **chosen)
        sign_in.begin_session(account, now=now)
        services.record_sign_in(account, now=now)
        email = account.email
    flash(_("Welcome, %(name)s! Your account is ready.", name=chosen["name"]), "success")
    answer = redirect(url_for("home.index"), code=303)
    remember(answer, email)
    return answer


@blueprint.route("/reset", methods=["GET", "POST"])
@public("who has forgotten the password cannot sign in")
@limit_reset
def request_reset() -> Page:
    """Mail a link for a new password; the page never tells whether the address is known."""
    form = RequestResetForm()
    if form.validate_on_submit():
        with _taking(RESET_SECONDS), transaction():
            resets.request_reset(str(form.email.data), now=clock.now())
        return render_template("accounts/reset_requested.html", email=form.email.data)
    return render_template("accounts/request_reset.html", form=form), 422 if form.errors else 200


@contextmanager
def _taking(seconds: float) -> Iterator[None]:
    """Make the block last as long for an unknown address as for a known one, which costs more."""
    until = time.monotonic() + seconds
    yield
    time.sleep(max(0.0, until - time.monotonic()))


@blueprint.route("/reset/<string:token>", methods=["GET", "POST"])
@public("the token in the link is the proof")
@limit_links
def reset(token: str) -> Page:
    """Let somebody with a link from their mailbox choose a new password."""
    try:
        found = tokens.find_live(token, TokenPurpose.RESET, now=clock.now())
    except Refused:
        return _link_ended()
    form = ResetForm()
    if form.validate_on_submit():
        try:
            return _reset(token, str(form.password.data))
        except Refused as error:
            form.refuse(error)
    page = render_template(
        "accounts/reset.html", form=form, email=found.account and found.account.email
    )
    return page, 422 if form.errors else 200


def _reset(token: str, password: str) -> Response:
    now = clock.now()
    with transaction():
        found = tokens.find_live(token, TokenPurpose.RESET, now=now)
        resets.reset_password(found, password=password, now=now)
    flash(_("Your new password is set. Please sign in with it."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


def _link_ended() -> tuple[str, int]:
    return render_template("accounts/link_ended.html"), 410
