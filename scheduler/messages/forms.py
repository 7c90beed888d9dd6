"""What a coordinator fills in about a kind of message: subject and text in each language."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, SubmitField, TextAreaField

from scheduler.applications.models import Application
from scheduler.applications.queues import LONGEST_SEARCH
from scheduler.formats import bracketed
from scheduler.languages import LOCALES, html_language
from scheduler.messages.preview import Choice
from scheduler.notifications import own_words, templates
from scheduler.notifications.models import MessageText
from scheduler.notifications.own_words import Words, field_of
from scheduler.notifications.templates import OwnWords
from scheduler.states import state_look
from scheduler.web import BaseForm, select_choices, trimmed


def _subject(locale: str) -> StringField:
    return StringField(
        _l("Subject in %(language)s", language=LOCALES[locale]),
        filters=[trimmed],
        render_kw={"lang": html_language(locale), "maxlength": templates.SUBJECT_LENGTH},
    )


def _body(locale: str) -> TextAreaField:
    return TextAreaField(
        _l("Text in %(language)s", language=LOCALES[locale]),
        filters=[trimmed, lambda text: text and text.replace("\r\n", "\n")],
        render_kw={"lang": html_language(locale), "rows": 10},
    )


class WordsForm(BaseForm):
    version = HiddenField(default="0")
    subject_en = _subject("en")
    body_en = _body("en")
    subject_zh_hans = _subject("zh_Hans")
    body_zh_hans = _body("zh_Hans")
    subject_zh_hant_hk = _subject("zh_Hant_HK")
    body_zh_hant_hk = _body("zh_Hant_HK")
    search = StringField(
        _l("Find a case by group, school or number"),
        filters=[trimmed],
        render_kw={"type": "search", "maxlength": LONGEST_SEARCH},
    )
    case = SelectField(_l("Preview on this case"), validate_choice=False)
    save = SubmitField(_l("Save"))
    preview = SubmitField(_l("Preview"))

    def offer_cases(self, found: Choice) -> Application | None:
        """Fill the selection with what was found, and return the case that is chosen of it.

        Without any entries there is nothing to preview.
        """
        if not found.cases:
            del self.case
            if not self.search.data:
                del self.search, self.preview
            return None
        chosen = {each.ref: each for each in found.cases}
        case = chosen.get(str(self.case.data), found.cases[0])
        self.case.choices = select_choices((ref, _case_name(each)) for ref, each in chosen.items())
        self.case.data = case.ref
        return case

    def words(self) -> Words:
        """What was filled in, by locale."""
        return {
            locale: OwnWords(*(self._text(part, locale) for part in ("subject", "body")))
            for locale in LOCALES
        }

    def _text(self, part: str, locale: str) -> str:
        return str(self[field_of(part, locale)].data or "")


def word_values(text: MessageText | None) -> dict[str, Any]:
    """Return what the form shows of stored words."""
    values: dict[str, Any] = {"version": text.version if text else 0}
    for locale in LOCALES:
        own = own_words.words_in(text, locale)
        values |= {field_of("subject", locale): own.subject, field_of("body", locale): own.body}
    return values


def _case_name(application: Application) -> str:
    state = state_look(application.state).word
    return f"{application.school.name} · {application.group_name}{bracketed(str(state))}"
