"""What a guardian corrects: the own contact data, and a child's health note."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import public
from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant
from scheduler.consents import decisions
from scheduler.consents.forms import ContactForm, HealthForm
from scheduler.consents.guardian_door import (
    OWN_PAGE,
    READS,
    WRITES,
    blueprint,
    family_behind,
    link_of,
)
from scheduler.consents.models import GuardianLink
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.extensions import limiter
from scheduler.people.keys import current_sealer

Answer = str | tuple[str, int] | Response


@blueprint.route("/guardian/<string:token>/contact", methods=["GET", "POST"])
@public(OWN_PAGE)
@limiter.limit(READS)
@limiter.limit(WRITES, methods=["POST"])
def contact(token: str) -> Answer:
    """Take a new phone number or mail address of the guardian."""
    link = link_of(token)
    form = ContactForm()
    form.country = _country(link)
    if form.validate_on_submit():
        with transaction():
            decisions.correct_contact(
                link.guardian,
                phone=str(form.phone.data or ""),
                email=str(form.email.data or ""),
                country=form.country,
                now=clock.now(),
            )
        flash(_("Your contact data were saved."), "success")
        return redirect(url_for("guardians.page", token=token), code=303)
    guardian = link.guardian
    shown = render_template(
        "consents/contact.html",
        token=token,
        form=form,
        phone=_masked(guardian.phone),
        email=_masked_address(guardian.email),
        readers=_officers(guardian.school_id),
    )
    return (shown, 422) if form.errors else shown


@blueprint.route("/guardian/<string:token>/children/<string:ref>/health", methods=["GET", "POST"])
@public(OWN_PAGE)
@limiter.limit(READS)
@limiter.limit(WRITES, methods=["POST"])
def health(token: str, ref: str) -> Answer:
    """Take a new health note of a child, or remove the stored one, which only the button does.

    The stored one is not shown: the link may be lost.
    """
    link = link_of(token)
    child = family_behind(link).child(ref)
    form = HealthForm()
    is_removed = request.form.get("remove") == "yes"
    if is_removed or form.validate_on_submit():
        try:
            with transaction():
                decisions.replace_health_note(
                    child,
                    "" if is_removed else str(form.note.data),
                    sealer=current_sealer(),
                    is_refused=decisions.health_refused(child),
                    now=clock.now(),
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            done = _("The health note was saved.")
            flash(_("The health note was removed.") if is_removed else done, "success")
            return redirect(url_for("guardians.page", token=token), code=303)
    shown = render_template(
        "consents/health_note.html",
        token=token,
        child=child,
        form=form,
        has_note=child.health_sealed is not None,
        readers=_officers(child.school_id),
    )
    return (shown, 422) if form.errors else shown


def _officers(school_id: int) -> list[str]:
    """Return the names of those who can read what a guardian writes."""
    query = (
        select(Account.name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == Role.SCHOOL_OFFICER,
            RoleGrant.scope == ScopeKind.SCHOOL,
            RoleGrant.scope_id == school_id,
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.name)
    )
    return list(db.session.scalars(query))


def _country(link: GuardianLink) -> str:
    children = family_behind(link).children
    return children[0].school.country if children else "CN"


def _masked(phone: str | None) -> str:
    return f"…{phone[-4:]}" if phone else ""


def _masked_address(email: str | None) -> str:
    """Return the first letter and the domain: enough to recognise, not enough to write to."""
    name, _at, domain = (email or "").partition("@")
    return f"{name[:1]}…@{domain}" if domain else ""
