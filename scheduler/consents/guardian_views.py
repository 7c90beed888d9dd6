"""A guardian's private page: no account, no name of anybody else, nothing written by reading."""

import io
from typing import Any

import segno
from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import refresh
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import public
from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant
from scheduler.calendars.addresses import public_url
from scheduler.consents import decisions, family, links
from scheduler.consents.decisions import Said, Signature
from scheduler.consents.family import Family, Question, Task
from scheduler.consents.forms import ContactForm, HealthForm, SignatureForm
from scheduler.consents.models import GuardianLink
from scheduler.database import db, transaction
from scheduler.errors import NotFound, Refused
from scheduler.extensions import limiter
from scheduler.people.keys import current_sealer
from scheduler.people.models import ConsentPurpose, Person
from scheduler.preferences import safe_next

blueprint = Blueprint("guardians", __name__)

OWN_PAGE = "the token in the address is the guardian's right to it"
READS = "120 per minute"
WRITES = "30 per minute"

Answer = str | tuple[str, int] | Response


@blueprint.get("/guardian/<string:token>")
@public(OWN_PAGE)
@limiter.limit(READS)
def page(token: str) -> Answer:
    """Show each child with what is asked, what was answered, and the guardian's own decisions."""
    link = _link(token)
    return render_template(
        "consents/guardian.html",
        token=token,
        link=link,
        family=family.family_of(link.guardian, link.locale),
        decisions=family.decisions_by(link.guardian),
    )


@blueprint.route(
    "/guardian/<string:token>/children/<string:ref>/<string:code>", methods=["GET", "POST"]
)
@public(OWN_PAGE)
@limiter.limit(READS)
@limiter.limit(WRITES, methods=["POST"])
def questions(token: str, ref: str, code: str) -> Answer:
    """Show the open questions about a child, and take the answers."""
    link = _link(token)
    task = _family(link).task(ref, code)
    form = SignatureForm(data={"signer": link.guardian.name})
    form.offer_choices()
    if form.validate_on_submit():
        try:
            with transaction():
                _answer(link, form, ref, code)
        except Refused as refusal:
            form.refuse(refusal)
            task = _family(link).task(ref, code)
        else:
            flash(_("Your answers were saved. They hold from now on."), "success")
            return redirect(url_for("guardians.page", token=token), code=303)
    shown = render_template(
        "consents/questions.html",
        token=token,
        task=task,
        shown=_shown(task),
        form=form,
        chosen={purpose: request.form.get(f"answer-{purpose}") for purpose in ConsentPurpose},
    )
    return (shown, 422) if form.errors else shown


@blueprint.post("/guardian/<string:token>/children/<string:ref>/<string:code>/change")
@public(OWN_PAGE)
@limiter.limit(WRITES)
def change(token: str, ref: str, code: str) -> Answer:
    """Withdraw a consent, or give one after all, with one press."""
    link = _link(token)
    form = SignatureForm()
    form.offer_choices()
    with transaction():
        _answer(link, form, ref, code)
    flash(_("Saved. It holds from now on."), "success")
    return redirect(url_for("guardians.page", token=token), code=303)


