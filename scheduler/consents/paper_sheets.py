"""The pupils whose papers are typed in together, what stands for each, and what was typed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from sqlalchemy import Select, func, select
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from scheduler.accounts.models import Account
from scheduler.applications.file_checks import CheckedFile, checked_file
from scheduler.applications.file_storage import file_limits
from scheduler.consents.family import Task, tasks_in
from scheduler.consents.paper_checks import (
    PRINTED,
    RELATION,
    SIGNED,
    SIGNER,
    Paper,
    PapersRefused,
    answers_open,
    field_name,
)
from scheduler.consents.paper_notices import guardians_of
from scheduler.consents.printed_texts import PrintedForm, printed_forms
from scheduler.consents.progress import SchoolPart, pupils_of
from scheduler.consents.texts import PURPOSE_LABELS, RELATION_LABELS
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.formats import format_day, local
from scheduler.languages import LOCALES
from scheduler.people.consent_models import PaperScan
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Person, Relation
from scheduler.programmes.fields import sensible_year
from scheduler.texts import sentence
from scheduler.web import BaseForm, select_choices, trimmed

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pupils of one group, or one of them, with the papers that can have been printed."""

    part: SchoolPart
    tasks: list[Task]
    guardians: dict[int, list[Guardian]]
    forms: list[PrintedForm]

    @property
    def purposes(self) -> list[ConsentPurpose]:
        """Return what is asked, which is the same for all."""
        return [question.purpose for question in self.tasks[0].questions] if self.tasks else []


def sheet_of(part: SchoolPart, group: str, pupil: str = "") -> Sheet:
    """Return the sheet of a group or of one pupil, by name; six queries however many they are."""
    query = select(Person).where(Person.id.in_(pupils_of(part.programme.id, part.school.id, group)))
    if pupil:
        query = query.where(Person.ref == pupil)
    people = list(db.session.scalars(query.order_by(Person.sort_key, Person.name, Person.id)))
    tasks = tasks_in(part.programme, people, part.school.locale)
    return Sheet(
        part,
        [tasks[person.id] for person in people],
        guardians_of(part, [person.id for person in people]),
        printed_forms(part.programme.id),
    )


def scans_of(part: SchoolPart) -> Select[Any]:
    """Return the query for the part's scans, with how many answers each of them shows."""
    query: Any = (
        select(
            PaperScan.ref,
            PaperScan.file_name,
            PaperScan.recorded_at,
            Account.name.label("recorder"),
            func.count(Consent.id).label("words"),
            func.count(Consent.person_id.distinct()).label("pupils"),
        )
        .join(Account, PaperScan.account_id == Account.id)
        .outerjoin(Consent, Consent.scan_id == PaperScan.id)
        .where(PaperScan.programme_id == part.programme.id, PaperScan.school_id == part.school.id)
        .group_by(PaperScan.id, Account.id)
    )
    scans: Select[Any] = query
    return scans


