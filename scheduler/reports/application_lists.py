"""The lists about applications: the queue, the people of its groups, one group's members."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, raiseload

from scheduler.access.permissions import Actor, Permission, can
from scheduler.applications import levels, queries, queues
from scheduler.applications.case_facts import age_band
from scheduler.applications.current_form import current_form, form_for
from scheduler.applications.entry_facts import entries_by_id
from scheduler.applications.findings import findings_by_id, kinds_of
from scheduler.applications.guests import is_guest
from scheduler.applications.models import Application, Member
from scheduler.applications.school_views import MEMBER_SORTS
from scheduler.applications.texts import ROLE_LABELS, finding_count
from scheduler.applications.viewers import Viewer, viewer_of
from scheduler.delegations.queries import PART_SORTS, find_part, pupils_of_part
from scheduler.errors import NotAllowed, NotFound
from scheduler.formats import named
from scheduler.listing import asked_order, in_order
from scheduler.organisations.models import District, School
from scheduler.people.models import Person
from scheduler.programmes.form_fields import FieldOwner
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.services import find_programme
from scheduler.programmes.texts import LEVELS
from scheduler.reports.answer_columns import answer_columns, programme_columns
from scheduler.reports.tables import (
    Column,
    Content,
    Holding,
    Listing,
    Row,
    count_of,
    demand,
    in_portions,
)
from scheduler.states import state_look


def find_reviewed(actor: Actor, code: str) -> Programme:
    """Return a programme that the actor reviews, all or in part.

    Raises `NotFound` for any other, `NotAllowed` if the review is blind: a file or a sum by
    district would tell whose entries they are.
    """
    demand(actor, Permission.APPLICATION_REVIEW)
    if code not in {known for known, _names in queues.programmes_reviewed_by(actor)}:
        raise NotFound
    programme = find_programme(code)
    if levels.sees_blind(actor, programme.id):
        raise NotAllowed
    return programme


def _open_queue(actor: Actor, place: str, filters: Mapping[str, str]) -> Content:
    programme = find_reviewed(actor, place)
    query = _queue_query(actor, programme, filters)
    columns = [
        Column(_("Group")),
        Column(_("Reference")),
        Column(_("School")),
        Column(_("District")),
        Column(_("Category")),
        Column(_("Pupils")),
        Column(_("To look at")),
        Column(_("Submitted on"), programme.timezone),
        Column(_("State")),
        Column(_("Level")),
        Column(_("Confirmed"), programme.timezone),
        Column(_("No. in line")),
    ]
    asked = programme_columns(actor, programme, FieldOwner.GROUP)

    def rows(groups: list[Application]) -> Iterator[Row]:
        answers = asked.of_groups(actor, groups)
        return ((*row, *said) for row, said in zip(_queue_rows(groups), answers, strict=True))

    return Content(
        [*columns, *asked.columns],
        lambda: count_of(query),
        lambda: in_portions(query, rows),
        Permission.APPLICATION_REVIEW,
        about=named(programme.names),
    )


def _queue_query(
    actor: Actor, programme: Programme, filters: Mapping[str, str]
) -> Select[Application]:
    scope = queues.reach(actor, programme)
    sort, is_down = asked_order(filters, queues.SORTS, default_sort=queues.DEFAULT_SORT)
    query = queues.queue(scope, queues.queue_filter(filters))
    return in_order(query, queues.SORTS[sort], is_down=is_down)


def _queue_rows(applications: list[Application]) -> Iterator[Row]:
    ids = [application.id for application in applications]
    sizes, found = entries_by_id(ids), findings_by_id(ids)
    ranks = queries.waitlist_rank_by_id(ids)
    for each in applications:
        district = each.school.district
        yield (
            each.group_name,
            each.ref,
            each.school.name,
            district.name if district else None,
            named(each.category.names),
            sizes[each.id].pupils,
            "; ".join(finding_count(kind) for kind in kinds_of(found[each.id])),
            each.submitted_at,
            str(state_look(each.state).word),
            str(LEVELS[each.level.kind]) if each.level else None,
            each.confirmed_at,
            ranks.get(each.id),
        )


def _open_people(actor: Actor, place: str, filters: Mapping[str, str]) -> Content:
    programme = find_programme(place)
    demand(actor, Permission.PERSON_READ, programme.subject)
    query = _people_query(actor, programme, filters)
    columns = [Column(_("Group")), Column(_("Reference")), Column(_("School")), *_member_columns()]
    asked = programme_columns(actor, programme, FieldOwner.MEMBER)

    def rows(members: list[Member]) -> Iterator[Row]:
        answers = asked.of_people(actor, members)
        return ((*row, *said) for row, said in zip(_people_rows(members), answers, strict=True))

    return Content(
        [*columns, *asked.columns],
        lambda: count_of(query),
        lambda: in_portions(query, rows),
        Permission.PERSON_READ,
        subject=programme.subject,
        about=named(programme.names),
    )


def _people_query(actor: Actor, programme: Programme, filters: Mapping[str, str]) -> Select[Any]:
    """Return the members of the groups that the queue shows under these filters, in its order."""
    chosen = queues.queue_filter(filters)
    query = (
        select(Member)
        .join(Application, Member.application_id == Application.id)
        .join(Person, Member.person_id == Person.id)
        .join(School, Application.school_id == School.id)
        .outerjoin(District, School.district_id == District.id)
        .join(Category, Application.category_id == Category.id)
        .where(queues.reach(actor, programme), *chosen.conditions())
        .options(
            contains_eager(Member.application).contains_eager(Application.school),
            contains_eager(Member.person),
            raiseload("*"),
        )
    )
    sort, is_down = asked_order(filters, queues.SORTS, default_sort=queues.DEFAULT_SORT)
    ordered = in_order(query, queues.SORTS[sort], is_down=is_down)
    return ordered.order_by(Member.position, Member.id)


def _people_rows(members: Iterable[Member]) -> Iterator[Row]:
    for member in members:
        group = member.application
        yield (group.group_name, group.ref, group.school.name, *_member_cells(member, None))


def _open_members(actor: Actor, place: str, filters: Mapping[str, str]) -> Content:
    application = queries.find_application(place)
    demand(actor, Permission.APPLICATION_READ, application.subject)
    shows_births = can(actor, Permission.PERSON_READ, application.subject)
    if not shows_births and can(actor, Permission.APPLICATION_REVIEW, application.subject):
        raise NotAllowed  # a reviewer's case page names nobody
    sort, is_down = asked_order(filters, MEMBER_SORTS, default_sort="position")
    query = in_order(queries.members_of(application), MEMBER_SORTS[sort], is_down=is_down)
    programme = None if shows_births else application.programme
    sees_guests = can(actor, Permission.APPLICATION_DECIDE, application.subject)
    viewer = viewer_of(actor, application)
    asked = answer_columns(form_for(application).fields, viewer, FieldOwner.MEMBER)

    def cells(member: Member, answers: Row) -> Row:
        if is_guest(member.person, application) and not sees_guests:
            role = str(ROLE_LABELS[member.role])
            return (member.person.name, None, role, member.part, None, None, *asked.blank)
        return (*_member_cells(member, programme), *answers)

    return Content(
        [*_member_columns(shows_births=shows_births), *asked.columns],
        lambda: count_of(query),
        lambda: in_portions(query, lambda part: map(cells, part, asked.of_members(part))),
        Permission.PERSON_READ if shows_births else Permission.APPLICATION_READ,
        subject=application.subject,
        about=application.group_name,
    )


def _open_part(actor: Actor, place: str, filters: Mapping[str, str]) -> Content:
    part = find_part(place)
    demand(actor, Permission.PERSON_READ, part.subject)
    if not part.takes_part:
        raise NotFound
    sort, is_down = asked_order(filters, PART_SORTS, default_sort="position")
    query = in_order(pupils_of_part(part), PART_SORTS[sort], is_down=is_down)
    form = current_form(part.application.category, part.school)
    asked = answer_columns(form.fields, Viewer.OFFICER, FieldOwner.MEMBER)

    def rows(members: list[Member]) -> Iterator[Row]:
        for member, answers in zip(members, asked.of_members(members), strict=True):
            yield (*_member_cells(member, None), *answers)

    return Content(
        [*_member_columns(), *asked.columns],
        lambda: count_of(query),
        lambda: in_portions(query, rows),
        Permission.PERSON_READ,
        subject=part.subject,
        about=part.application.group_name,
    )


def _member_columns(*, shows_births: bool = True) -> list[Column]:
    return [
        Column(_("Full name")),
        Column(_("Name in Latin letters")),
        Column(_("Role")),
        Column(_("Part")),
        Column(_("Grade")),
        Column(_("Birth date") if shows_births else _("Age on the day")),
    ]


def _member_cells(member: Member, programme: Programme | None) -> Row:
    """Return a member's cells; with a programme, the age band on its day and no birth date."""
    person = member.person
    born: Any = person.birth_on
    if person.is_adult:
        born = _("adult")
    elif programme is not None:
        born = age_band(person.birth_on, programme.starts_on)
    role = str(ROLE_LABELS[member.role])
    return (person.name, person.latin_name, role, member.part, member.grade, born)


QUEUE = Listing("queue", _l("Applications"), Holding.NOBODY, queues.QUEUE_FILTERS, _open_queue)
PEOPLE = Listing(
    "people", _l("Members of the groups"), Holding.PUPILS, queues.QUEUE_FILTERS, _open_people
)
MEMBERS = Listing("members", _l("Members"), Holding.PUPILS, ("sort", "direction"), _open_members)
PART = Listing(
    "part",
    _l("Pupils of one school in a joint entry"),
    Holding.PUPILS,
    ("sort", "direction"),
    _open_part,
)
