"""One's own account: name, language, password, and the browsers that are signed in."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.accounts import resets, services
from scheduler.accounts.forms import DetailsForm, PasswordForm
from scheduler.accounts.limits import limit_password
from scheduler.accounts.models import SignInSession
from scheduler.accounts.sessions import end_sessions
from scheduler.accounts.sign_in import SignedIn, signed_in
from scheduler.accounts.texts import ROLE_LABELS
from scheduler.database import db, transaction
from scheduler.errors import NotAllowed, NotFound, Refused

blueprint = Blueprint("own_account", __name__, url_prefix="/account")

Page = str | tuple[str, int] | Response


def find_session(ref: str) -> SignInSession:
    """Return a session; raises `NotFound`."""
    found = db.session.scalar(select(SignInSession).where(SignInSession.ref == ref))
    if found is None:
        raise NotFound
    return found


def own() -> SignedIn:
    """Return who is signed in; the guard has seen to it that somebody is."""
    person = signed_in()
    if person is None:
        raise NotAllowed
    return person


@blueprint.route("", methods=["GET", "POST"])
@access(Permission.OWN_ACCOUNT)
def show() -> Page:
    """Name and language, and what the account may do."""
    account = own().account
    form = DetailsForm(obj=account)
    if form.validate_on_submit():
        with transaction():
            services.change_details(account, name=str(form.name.data), locale=str(form.locale.data))
        return _language_follows(account.locale)
    page = render_template("accounts/own.html", form=form, person=account)
    return page, 422 if form.errors else 200


def _language_follows(locale: str) -> Response:
    answer = redirect(url_for("own_account.show"), code=303)
    # Signed out, this browser goes on in the language of its last owner.
    answer.set_cookie(
        "locale",
        locale,
        max_age=31536000,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    flash(_("Saved."), "success")
    return answer


@blueprint.route("/password", methods=["GET", "POST"])
@access(Permission.OWN_ACCOUNT)
@limit_password
def password() -> Page:
    """Change the password, which signs out all other browsers."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            _change_password(str(form.current.data), str(form.password.data))
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("Your password is changed. All other browsers are signed out."), "success")
            return redirect(url_for("own_account.show"), code=303)
    page = render_template("accounts/password.html", form=form, email=own().account.email)
    return page, 422 if form.errors else 200


def _change_password(current: str, chosen: str) -> None:
    person = own()
    with transaction():
        resets.change_password(
            person.account,
            current=current,
            password=chosen,
            keep_session_id=person.session_id,
            now=clock.now(),
        )


@blueprint.get("/sessions")
@access(Permission.OWN_ACCOUNT)
def sessions() -> str:
    """The browsers that are signed in, this one marked."""
    person = own()
    live = db.session.scalars(
        select(SignInSession)
        .where(
            SignInSession.account_id == person.account.id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > clock.now(),
        )
        .order_by(SignInSession.id.desc())
    ).all()
    return render_template("accounts/sessions.html", sessions=live, current_id=person.session_id)


@blueprint.post("/sessions/<string:ref>/end")
@access(Permission.OWN_ACCOUNT, find_session)
def end_session(thing: SignInSession) -> Response:
    """Sign one browser out."""
    now = clock.now()
    with transaction():
        thing.ended_at = thing.ended_at or now
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("own_account.sessions"), code=303)


@blueprint.post("/sessions/end-others")
@access(Permission.OWN_ACCOUNT)
def end_other_sessions() -> Response:
    """Sign out every browser but this one."""
    person = own()
    with transaction():
        end_sessions(person.account, now=clock.now(), keep_id=person.session_id)
    flash(_("All other browsers are signed out."), "success")
    return redirect(url_for("own_account.sessions"), code=303)


def remember_locale(locale: str) -> None:
    """Store the language switch with the account of whoever is signed in."""
    person = signed_in()
    if person is not None:
        with transaction():
            person.account.locale = locale


def frame() -> dict[str, object]:
    """What the page frame shows about who is signed in."""
    facts: dict[str, object] = {
        "home_url": url_for("home.index"),
        "sign_in_url": url_for("accounts.sign_in"),
        "sign_out_url": url_for("accounts.sign_out"),
    }
    person = signed_in()
    if person is None:
        return facts
    pages = [
        (_("My account"), "own_account.show"),
        (_("Password"), "own_account.password"),
        (_("Signed-in browsers"), "own_account.sessions"),
    ]
    menu = [(label, url_for(name), request.endpoint == name) for label, name in pages]
    role = next((ROLE_LABELS[each] for each in ROLE_LABELS if person.actor.has_role(each)), "")
    shown = {"name": person.actor.name, "role_label": str(role)}
    return {**facts, "account": shown, "account_menu": menu}
