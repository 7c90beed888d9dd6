"""The page on which coordinators' fields are answered one by one: what it asks whom, and how."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import get_locale

from scheduler import clock
from scheduler.access.guard import current_actor
from scheduler.applications.answer_services import Answering, answers_of, answers_seen
from scheduler.applications.current_form import current_form, form_for
from scheduler.applications.entry_forms import EntryForm, answer_form
from scheduler.applications.file_forms import FileForm
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.guests import shown_in_full
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.queries import members_of
from scheduler.applications.reading import note_reading
from scheduler.applications.shown_answers import file_names
from scheduler.applications.viewers import Viewer, answerable, viewer_of
from scheduler.applications.workflow import State
from scheduler.errors import NotFound
from scheduler.listing import page_of
from scheduler.people.keys import current_sealer
from scheduler.people.models import Person
from scheduler.programmes.form_fields import AskedWhen, FieldKind, FieldOwner, FieldSpec

SORTS: dict[str, Any] = {
    "position": (Member.position, Member.id),
    "name": (Person.sort_key, Person.name, Member.id),
}


@dataclass(frozen=True)
class Asking:
    """What the reader is asked now about a group, or about one of its members.

    With a `part` the reader is of that guest school, and its addresses are the part's.
    """

    application: Application
    member: Member | None
    plan: FormPlan
    viewer: Viewer | None
    part: GuestPart | None = None

    @property
    def specs(self) -> list[FieldSpec]:
        """All fields that the reader can answer now."""
        return self.specs_about(FieldOwner.GROUP if self.member is None else FieldOwner.MEMBER)

    @property
    def typed(self) -> list[FieldSpec]:
        """Those that are filled in."""
        return [spec for spec in self.specs if spec.kind is not FieldKind.FILE]

    @property
    def asks_members(self) -> bool:
        """Tell whether a group's page leads on to its members."""
        return self.member is None and bool(self.specs_about(FieldOwner.MEMBER))

    @property
    def back(self) -> str:
        """Where the reader came from."""
        if self.part is not None:
            return url_for("delegations.part", ref=self.part.ref)
        endpoint = "applications.show" if self.member is None else "answers.group"
        return url_for(endpoint, ref=self.application.ref)

    @property
    def own(self) -> str:
        """The address of the page itself."""
        ref = self.application.ref
        if self.member is None:
            return url_for("answers.group", ref=ref)
        person = self.member.person.ref
        if self.part is not None:
            return url_for("delegations.answers", ref=self.part.ref, person=person)
        return url_for("answers.member", ref=ref, person=person)

    def file_address(self, spec: FieldSpec, action: str) -> str:
        """Return where a file is sent (`upload`) or taken back (`remove`)."""
        field = spec.code
        if self.member is None:
            return url_for(f"answers.{action}", ref=self.application.ref, field=field)
        person = self.member.person.ref
        if self.part is not None:
            endpoint = "delegations.upload" if action == "upload" else "delegations.remove_file"
            ref = self.part.ref
        else:
            endpoint, ref = f"answers.{action}_of_member", self.application.ref
        return url_for(endpoint, ref=ref, person=person, field=field)

    def download_address(self, file: str) -> str:
        """Return where a stored file is read."""
        if self.part is not None and self.member is not None:
            person = self.member.person.ref
            return url_for("delegations.download", ref=self.part.ref, person=person, file=file)
        return url_for("answers.download", ref=file)

    def specs_about(self, owner: FieldOwner) -> list[FieldSpec]:
        """Return what the reader can answer now about groups or members."""
        return answerable(self.viewer, self.application, self.plan, owner)

    def file_field(self, code: str) -> FieldSpec:
        """Return the field of a file; raises `NotFound` unless the reader can answer it now."""
        for spec in self.specs:
            if spec.code == code and spec.kind is FieldKind.FILE:
                return spec
        raise NotFound

    def answering(self) -> Answering:
        """Return who answers, as services take it."""
        return Answering(current_actor(), self.plan, current_sealer(), clock.now())

    def form(self) -> EntryForm:
        """Return the form, as it was sent."""
        return answer_form(self.plan, self.typed)

    def filled_form(self) -> EntryForm:
        """Return the form with what is stored."""
        form = self.form()
        form.fill(*self.stored())
        return form

    def stored(self) -> tuple[dict[str, str | None], str]:
        """Return what is stored, as the form shows it, and its fingerprint."""
        sealer = current_sealer()
        answers = answers_of(self.application, self.member, sealer)
        shown = self.plan.written_all(dict(answers), str(get_locale()))
        return {**shown, **self.plan.chosen(answers)}, answers_seen(answers, sealer)


def asking(application: Application, member: Member | None) -> Asking:
    """Return what the reader is asked now; raises `NotFound` if that is nothing.

    Guest schools' pupils are asked about by `asking_part`, whoever else may look at them.
    """
    viewer = viewer_of(current_actor(), application)
    if member is not None and not shown_in_full([member], application, viewer):
        raise NotFound
    found = Asking(application, member, form_for(application), viewer)
    if not found.specs and not found.asks_members:
        raise NotFound
    return found


def asking_part(part: GuestPart, member: Member) -> Asking:
    """Return what the guest school is asked now about its pupil; raises `NotFound` as above."""
    if member.person.school_id != part.school_id:
        raise NotFound
    application = part.application
    plan = current_form(application.category, part.school)
    found = Asking(application, member, plan, Viewer.OFFICER, part)
    if not found.specs:
        raise NotFound
    return found


def answers_link(application: Application, plan: FormPlan, viewer: Viewer | None) -> str | None:
    """Return the address of the page if the reader has to go there: None if the entry form of a
    draft asks the same.
    """
    found = Asking(application, None, plan, viewer)
    specs = [*found.specs, *found.specs_about(FieldOwner.MEMBER)]
    is_in_entry_form = viewer is Viewer.OFFICER and application.state is State.DRAFT
    if is_in_entry_form:
        specs = [
            spec
            for spec in specs
            if spec.kind is FieldKind.FILE or spec.asked_when is AskedWhen.ACCEPTED
        ]
    return found.own if specs else None


def answers_page(
    asked: Asking, form: EntryForm, refused: tuple[FieldSpec, FileForm] | None = None
) -> str:
    """Return the page: the form, files, and the members who are asked about."""
    application, member = asked.application, asked.member
    answers = dict(answers_of(application, member, current_sealer()))
    members = None
    if asked.asks_members:
        pupils = members_of(application).where(Member.role == MemberRole.PUPIL)
        if asked.viewer is not Viewer.STAFF:
            pupils = pupils.where(Person.school_id == application.school_id)
        members = page_of(pupils, sorts=SORTS, default_sort="position")
        note_reading(application, people=len(members.items))
    elif member is not None:
        note_reading(application, people=1)
    files = [spec for spec in asked.specs if spec.kind is FieldKind.FILE]
    return render_template(
        "applications/answers.html",
        asked=asked,
        application=application,
        member=member,
        form=form,
        files=[(spec, answers.get(spec.code), _file_form(spec, refused)) for spec in files],
        names=file_names(answers.get(spec.code) for spec in files),
        members=members,
        most=current_app.config["MAX_FILE_BYTES"] // 2**20,
    )


def _file_form(spec: FieldSpec, refused: tuple[FieldSpec, FileForm] | None) -> FileForm:
    if refused is not None and refused[0] is spec:
        return refused[1]
    return FileForm(formdata=None, prefix=f"{spec.code}-")
