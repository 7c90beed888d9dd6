"""The list of a school's pupils: searched, filtered, and what stands in each row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import raiseload

from scheduler.applications.guests import is_entry_of
from scheduler.applications.models import Application, Member
from scheduler.consents.family import OUT
from scheduler.consents.models import GuardianAsk
from scheduler.consents.progress import LONGEST_SEARCH, SchoolPart, Stand, pupils_of, stands
from scheduler.database import db
from scheduler.people.consents import ON_PAPER
from scheduler.people.models import ConsentPurpose, Guardian, Guardianship, Person


@dataclass(frozen=True, slots=True)
class Choice:
    """What a list of pupils is limited to; blank means everything."""

    search: str = ""
    group: str = ""
    state: str = ""
    purpose: str = ""


def choice_of(arguments: Any) -> Choice:
    """Return what an address asks for; nonsense in it is left out."""
    state, purpose = arguments.get("state", ""), arguments.get("purpose", "")
    return Choice(
        search=arguments.get("q", "").strip()[:LONGEST_SEARCH],
        group=arguments.get("group", ""),
        state=state if state in {*Stand, "required"} else "",
        purpose=purpose if purpose in set(ConsentPurpose) else "",
    )


def pupils_shown(part: SchoolPart, choice: Choice) -> Select[Person]:
    """Return the query for the pupils that a choice leaves."""
    pupils = pupils_of(part.programme.id, part.school.id, choice.group)
    query = select(Person).where(Person.id.in_(pupils)).options(raiseload("*"))
    if choice.search:
        columns = (Person.name, Person.latin_name, Person.ref)
        query = query.where(or_(*(c.icontains(choice.search, autoescape=True) for c in columns)))
    if choice.state or choice.purpose:
        standing = stands(part.programme, pupils)
        wanted = select(standing.c.person_id)
        if choice.state:
            is_required = choice.state == "required"
            state = Stand.MISSING if is_required else Stand(choice.state)
            wanted = wanted.where(standing.c.state == state)
            # A required consent that is refused is as little there as one that is missing.
            if is_required:
                wanted = select(standing.c.person_id).where(
                    standing.c.is_required, standing.c.state != Stand.GIVEN
                )
        if choice.purpose:
            wanted = wanted.where(standing.c.purpose == choice.purpose)
        query = query.where(Person.id.in_(wanted))
    return query


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil in the list: groups, purposes by where they stand, guardians and when asked.

    `on_paper` are the purposes whose answer the school recorded from paper.
    """

    person: Person
    groups: list[str]
    stands: dict[Stand, list[ConsentPurpose]]
    guardians: list[tuple[Guardian, GuardianAsk | None]]
    on_paper: list[ConsentPurpose]

    @property
    def is_complete(self) -> bool:
        """Tell whether everything that is asked was given."""
        return not (self.stands[Stand.MISSING] or self.stands[Stand.REFUSED])


def rows_of(part: SchoolPart, people: Sequence[Person]) -> list[PupilRow]:
    """Return what the list shows of these pupils, in three queries however many they are."""
    ids = [person.id for person in people]
    groups, guardians = _groups(part, ids), _guardians(part, ids)
    found: defaultdict[int, dict[Stand, list[ConsentPurpose]]]
    found = defaultdict(lambda: {each: [] for each in Stand})
    standing = stands(part.programme, select(Person.id).where(Person.id.in_(ids)))
    answers = db.session.execute(
        select(standing.c.person_id, standing.c.purpose, standing.c.state, standing.c.method)
    ).all()
    on_paper: defaultdict[int, list[ConsentPurpose]] = defaultdict(list)
    order = list(ConsentPurpose)
    for person_id, purpose, state, method in sorted(answers, key=lambda row: order.index(row[1])):
        found[person_id][Stand(state)].append(purpose)
        if method == ON_PAPER and state != Stand.MISSING:
            on_paper[person_id].append(purpose)
    return [
        PupilRow(each, groups[each.id], found[each.id], guardians[each.id], on_paper[each.id])
        for each in people
    ]


def groups_in(part: SchoolPart) -> list[tuple[str, str]]:
    """Return (reference, name) of the school's live entries."""
    query = (
        select(Application.ref, Application.group_name)
        .where(
            Application.programme_id == part.programme.id,
            is_entry_of(part.school.id),
            Application.state.not_in(OUT),
        )
        .order_by(Application.group_name, Application.id)
    )
    return [(ref, name) for ref, name in db.session.execute(query)]


def _groups(part: SchoolPart, ids: Iterable[int]) -> defaultdict[int, list[str]]:
    rows = db.session.execute(
        select(Member.person_id, Application.group_name)
        .join(Application, Member.application_id == Application.id)
        .where(
            Member.person_id.in_(list(ids)),
            Application.programme_id == part.programme.id,
            Application.state.not_in(OUT),
        )
        .order_by(Application.group_name)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for person_id, name in rows:
        found[person_id].append(name)
    return found


def _guardians(
    part: SchoolPart, ids: Iterable[int]
) -> defaultdict[int, list[tuple[Guardian, GuardianAsk | None]]]:
    rows = db.session.execute(
        select(Guardianship.person_id, Guardian, GuardianAsk)
        .join(Guardian, Guardianship.guardian_id == Guardian.id)
        .outerjoin(
            GuardianAsk,
            and_(
                GuardianAsk.guardian_id == Guardian.id,
                GuardianAsk.programme_id == part.programme.id,
            ),
        )
        .where(Guardianship.person_id.in_(list(ids)))
        .order_by(Guardianship.id)
    )
    found: defaultdict[int, list[tuple[Guardian, GuardianAsk | None]]] = defaultdict(list)
    for person_id, guardian, ask in rows:
        found[person_id].append((guardian, ask))
    return found