@blueprint.route("/guardian/<string:token>/contact", methods=["GET", "POST"])
@public(OWN_PAGE)
@limiter.limit(READS)
@limiter.limit(WRITES, methods=["POST"])
def contact(token: str) -> Answer:
    """Take a new phone number or mail address of the guardian."""
    link = _link(token)
    form = ContactForm()
    if form.validate_on_submit():
        try:
            with transaction():
                decisions.correct_contact(
                    link.guardian,
                    phone=str(form.phone.data or ""),
                    email=str(form.email.data or ""),
                    country=_country(link),
                    now=clock.now(),
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
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
    """Take a new health note of a child. The stored one is not shown: the link may be lost."""
    link = _link(token)
    child = _family(link).child(ref)
    form = HealthForm()
    if form.validate_on_submit():
        try:
            with transaction():
                decisions.replace_health_note(
                    child,
                    str(form.note.data or ""),
                    sealer=current_sealer(),
                    is_refused=decisions.health_refused(child),
                    now=clock.now(),
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("The health note was saved."), "success")
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


@blueprint.get("/guardian/<string:token>/texts/<int:version>/<string:purpose>/<string:code>")
@public(OWN_PAGE)
@limiter.limit(READS)
def text(token: str, version: int, purpose: str, code: str) -> Answer:
    """Show the text that the guardian decided on, as it was then."""
    link = _link(token)
    for consent, _person, programme in family.decisions_by(link.guardian):
        key = (consent.text_version, consent.purpose, programme.code)
        if key == (version, purpose, code):
            found = family.text_of(consent)
            return render_template("consents/text.html", token=token, text=found)
    raise NotFound


@blueprint.post("/guardian/<string:token>/language")
@public(OWN_PAGE)
@limiter.limit(WRITES)
def choose_language(token: str) -> Response:
    """Write the page, and mails to the guardian, in another language."""
    link = _link(token)
    with transaction():
        links.choose_locale(link, request.form.get("locale", ""))
    return redirect(url_for("guardians.page", token=token), code=303)


@blueprint.get("/guardian/<string:token>/qr.svg")
@public(OWN_PAGE)
@limiter.limit("600 per minute")
def code(token: str) -> Response:
    """Draw the address of the page, for a slip."""
    _link(token)
    picture = io.BytesIO()
    address = public_url() + url_for("guardians.page", token=token)
    segno.make(address, error="m").save(
        picture, kind="svg", border=3, light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    return Response(picture.getvalue(), content_type="image/svg+xml")


def _link(token: str) -> GuardianLink:
    """Return the live link and speak its language; a replaced one answers 410."""
    link = links.link_by_token(token)
    g.locale = link.locale
    refresh()
    if link.revoked_at is not None:
        abort(410)
    return link


def _family(link: GuardianLink) -> Family:
    return family.family_of(link.guardian, link.locale)


def _answer(link: GuardianLink, form: SignatureForm, ref: str, code: str) -> None:
    """Store what was answered about a child; looked up anew inside the transaction."""
    task: Task = _family(link).task(ref, code)
    signature = Signature(link.guardian, str(form.signer.data or "")[:80], form.chosen_relation)
    decisions.answer(task, _said(), signature, now=clock.now())


def _shown(task: Task) -> list[Question]:
    """Return the open questions, or the one that the address names."""
    named = request.args.get("purpose")
    return [
        question
        for question in task.questions
        if (question.purpose == named if named else question.is_open)
    ]


def _said() -> dict[ConsentPurpose, Said]:
    """Read the answers: `answer-image=yes`, with `version-image` of the text that was shown."""
    found = {}
    for purpose in ConsentPurpose:
        word = request.form.get(f"answer-{purpose}")
        if word in {"yes", "no"}:
            version = request.form.get(f"version-{purpose}", 0, type=int)
            found[purpose] = Said(word == "yes", version)
    return found


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
    children: list[Person] = _family(link).children
    return children[0].school.country if children else "CN"


def _masked(phone: str | None) -> str:
    return f"…{phone[-4:]}" if phone else ""


def _masked_address(email: str | None) -> str:
    """Return the first letter and the domain: enough to recognise, not enough to write to."""
    name, _at, domain = (email or "").partition("@")
    return f"{name[:1]}…@{domain}" if domain else ""


@blueprint.after_request
def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    # Not `no-referrer`: over HTTPS the forms of the page itself must name where they come from.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _remember_locale(locale: str) -> None:
    """The language switch of the frame, used on a guardian's page, chooses for page and mails."""
    parts: list[Any] = safe_next(request.form.get("next")).split("/")
    if parts[1:2] != ["guardian"]:
        return
    try:
        link = links.link_by_token(parts[2].partition("?")[0])
    except (NotFound, IndexError):
        return
    with transaction():
        links.choose_locale(link, locale)


def init_app(app: Flask) -> None:
    """Register the pages, and let the frame's language switch reach them."""
    app.register_blueprint(blueprint)
    app.extensions["remember_locale"].append(_remember_locale)
