"""A guardian's private page: no account, no name of anybody else, nothing written by reading."""

import io
from typing import Any

import segno
from flask import Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import public
from scheduler.calendars.addresses import public_url
from scheduler.calendars.own_calendar_pages import own_calendar_list
from scheduler.consents import decisions, family, links
from scheduler.consents.calendar_views import calendars_at
from scheduler.consents.decisions import About, Said, Signature
from scheduler.consents.family import Question, Task
from scheduler.consents.forms import SignatureForm
from scheduler.consents.guardian_door import (
    OWN_PAGE,
    READS,
    WRITES,
    blueprint,
    family_behind,
    link_of,
)
from scheduler.consents.models import GuardianLink
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.extensions import limiter
from scheduler.people.models import ConsentPurpose
from scheduler.preferences import safe_next

Answer = str | tuple[str, int] | Response


@blueprint.get("/guardian/<string:token>")
@public(OWN_PAGE)
@limiter.limit(READS)
def page(token: str) -> Answer:
    """Show each child with what is asked, what was answered, and the guardian's own decisions."""
    link = link_of(token)
    at = calendars_at(link, token)
    return render_template(
        "consents/guardian.html",
        at=at,
        calendars=own_calendar_list(at),
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
    link = link_of(token)
    task = family_behind(link).task(ref, code)
    form = SignatureForm(data={"signer": link.guardian.name})
    form.offer_choices()
    form.is_answered = bool(_said())
    if form.validate_on_submit():
        try:
            with transaction():
                _answer(link, form, ref, code)
        except Refused as refusal:
            form.refuse(refusal)
            task = family_behind(link).task(ref, code)
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
    link = link_of(token)
    form = SignatureForm()
    form.offer_choices()
    with transaction():
        _answer(link, form, ref, code)
    flash(_("Saved. It holds from now on."), "success")
    return redirect(url_for("guardians.page", token=token), code=303)


@blueprint.get("/guardian/<string:token>/texts/<int:version>/<string:purpose>/<string:code>")
@public(OWN_PAGE)
@limiter.limit(READS)
def text(token: str, version: int, purpose: str, code: str) -> Answer:
    """Show the text that the guardian decided on, as it was then."""
    link = link_of(token)
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
    link = link_of(token)
    with transaction():
        links.choose_locale(link, request.form.get("locale", ""))
    return redirect(url_for("guardians.page", token=token), code=303)


@blueprint.get("/guardian/<string:token>/qr.svg")
@public(OWN_PAGE)
@limiter.limit("600 per minute")
def code(token: str) -> Response:
    """Draw the address of the page, for a slip."""
    link_of(token)
    picture = io.BytesIO()
    address = public_url() + url_for("guardians.page", token=token)
    segno.make(address, error="m").save(
        picture, kind="svg", border=3, light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    return Response(picture.getvalue(), content_type="image/svg+xml")


def _answer(link: GuardianLink, form: SignatureForm, ref: str, code: str) -> None:
    signature = Signature(link.guardian, str(form.signer.data or "")[:80], form.chosen_relation)
    decisions.answer(About(ref, code, link.locale), _said(), signature, now=clock.now())


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
