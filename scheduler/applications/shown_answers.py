"""Answers to coordinators' fields as pages show them: only those that the reader may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from scheduler.applications.answers_kept import opened_answers
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.models import Application, Member, StoredFile
from scheduler.applications.viewers import Viewer, can_see
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.formats import named
from scheduler.people.models import Person
from scheduler.people.sealing import Sealer
from scheduler.programmes.form_fields import Answers, AskedWhen, FieldKind, FieldOwner, FieldSpec


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer in the reader's words; `file` is the reference of a file, `link` of a video.

    One that was given before its question was retired, or its condition ceased to hold, stays.
    """

    label: str
    text: str | None
    file: str | None = None
    link: str | None = None
    is_asked: bool = True

    @property
    def words(self) -> str:
        """Return the answer as paper shows it, and whether its question is no longer asked."""
        text = self.text or _("not given")
        return text if self.is_asked else f"{text} {_('(no longer asked)')}"


def group_answers(
    application: Application, form: FormPlan, viewer: Viewer | None
) -> list[ShownAnswer]:
    """Return what was answered about the group, and what it is asked and has not answered."""
    specs = visible_fields(form.fields, viewer, FieldOwner.GROUP)
    files = _files_of([application.answers], specs)
    return [
        _shown(spec, application.answers, form, files)
        for spec in specs
        if spec.code in application.answers or _is_open(spec, application)
    ]


def member_answers(
    members: Iterable[Member], form: FormPlan, viewer: Viewer | None, sealer: Sealer
) -> dict[int, list[ShownAnswer]]:
    """Return what was answered about each member, by the member's key."""
    specs = visible_fields(form.fields, viewer, FieldOwner.MEMBER)
    if not specs:
        return {}
    opened = {member.id: opened_answers(member.answers, sealer) for member in members}
    files = _files_of(opened.values(), specs)
    return {
        key: [_shown(spec, answers, form, files) for spec in specs if spec.code in answers]
        for key, answers in opened.items()
    }


def answers_in_words(
    kept: Iterable[Answers], specs: Sequence[FieldSpec]
) -> list[tuple[str | None, ...]]:
    """Return what each row of a list answers to the fields, in their order, in two queries.

    The rows may be of several schools and categories: files and people are named as they are now.
    """
    rows = list(kept)
    names = _files_of(rows, specs) | _adults_of(rows, specs)
    form, locale = FormPlan(tuple(specs)), str(get_locale())
    return [
        tuple(
            names.get(answers[spec.code], answers[spec.code])
            if spec.kind in {FieldKind.FILE, FieldKind.PERSON} and spec.code in answers
            else form.shown(spec.mark, answers.get(spec.code), locale)
            for spec in specs
        )
        for answers in rows
    ]


def visible_fields(
    fields: Iterable[FieldSpec], viewer: Viewer | None, owner: FieldOwner
) -> list[FieldSpec]:
    """Return the fields of an owner whose answers the viewer may see, retired ones included."""
    return [spec for spec in fields if spec.owner is owner and can_see(viewer, spec)]


def file_names(refs: Iterable[str | None]) -> dict[str, str]:
    """Return the names of files by their references."""
    wanted = [ref for ref in refs if ref is not None]
    if not wanted:
        return {}
    query = select(StoredFile.ref, StoredFile.file_name).where(StoredFile.ref.in_(wanted))
    return {row.ref: row.file_name for row in db.session.execute(query)}


def _is_open(spec: FieldSpec, application: Application) -> bool:
    """Tell whether a field is asked by now, so that a missing answer says something."""
    is_due = spec.asked_when is AskedWhen.ENTRY or application.state is State.ACCEPTED
    return is_due and not spec.is_retired and spec.is_asked(application.answers)


def _shown(spec: FieldSpec, answers: Answers, form: FormPlan, files: dict[str, str]) -> ShownAnswer:
    label, stored = named(dict(spec.names)), answers.get(spec.code)
    if stored is None:
        return ShownAnswer(label, None)
    is_asked = spec.is_asked(answers) and not spec.is_retired
    if spec.kind is FieldKind.FILE:
        return ShownAnswer(label, files.get(stored), file=stored, is_asked=is_asked)
    if spec.kind is FieldKind.VIDEO:
        return ShownAnswer(label, stored, link=stored, is_asked=is_asked)
    text = form.shown(spec.mark, stored, str(get_locale()))
    return ShownAnswer(label, text, is_asked=is_asked)


def _files_of(rows: Iterable[Answers], specs: Sequence[FieldSpec]) -> dict[str, str]:
    return file_names(_stored(rows, specs, FieldKind.FILE))


def _adults_of(rows: Iterable[Answers], specs: Sequence[FieldSpec]) -> dict[str, str]:
    refs = _stored(rows, specs, FieldKind.PERSON)
    if not refs:
        return {}
    query = select(Person.ref, Person.name).where(Person.ref.in_(refs))
    return {row.ref: row.name for row in db.session.execute(query)}


def _stored(rows: Iterable[Answers], specs: Sequence[FieldSpec], kind: FieldKind) -> set[str]:
    codes = [spec.code for spec in specs if spec.kind is kind]
    return {answers[code] for answers in rows for code in codes if code in answers}
