"""An entry as the form that a school signs and seals: filled in, with the code of its content."""

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.applications import sealed_forms
from scheduler.applications.case_facts import case_facts
from scheduler.applications.current_form import form_for
from scheduler.applications.models import Application
from scheduler.applications.queries import find_application
from scheduler.applications.reading import note_case_copy
from scheduler.applications.viewers import Viewer
from scheduler.errors import NotFound
from scheduler.formats import named
from scheduler.programmes.kinds import SealedForm
from scheduler.reports.blueprint import blueprint
from scheduler.reports.entry_parts import write_answers, write_works
from scheduler.reports.pdf_answer import pdf_answer

if TYPE_CHECKING:
    from scheduler.reports.paper import Paper


@blueprint.get("/applications/<string:ref>/sealed-form/print")
@access(Permission.APPLICATION_ENTER, find_application)
def sealed_form(thing: Application) -> Response:
    """The form in the reader's language; it names adults, and of pupils only how many they are."""
    if thing.category.sealed_form is SealedForm.NONE:
        raise NotFound
    content = sealed_pdf(thing, locale=str(get_locale()), font=current_app.config["PDF_FONT"])
    note_case_copy(thing, people=0)
    return pdf_answer(content, f"{thing.ref}-form")


def sealed_pdf(application: Application, *, locale: str, font: str = "") -> bytes:
    """Return the PDF; raises `Refused` without a Chinese font."""
    from scheduler.reports.paper import Paper  # noqa: PLC0415 - loads fpdf and fontTools

    code = sealed_forms.check_code(sealed_forms.content_digest(application))
    mark = _("%(ref)s · check code %(code)s", ref=application.ref, code=code)
    paper = Paper(application.group_name, locale, mark, font=font)
    paper.heading(_("Registration form"))
    paper.paragraph(named(application.programme.names), is_quiet=True)
    _write_entry(paper, application, code)
    _write_content(paper, application)
    _write_declaration(paper)
    return paper.content()


def _write_entry(paper: "Paper", application: Application, code: str) -> None:
    school, (pupils, girls, boys) = application.school, sealed_forms.counts_of(application)
    paper.facts(
        [
            (_("Reference"), application.ref),
            (_("Check code"), code),
            (_("School"), school.name),
            (_("Category"), named(application.category.names)),
            (_("Group's name"), application.group_name),
            (
                _("Pupils"),
                _("%(all)s (girls %(girls)s, boys %(boys)s)", all=pupils, girls=girls, boys=boys),
            ),
            (_("Voicing"), application.voicing or ""),
            (_("Instruments and equipment"), application.equipment or ""),
            (_("Introduction"), application.introduction or ""),
        ]
    )


def _write_content(paper: "Paper", application: Application) -> None:
    form = form_for(application)
    sealed = replace(form, fields=tuple(filter(sealed_forms.is_sealed, form.fields)))
    facts = case_facts(application, sealed, Viewer.OFFICER)
    write_works(paper, facts)
    write_answers(paper, facts)
    paper.section(_("People in charge"))
    paper.facts(facts.adults)


def _write_declaration(paper: "Paper") -> None:
    paper.section(_("Declaration of the school"))
    paper.paragraph(
        _(
            "The school confirms that what is entered under the check code is true, that the "
            "pupils whom it has entered are its own, and that it holds their guardians' consent."
        )
    )
    blank = "\n\n\n"
    paper.facts(
        [
            (_("Head of the school (signature)"), blank),
            (_("Seal of the school"), blank * 2),
            (_("Date"), "\n"),
        ]
    )
