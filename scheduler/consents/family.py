"""What a guardian's page shows: the own children, what is asked for each, what was answered."""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload, raiseload

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.people.consent_models import AskedPurpose, ConsentText
from scheduler.people.consents import SCHOOL_HOLDS, newest_word
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Guardianship, Person
from scheduler.programmes.models import Programme

OUT = (State.WITHDRAWN, State.REJECTED)
SHOWN_DECISIONS = 200


class Answer(StrEnum):
    """Where a question stands; words and looks in `scheduler.states`."""

    GIVEN = "consent_given"
    REFUSED = "consent_refused"
    MISSING = "consent_missing"
    OUTDATED = "consent_outdated"
    SCHOOL = "consent_at_school"


@dataclass(frozen=True, slots=True)
class Question:
    """One purpose for one child: the text that holds now, and the word that counts."""

    asked: AskedPurpose
    text: ConsentText
    word: Consent | None

    @property
    def purpose(self) -> ConsentPurpose:
        """Return what is asked."""
        return self.asked.purpose

    @property
    def answer(self) -> Answer:
        """Return where the question stands."""
        word = self.word
        if word is None:
            return Answer.MISSING
        if not word.is_granted:
            return Answer.REFUSED
        if word.method == SCHOOL_HOLDS:
            return Answer.SCHOOL
        version = word.text_version
        is_old = version is not None and version < self.asked.counts_from_version
        return Answer.OUTDATED if is_old else Answer.GIVEN

    @property
    def is_open(self) -> bool:
        """Tell whether the guardian has not answered it (the school's declaration is no answer)."""
        return self.answer in {Answer.MISSING, Answer.OUTDATED, Answer.SCHOOL}


@dataclass(slots=True)
class Task:
    """What is asked for one child in one programme, and the groups the child is in there."""

    child: Person
    programme: Programme
    groups: list[str] = field(default_factory=list)
    is_accepted: bool = False
    questions: list[Question] = field(default_factory=list)

    @property
    def open(self) -> list[Question]:
        """Return the questions that wait for an answer."""
        return [question for question in self.questions if question.is_open]


@dataclass(frozen=True, slots=True)
class Family:
    """A guardian's children at the school, with their tasks; those without one are there too."""

    guardian: Guardian
    children: list[Person]
    tasks: list[Task]

    def child(self, ref: str) -> Person:
        """Return an own child; raises `NotFound` for anybody else's."""
        for child in self.children:
            if child.ref == ref:
                return child
        raise NotFound

    def task(self, ref: str, code: str) -> Task:
        """Return the task of an own child in a programme; raises `NotFound`."""
        for task in self.tasks:
            if (task.child.ref, task.programme.code) == (ref, code):
                return task
        raise NotFound

    def tasks_of(self, child: Person) -> list[Task]:
        """Return a child's tasks, the programme that comes first being first."""
        return [task for task in self.tasks if task.child.id == child.id]


def family_of(guardian: Guardian, locale: str) -> Family:
    """Return everything a guardian's page shows; nothing of any other family is even read."""
    children = _children(guardian)
    tasks = _tasks(children)
    for programme in {task.programme.id: task.programme for task in tasks}.values():
        own = [task for task in tasks if task.programme.id == programme.id]
        _put_questions(programme, own, locale)
    return Family(guardian, children, [task for task in tasks if task.questions])


def tasks_in(programme: Programme, children: list[Person], locale: str) -> dict[int, Task]:
    """Return the task of each of these children in one programme, by the child's id."""
    tasks = [task for task in _tasks(children) if task.programme.id == programme.id]
    _put_questions(programme, tasks, locale)
    return {task.child.id: task for task in tasks}


def decisions_by(guardian: Guardian) -> list[tuple[Consent, Person, Programme]]:
    """Return what the guardian has given, refused and withdrawn, the newest first."""
    rows = db.session.execute(
        select(Consent, Person, Programme)
        .join(Person, Consent.person_id == Person.id)
        .join(Programme, Consent.programme_id == Programme.id)
        .where(Consent.guardian_id == guardian.id)
        .order_by(Consent.id.desc())
        .limit(SHOWN_DECISIONS)
    )
    return [(word, person, programme) for word, person, programme in rows]


def text_of(consent: Consent) -> ConsentText:
    """Return the text that a consent was given to; raises `NotFound` if there was none."""
    found = db.session.get(ConsentText, consent.text_id) if consent.text_id else None
    if found is None:
        raise NotFound
    return found


def _children(guardian: Guardian) -> list[Person]:
    query = (
        select(Person)
        .join(Guardianship, Guardianship.person_id == Person.id)
        .where(Guardianship.guardian_id == guardian.id)
        .order_by(Person.birth_on, Person.id)
        .options(joinedload(Person.school), raiseload("*"))
    )
    return list(db.session.scalars(query))


def _tasks(children: list[Person]) -> list[Task]:
    child_by_id = {child.id: child for child in children}
    rows = db.session.execute(
        select(Member.person_id, Application.group_name, Application.state, Programme)
        .join(Application, Member.application_id == Application.id)
        .join(Programme, Application.programme_id == Programme.id)
        .where(
            Member.person_id.in_(child_by_id),
            Member.role == MemberRole.PUPIL,
            Application.state.not_in(OUT),
        )
        .order_by(Programme.starts_on, Programme.id, Application.group_name)
    )
    found: dict[tuple[int, int], Task] = {}
    for person_id, group, state, programme in rows:
        key = (programme.id, person_id)
        task = found.setdefault(key, Task(child_by_id[person_id], programme))
        task.groups.append(group)
        task.is_accepted = task.is_accepted or state is State.ACCEPTED
    return list(found.values())


def _put_questions(programme: Programme, tasks: list[Task], locale: str) -> None:
    asked = _asked_with_texts(programme.id, locale)
    ids = [task.child.id for task in tasks]
    words: defaultdict[int, dict[ConsentPurpose, Consent]] = defaultdict(dict)
    newest = newest_word(Person.id, AskedPurpose.purpose, programme.id)
    for word in db.session.scalars(
        select(Consent)
        .select_from(Person)
        .join(AskedPurpose, AskedPurpose.programme_id == programme.id)
        .join(Consent, Consent.id == newest)
        .where(Person.id.in_(ids))
    ):
        words[word.person_id][word.purpose] = word
    for task in tasks:
        task.questions = [
            Question(each, text, words[task.child.id].get(each.purpose)) for each, text in asked
        ]


def _asked_with_texts(programme_id: int, locale: str) -> list[tuple[AskedPurpose, ConsentText]]:
    rows = db.session.execute(
        select(AskedPurpose, ConsentText)
        .join(
            ConsentText,
            (ConsentText.programme_id == AskedPurpose.programme_id)
            & (ConsentText.purpose == AskedPurpose.purpose)
            & (ConsentText.version == AskedPurpose.version),
        )
        .where(
            AskedPurpose.programme_id == programme_id,
            AskedPurpose.is_asked,
            ConsentText.locale == locale,
        )
    )
    order = list(ConsentPurpose)
    return sorted(((a, t) for a, t in rows), key=lambda pair: order.index(pair[0].purpose))
