"""The coordinator's pages: a programme's messages, and one kind of them in own words."""

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.models import Application
from scheduler.database import transaction
from scheduler.errors import Conflict, Refused
from scheduler.languages import LOCALES
from scheduler.messages import preview, services
from scheduler.messages.blueprint import blueprint
from scheduler.messages.forms import WordsForm, word_values
from scheduler.messages.texts import PLACEHOLDER_WORDS, READER_LABELS
from scheduler.notifications import own_words, templates
from scheduler.notifications.models import MessageText
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.web import shown_version

Answer = str | tuple[str, int] | Response


@blueprint.get("/programmes/<string:code>/messages")
@access(Permission.APPLICATION_DECIDE, find_programme)
def index(thing: Programme) -> str:
    """List the kinds of mails, whom they go to, and in which languages they have own words."""
    own = own_words.of_programme(thing.id)
    locale = str(get_locale())
    rows = [
        {
            "code": code,
            "label": kind.label,
            "readers": READER_LABELS[kind.readers],
            "own": _languages(own.get(code)),
            "subject": own_words.words_in(own.get(code), locale).subject
            or templates.house_words(code, locale=locale).subject,
        }
        for code, kind in templates.adaptable().items()
    ]
    return render_template("messages/index.html", programme=thing, rows=rows)


@blueprint.route("/programmes/<string:code>/messages/<string:kind>", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_programme)
def edit(thing: Programme, kind: str) -> Answer:
    """Show a kind's own words and how they read about a real case; keep them, or only look."""
    services.find_kind(kind)
    form = WordsForm(data=word_values(own_words.find(thing.id, kind)))
    found = preview.cases_of(thing, form.search.data or "")
    case = form.offer_cases(found)
    problem, status = None, 200
    if form.validate_on_submit():
        try:
            if "preview" in form and form.preview.data:
                own_words.check(kind, form.words())
            else:
                return _save(thing, kind, form)
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
        except Conflict:
            problem, status = _keep_typed(thing, kind, form), 409
    return _page(thing, kind, form, found.total, case, problem), status


@blueprint.post("/programmes/<string:code>/messages/<string:kind>/reset")
@access(Permission.APPLICATION_DECIDE, find_programme)
def reset(thing: Programme, kind: str) -> Response:
    """Go back to the house's text of a kind."""
    services.find_kind(kind)
    with transaction():
        services.reset(thing, kind, version=shown_version(), actor=current_actor(), now=clock.now())
    flash(_("The standard text is used again."), "success")
    return redirect(url_for("messages.edit", code=thing.code, kind=kind), code=303)


def _save(programme: Programme, kind: str, form: WordsForm) -> Response:
    with transaction():
        services.save(
            programme,
            kind,
            form.words(),
            version=shown_version(),
            actor=current_actor(),
            now=clock.now(),
        )
    flash(_("Saved. Mails from now on use these words; those in the outbox stay as they are."))
    return redirect(url_for("messages.index", code=programme.code), code=303)


def _keep_typed(programme: Programme, kind: str, form: WordsForm) -> str:
    """Let a second try replace what somebody else has saved, and say so."""
    stored = own_words.find(programme.id, kind)
    form.version.data = str(stored.version if stored else 0)
    return str(
        _(
            "Somebody else has saved these words since you opened the page, so nothing was saved. "
            "What you have entered stands below. Save again to put yours in place of theirs."
        )
    )


def _page(
    programme: Programme,
    kind: str,
    form: WordsForm,
    total: int,
    case: Application | None,
    problem: str | None,
) -> str:
    names = templates.placeholders(kind)
    return render_template(
        "messages/edit.html",
        programme=programme,
        kind=kind,
        label=templates.adaptable()[kind].label,
        form=form,
        problem=problem,
        stored=own_words.find(programme.id, kind),
        house={locale: templates.house_words(kind, locale=locale) for locale in LOCALES},
        placeholders=[(f"{{{name}}}", PLACEHOLDER_WORDS[name]) for name in names],
        essentials=[f"{{{name}}}" for name in templates.essentials(kind)],
        case=case,
        total=total,
        previews=_previews(kind, form, case),
    )


def _previews(kind: str, form: WordsForm, case: Application | None) -> dict[str, object]:
    if case is None or form.errors:
        return {}
    shown: dict[str, object] = preview.previews(kind, case, form.words(), now=clock.now())
    return shown


def _languages(text: MessageText | None) -> list[str]:
    return [name for locale, name in LOCALES.items() if own_words.words_in(text, locale) != _BLANK]


_BLANK = templates.OwnWords()