class PapersForm(BaseForm):
    """What holds for all papers; the fields about each pupil are added by `papers_form`."""

    signed_on = DateField(
        _l("Signed on"),
        validators=[Optional(), sensible_year],
        description=_l("For all rows that have no day of their own."),
    )
    printed = SelectField(
        _l("Code at the foot of the paper"),
        description=_l(
            "It tells which text was signed, in which language. For all rows without a code."
        ),
    )
    file = FileField(
        _l("Scan of the signed papers"),
        description=_l(
            "One PDF, JPEG or PNG with all papers of this table. It is kept encrypted, and only "
            "the officers of the school can open it."
        ),
        render_kw={"accept": ".pdf,.jpg,.jpeg,.png"},
    )

    nothing_saved = ""
    """What is said above all that is wrong; itself it is no fault, and is not counted as one."""

    def checked_scan(self) -> CheckedFile | None:
        """Return the scan if it may be kept; otherwise None, and the field says why not."""
        limits = file_limits()
        sent = self.file.data
        content = sent.stream.read(limits.most_bytes + 1) if sent else b""
        try:
            return checked_file(getattr(sent, "filename", None) or "", content, limits)
        except Refused as refused:
            self.refuse(refused)
            return None

    def papers(self, sheet: Sheet, today: dt.date) -> list[Paper]:
        """Return what was typed for each pupil who has an answer."""
        forms = {form.code: form for form in sheet.forms}
        found = [self._paper(task, forms, today) for task in sheet.tasks]
        return [paper for paper in found if paper.said]

    def show(self, refused: PapersRefused) -> None:
        """Show each problem beside its field, and above them that nothing was saved."""
        self.nothing_saved = sentence(refused.code)
        for name, refusal in refused.problems.items():
            field = self[name]
            field.errors = [*field.errors, sentence(refusal.code, **refusal.facts)]

    def _paper(self, task: Task, forms: dict[str, PrintedForm], today: dt.date) -> Paper:
        ref = task.child.ref

        def typed(part: str) -> Any:
            name = field_name(part, ref)
            return self[name].data if name in self else None

        relation = typed(RELATION)
        said = {
            question.purpose: answer == YES
            for question in task.questions
            if (answer := typed(question.purpose)) in {YES, NO}
        }
        return Paper(
            ref=ref,
            said=said,
            signer=typed(SIGNER) or "",
            relation=Relation(relation) if relation else None,
            signed_on=typed(SIGNED) or self.signed_on.data,
            form=forms.get(typed(PRINTED) or self.printed.data),
            today=today,
        )


def papers_form(sheet: Sheet) -> PapersForm:
    """Return the form for a sheet: no answer is chosen beforehand, the first guardian has signed.

    Where a guardian's word on the private page stands, only what paper may say is offered.
    """
    codes = [("", "–"), *((form.code, form_label(form, sheet)) for form in sheet.forms)]
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for task in sheet.tasks:
        fields |= _fields_of(task, [("", "–"), *((form.code, form.code) for form in sheet.forms)])
        guardians = sheet.guardians.get(task.child.id)
        values[field_name(SIGNER, task.child.ref)] = guardians[0].name if guardians else ""
    form_class = type("PapersForm", (PapersForm,), fields)
    form: PapersForm = form_class(data=values)
    form.printed.choices = select_choices(codes)
    return form


def form_label(form: PrintedForm, sheet: Sheet) -> str:
    """Return what tells a printed form from others: code, language, since when."""
    day = local(form.published_at, sheet.part.programme.timezone).date()
    facts = {"code": form.code, "language": LOCALES[form.locale], "day": format_day(day)}
    return str(_("%(code)s · %(language)s · since %(day)s", **facts))


def _fields_of(task: Task, codes: Iterable[tuple[str, str]]) -> dict[str, Any]:
    ref, name = task.child.ref, task.child.name
    fields: dict[str, Any] = {}
    for question in task.questions:
        open_answers = answers_open(question.word)
        choices = [("", "–")]
        choices += [(YES, _("yes"))] if True in open_answers else []
        choices += [(NO, _("no"))] if False in open_answers else []
        if len(choices) > 1:
            label = _about(name, PURPOSE_LABELS[question.purpose])
            fields[field_name(question.purpose, ref)] = SelectField(
                label, choices=select_choices(choices), default=""
            )
    fields[field_name(SIGNER, ref)] = StringField(
        _about(name, _("Signed by")),
        validators=[Length(max=80)],
        filters=[trimmed],
        render_kw={"autocomplete": "off"},
    )
    fields[field_name(RELATION, ref)] = SelectField(
        _about(name, _("Relation")),
        choices=select_choices([("", "–"), *RELATION_LABELS.items()]),
        default="",
    )
    fields[field_name(SIGNED, ref)] = DateField(
        _about(name, _("Signed on")), validators=[Optional(), sensible_year]
    )
    fields[field_name(PRINTED, ref)] = SelectField(
        _about(name, _("Code of the paper")), choices=select_choices(codes), default=""
    )
    return fields


def _about(name: str, label: object) -> str:
    return str(_("%(name)s: %(value)s", name=name, value=label))
