"""Pages of substitutions, for whichever school answers for the pupil: the lead, or a guest."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.applications import substitutions
from scheduler.applications.answer_services import find_own_member
from scheduler.applications.current_form import current_form
from scheduler.applications.entry_forms import MEMBER_PARTS, parts_with_answers
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.guests import own_people, part_people
from scheduler.applications.member_pages import flash_warnings, writing_of
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.queries import find_application, members_of
from scheduler.applications.reading import note_reading
from scheduler.applications.roster import read_member
from scheduler.applications.roster_records import RowReading
from scheduler.applications.substitution_entering import Wish, chosen, reading_of
from scheduler.applications.substitution_forms import (
    SubstitutionForm,
    proposed_values,
    substitution_form,
)
from scheduler.applications.substitution_models import SubstitutionState
from scheduler.applications.substitution_queries import (
    guests_requests_of,
    pupils_to_come,
    reasons_of,
    requests_of,
    rows_of,
)
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.organisations.models import School
from scheduler.people.keys import current_sealer
from scheduler.people.models import Person
from scheduler.programmes.date_services import substitutions_until
from scheduler.programmes.form_fields import FieldOwner
from scheduler.texts import sentence

Answer = str | Response | tuple[str, int]

MEMBER_SORTS: dict[str, Any] = {
    "position": (Member.position, Member.id),
    "name": (Person.sort_key, Person.name, Member.id),
    "part": (Member.part, Member.position, Member.id),
}
PUPIL_SORTS: dict[str, Any] = {"name": (Person.sort_key, Person.name, Person.id)}
LONGEST_SEARCH = 80
_OWN = {
    "group": "applications.show",
    "entry": "substitutions.entry",
    "choose": "substitutions.choose",
    "new": "substitutions.new",
}
_GUEST = {
    "group": "delegations.part",
    "entry": "delegations.substitutions",
    "choose": "delegations.choose_substitute",
    "new": "delegations.new_substitution",
}


@dataclass(frozen=True)
class Side:
    """The school whose pupils are substituted, and its pages: a guest's are those of its `part`."""

    application: Application
    school: School
    part: GuestPart | None = None

    @property
    def whose(self) -> ColumnElement[bool]:
        """The condition on people of the group that they are the school's."""
        return part_people(self.part) if self.part else own_people(self.application)

    def address(self, page: str = "entry", **place: Any) -> str:
        """Return the address of the `group`, its requests (`entry`), the choice, or the form."""
        if self.part is not None:
            return url_for(_GUEST[page], ref=self.part.ref, **place)
        return url_for(_OWN[page], ref=self.application.ref, **place)


def requests_page(side: Side) -> str:
    """What was asked for so far, and the members who can be substituted."""
    application = side.application
    pupils = members_of(application).where(Member.role == MemberRole.PUPIL, side.whose)
    page = page_of(pupils, sorts=MEMBER_SORTS, default_sort="position")
    asked = requests_of(application, side.school)
    pending = SubstitutionState.PENDING
    note_reading(application, people=len(page.items))
    return render_template(
        "applications/substitutions.html",
        side=side,
        application=application,
        members=page,
        rows=rows_of(asked, current_sealer()),
        reasons=reasons_of(application, asked),
        guests_requests=[] if side.part else guests_requests_of(application),
        waiting={each.leaving_id for each in asked if each.state is pending},
        until=substitutions_until(application.programme),
        most=substitutions.most_substitutions(application, side.school),
        used=substitutions.count_substitutions(application, side.school),
        refusal=_refusal(application),
    )


def choice_page(side: Side, person: str) -> str | Response:
    """Who comes: somebody whom the school has entered before, or somebody new."""
    leaving = find_own_member(side.application, side.school, person)
    if (text := _refusal(side.application)) is not None:
        return _back(side, text)
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    to_come = pupils_to_come(side.application, side.school, search)
    page = page_of(to_come, sorts=PUPIL_SORTS, default_sort="name")
    note_reading(side.application, people=len(page.items))
    return render_template(
        "applications/substitution_choose.html",
        side=side,
        application=side.application,
        leaving=leaving,
        pupils=page,
        search=search,
    )


def form_answer(side: Side, person: str) -> Answer:
    """What is entered of whoever comes, and why; then it is the coordinators' turn."""
    leaving = find_own_member(side.application, side.school, person)
    if (text := _refusal(side.application)) is not None:
        return _back(side, text)
    coming = chosen(request.args.get("coming"), side.school)
    form = substitution_form(current_form(side.application.category, side.school), coming)
    if not form.is_submitted():
        form.fill(proposed_values(leaving, coming), "")
        note_reading(side.application, people=1)
        return _form_page(form, side, leaving, coming)
    form.validate()
    address = side.address()
    if not _asked(form, side, leaving, coming):
        return _form_page(form, side, leaving, coming), 422
    text = _("The substitution has been asked for. The group stays as it is until it is approved.")
    flash(text, "success")
    return redirect(address, code=303)


def _refusal(application: Application) -> str | None:
    """Return why nobody can be substituted now."""
    try:
        substitutions.demand_open(application, clock.now())
    except Refused as refusal:
        return sentence(refusal.code, **refusal.facts)
    return None


def _back(side: Side, text: str) -> Response:
    flash(text, "warning")
    return redirect(side.address("group"))


def _asked(form: SubstitutionForm, side: Side, leaving: Member, coming: Person | None) -> bool:
    ref, person_ref = side.application.ref, leaving.person.ref
    coming_ref = coming.ref if coming else None
    category = side.application.category
    read: RowReading[Any] = RowReading(None)
    if coming is None:
        read = read_member(form.values(), reading_of(writing_of(side.school, category)))
        form.show_problems(read.problems)
    if form.errors:
        return False
    wish = Wish(form.reason.data or "", form.values(), coming_ref)
    try:
        with transaction():
            writing = writing_of(side.school, category)
            _made, found = substitutions.ask(find_application(ref), person_ref, wish, writing)
    except Refused as refusal:
        form.show_refusal(refusal)
        return False
    flash_warnings(form, read, found)
    return True


def _form_page(form: SubstitutionForm, side: Side, leaving: Member, coming: Person | None) -> str:
    plan = current_form(side.application.category, side.school)
    parts = parts_with_answers(MEMBER_PARTS, plan.entry_fields(FieldOwner.MEMBER))
    return render_template(
        "applications/substitution_form.html",
        form=form,
        side=side,
        application=side.application,
        leaving=leaving,
        coming=coming,
        parts=((_("Reason"), ("reason",)), *parts),
    )
