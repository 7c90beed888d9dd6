"""Staff's pages about accounts: find, invite, give and take roles, close, sign out."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission, Role
from scheduler.accounts import invitations, roles, services, sessions
from scheduler.accounts.models import Account
from scheduler.accounts.refusals import AccountRefusal
from scheduler.accounts.texts import ROLE_LABELS
from scheduler.admin import leaving, queries, scopes
from scheduler.admin.blueprint import blueprint
from scheduler.admin.forms import GrantForm, InviteForm
from scheduler.admin.texts import ACCOUNT_STATE_LABELS
from scheduler.database import db, transaction
from scheduler.errors import NotFound, Refused
from scheduler.extensions import secret_key
from scheduler.listing import page_of
from scheduler.notifications.models import Mail
from scheduler.notifications.reading import subject_of

Page = str | tuple[str, int] | Response


@blueprint.get("/admin/accounts")
@access(Permission.PLATFORM_ADMINISTER)
def accounts() -> str:
    """List everybody who can sign in, could, or is invited to."""
    asked = {name: request.args.get(name, "").strip() for name in ("text", "role", "state")}
    page = page_of(
        queries.accounts(**asked),
        sorts=queries.ACCOUNT_SORTS,
        default_sort="name",
    )
    grants = [grant for account in page.items for grant in account.grants]
    return render_template(
        "admin/accounts.html",
        page=page,
        asked=asked,
        scope_labels=scopes.labels(grants),
        state_of=queries.state_of,
        state_labels=ACCOUNT_STATE_LABELS,
        roles=[("", _("All roles")), *ROLE_LABELS.items()],
        states=[("", _("All states")), *ACCOUNT_STATE_LABELS.items()],
    )


@blueprint.route("/admin/accounts/invite", methods=["GET", "POST"])
@access(Permission.PLATFORM_ADMINISTER)
def invite() -> Page:
    """Invite somebody by mail with a first role."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            account = _invite(form)
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("%(email)s is told by mail.", email=account.email), "success")
            return redirect(url_for("admin.account", ref=account.ref), code=303)
    return render_template("admin/invite.html", form=form), 422 if form.errors else 200


def _invite(form: InviteForm) -> Account:
    role, scope = _chosen(str(form.role.data))
    with transaction():
        return invitations.invite(
            email=str(form.email.data),
            name=str(form.name.data or ""),
            locale=str(form.locale.data),
            role=role,
            scope_id=scope.id,
            scope_names=scope.names,
            inviter=current_actor().name,
            actor_id=current_actor().account_id,
            now=clock.now(),
        ).account


def _chosen(choice: str) -> tuple[Role, scopes.Scope]:
    try:
        return scopes.find(choice)
    except LookupError:
        raise NotFound from None


@blueprint.get("/admin/accounts/<string:ref>")
@access(Permission.PLATFORM_ADMINISTER)
def account(ref: str) -> str:
    """One account: its roles, browsers and mails, and what can be done about it."""
    return _account_page(services.find(ref), GrantForm())


@blueprint.post("/admin/accounts/<string:ref>/grants")
@access(Permission.PLATFORM_ADMINISTER)
def grant(ref: str) -> Page:
    """Give the account another role."""
    found, form = services.find(ref), GrantForm()
    if form.validate_on_submit():
        role, scope = _chosen(str(form.role.data))
        try:
            with transaction():
                _grant_to_another(found, role, scope)
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The role is given."), "success")
            return _back(found)
    return _account_page(found, form), 422


def _grant_to_another(found: Account, role: Role, scope: scopes.Scope) -> None:
    """Who administers gives roles to others; one's own are left to another administrator."""
    if found.id == _own_id():
        raise Refused(AccountRefusal.NOT_ONESELF)
    roles.grant(found, role, scope.id, actor_id=_own_id(), now=clock.now())


@blueprint.post("/admin/accounts/<string:ref>/revoke")
@access(Permission.PLATFORM_ADMINISTER)
def revoke(ref: str) -> Response:
    """Take a role away."""
    found = services.find(ref)
    grant_id = request.form.get("grant", type=int)
    held = next((each for each in found.grants if each.id == grant_id), None)
    if held is None:
        raise NotFound
    role, scope_id = held.role, held.scope_id
    with transaction():
        roles.revoke(found, role, scope_id, actor_id=_own_id(), now=clock.now())
        _replace_school_feeds([(role, scope_id)])
    flash(_("The role is taken away."), "success")
    return _back(found)


@blueprint.post("/admin/accounts/<string:ref>/invite-again")
@access(Permission.PLATFORM_ADMINISTER)
def invite_again(ref: str) -> Response:
    """Send a new link to somebody who has not used theirs."""
    found = services.find(ref)
    with transaction():
        invitations.invite_again(
            found, inviter=current_actor().name, actor_id=_own_id(), now=clock.now()
        )
    flash(_("A new invitation is on its way; the older link has ended."), "success")
    return _back(found)


@blueprint.post("/admin/accounts/<string:ref>/close")
@access(Permission.PLATFORM_ADMINISTER)
def close(ref: str) -> Response:
    """Close the account and sign it out everywhere."""
    found = services.find(ref)
    with transaction():
        services.deactivate(found, actor_id=_own_id(), now=clock.now())
        _replace_school_feeds([(grant.role, grant.scope_id) for grant in found.grants])
    flash(_("The account is closed."), "success")
    return _back(found)


@blueprint.post("/admin/accounts/<string:ref>/open")
@access(Permission.PLATFORM_ADMINISTER)
def reopen(ref: str) -> Response:
    """Open a closed account again."""
    found = services.find(ref)
    with transaction():
        services.reactivate(found, actor_id=_own_id(), now=clock.now())
    flash(_("The account is open again."), "success")
    return _back(found)


@blueprint.post("/admin/accounts/<string:ref>/sign-out")
@access(Permission.PLATFORM_ADMINISTER)
def sign_out(ref: str) -> Response:
    """Sign the account out in every browser."""
    found = services.find(ref)
    with transaction():
        sessions.sign_out_everywhere(found, actor_id=_own_id(), now=clock.now())
    flash(_("The account is signed out everywhere."), "success")
    return _back(found)


def _replace_school_feeds(grants: list[tuple[Role, int]]) -> None:
    count = leaving.replace_school_feeds(grants, secret_key=secret_key(), now=clock.now())
    if count:
        flash(leaving.told(), "info")


def _own_id() -> int:
    return current_actor().account_id or 0


def _back(found: Account) -> Response:
    return redirect(url_for("admin.account", ref=found.ref), code=303)


def _account_page(found: Account, form: GrantForm) -> str:
    mails = db.session.scalars(
        select(Mail).where(Mail.account_id == found.id).order_by(Mail.id.desc()).limit(10)
    ).all()
    return render_template(
        "admin/account.html",
        person=found,
        form=form,
        state=queries.state_of(found),
        state_labels=ACCOUNT_STATE_LABELS,
        scope_labels=scopes.labels(found.grants),
        browsers=sessions.live_session_count(found, now=clock.now()),
        is_own=found.id == current_actor().account_id,
        mails=mails,
        subject_of=subject_of,
    )
