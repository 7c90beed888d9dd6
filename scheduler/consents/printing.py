"""Paper forms: texts, boxes for yes and no, a line to sign, in each family's language.

They open nothing: no private address and no code of one stands on them.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from scheduler.consents import links
from scheduler.consents.paper_notices import guardians_of
from scheduler.consents.printed_texts import PrintedForm, current_form, printed_forms
from scheduler.consents.progress import SchoolPart, pupils_of
from scheduler.consents.services import asked_purposes
from scheduler.consents.texts import PURPOSE_LABELS, RELATION_LABELS, refusal_meaning
from scheduler.database import db
from scheduler.formats import named
from scheduler.languages import html_language
from scheduler.people.models import Guardian, Person


@dataclass(frozen=True, slots=True)
class PupilForm:
    """One pupil's form: who it is for and in which language."""

    person: Person
    guardians: list[Guardian]
    locale: str


def forms_for(part: SchoolPart, group: str) -> list[PupilForm]:
    """Return a form for each pupil, by name, in the language of the family's private page.

    Families without a page get the school's language.
    """
    query = select(Person).where(Person.id.in_(pupils_of(part.programme.id, part.school.id, group)))
    people = list(db.session.scalars(query.order_by(Person.sort_key, Person.name, Person.id)))
    guardians = guardians_of(part, [person.id for person in people])
    live = links.live_links({each.id for family in guardians.values() for each in family})
    found = []
    for person in people:
        family = guardians.get(person.id, [])
        chosen = next((live[each.id].locale for each in family if each.id in live), None)
        found.append(PupilForm(person, family, chosen or part.school.locale))
    return found


def words_in(part: SchoolPart, locale: str) -> dict[str, Any]:
    """Return what stands on every form of one language, whoever prints it."""
    form = current_form(printed_forms(part.programme.id), locale)
    with force_locale(locale):
        return _words(part) | {
            "language": html_language(locale),
            "questions": _questions(part, form),
            "code": form.code if form else "",
        }


def _words(part: SchoolPart) -> dict[str, Any]:
    return {
        "title": str(_("Consent of a guardian")),
        "to": str(_("To the guardian of")),
        "programme": named(part.programme.names),
        "task": str(
            _(
                "Please tick yes or no for each purpose, sign, and give the paper back to the "
                "school. Yes and no are both answers. The school enters them, and you can change "
                "each of them later on your private page."
            )
        ),
        "needed": str(_("Needed")),
        "choice": str(_("Your choice")),
        "yes": str(_("Yes, I consent")),
        "no": str(_("No, I refuse")),
        "name": str(_("Name of the signer")),
        "relation": str(_("I am the child's")),
        "relations": [str(label) for label in RELATION_LABELS.values()],
        "day": str(_("Date")),
        "signature": str(_("Signature")),
        "foot": str(_("Code of this paper, for the school")),
    }


def _questions(part: SchoolPart, form: PrintedForm | None) -> list[dict[str, Any]]:
    if form is None:
        return []
    return [
        {
            "purpose": asked.purpose,
            "label": str(PURPOSE_LABELS[asked.purpose]),
            "is_required": asked.is_required,
            "lines": [line for line in form.texts[asked.purpose].body.split("\n") if line],
            "version": str(_("version %(version)s", version=form.texts[asked.purpose].version)),
            "meaning": refusal_meaning(asked.purpose, asked.is_required),
        }
        for asked in asked_purposes(part.programme.id)
    ]
