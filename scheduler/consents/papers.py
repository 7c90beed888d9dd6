"""What guardians signed on paper, recorded by the school with its scan, and never behind a back.

The strict rule: a guardian's word on the private page is not overruled from paper. A refusal there
stays until a guardian turns it there; a consent there gives way only to a refusal signed on a later
or the same day. Whatever is recorded, the guardians who have a mail address are told, and change it
with one press.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.applications.file_checks import CheckedFile
from scheduler.applications.file_services import FileStore
from scheduler.consents import asking, effects, paper_notices
from scheduler.consents.family import Question, Task, tasks_in
from scheduler.consents.paper_checks import Paper, PapersRefused, is_known, problems_of
from scheduler.consents.progress import SchoolPart, pupils_of
from scheduler.database import db
from scheduler.errors import Conflict, NotFound
from scheduler.people.consent_models import PaperScan
from scheduler.people.consents import ON_PAPER
from scheduler.people.models import Consent, Guardian, Guardianship, Person
from scheduler.people.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who records, when, and where scans and links are kept."""

    actor: Actor
    now: dt.datetime
    sealer: Sealer
    store: FileStore
    secret_key: str | bytes
    public_url: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many answers were added, and how many addresses are told."""

    words: int
    mails: int


def record(
    part: SchoolPart, papers: Sequence[Paper], scan: CheckedFile | None, keeping: Keeping
) -> Recorded:
    """Add the answers of these papers with their scan, all of them or none.

    They take effect at once, as answers by link do, and the guardians are told by mail. What is
    recorded already is not repeated; without anything new the scan is not kept either. Raises
    `PapersRefused` with all that is wrong, and whenever there is no scan that may be kept;
    `NotFound` for a pupil who is not in this part, `Conflict` for a purpose not asked any more.
    """
    papers = [paper for paper in papers if paper.said]
    asking.lock_school(part)
    tasks = _tasks(part, papers)
    problems = {
        key: refusal for paper in papers for key, refusal in problems_of(paper, tasks[paper.ref])
    }
    if problems or scan is None:
        raise PapersRefused(problems)
    new = [
        (tasks[paper.ref], question, paper)
        for paper in papers
        for question in _said_questions(paper, tasks[paper.ref])
        if not is_known(paper, question)
    ]
    if not new:
        return Recorded(0, 0)
    kept = _keep(part, scan, keeping)
    guardians = paper_notices.guardians_of(part, [task.child.id for task, _q, _p in new])
    for task, question, paper in new:
        word = _word(task, question, paper, kept, keeping.now)
        word.guardian_id = _signing(paper, guardians.get(task.child.id, []))
        db.session.add(word)
        db.session.flush()
        account_id = keeping.actor.account_id
        effects.take_effect(task, question.word, word, account_id=account_id, now=keeping.now)
    asking.note("consents:papers", part, keeping.actor, keeping.now, scan=kept.ref, words=len(new))
    children = list({task.child.id: task.child for task, _q, _p in new}.values())
    mails = paper_notices.tell_guardians(
        part,
        children,
        secret_key=keeping.secret_key,
        public_url=keeping.public_url,
        now=keeping.now,
    )
    return Recorded(len(new), mails)


def find_scan(ref: str) -> PaperScan:
    """Return the scan's row; raises `NotFound`."""
    found = db.session.scalar(select(PaperScan).where(PaperScan.ref == ref))
    if found is None:
        raise NotFound
    return found


def content_of(scan: PaperScan, sealer: Sealer, store: FileStore) -> bytes:
    """Return the scan as it was uploaded; raises `NotFound` if its bytes are gone or others."""
    try:
        return sealer.open_bytes(store.read(scan.place), field=_field(scan.ref))
    except InvalidTag:
        raise NotFound from None


def _tasks(part: SchoolPart, papers: Sequence[Paper]) -> dict[str, Task]:
    """Return the pupils' tasks by reference, their guardians' own answers waiting meanwhile."""
    refs = {paper.ref for paper in papers}
    children = list(
        db.session.scalars(
            select(Person)
            .where(
                Person.ref.in_(refs), Person.id.in_(pupils_of(part.programme.id, part.school.id))
            )
            .order_by(Person.id)
        )
    )
    ids = [child.id for child in children]
    db.session.execute(
        select(Guardian.id)
        .where(
            Guardian.id.in_(select(Guardianship.guardian_id).where(Guardianship.person_id.in_(ids)))
        )
        .order_by(Guardian.id)
        .with_for_update()
    )
    found = tasks_in(part.programme, children, part.school.locale)
    tasks = {task.child.ref: task for task in found.values()}
    if set(tasks) != refs:
        raise NotFound
    return tasks


def _said_questions(paper: Paper, task: Task) -> list[Question]:
    questions = {question.purpose: question for question in task.questions}
    if not set(paper.said) <= set(questions):
        raise Conflict
    return [questions[purpose] for purpose in paper.said]


def _word(
    task: Task, question: Question, paper: Paper, scan: PaperScan, now: dt.datetime
) -> Consent:
    text = paper.text_for(question.purpose)
    return Consent(
        person_id=task.child.id,
        programme_id=task.programme.id,
        purpose=question.purpose,
        is_granted=paper.said[question.purpose],
        method=ON_PAPER,
        declared_by=paper.signer,
        relation=paper.relation,
        text_id=text.id,
        text_version=text.version,
        signed_on=paper.signed_on,
        scan_id=scan.id,
        given_at=now,
    )


def _signing(paper: Paper, guardians: list[Guardian]) -> int | None:
    """Return the guardian who signed, if the name on the paper is one that the school entered."""
    name = paper.signer.casefold()
    return next((each.id for each in guardians if each.name.casefold() == name), None)


def _keep(part: SchoolPart, scan: CheckedFile, keeping: Keeping) -> PaperScan:
    ref = secrets.token_urlsafe(16)
    made = PaperScan(
        ref=ref,
        programme_id=part.programme.id,
        school_id=part.school.id,
        place=keeping.store.keep(keeping.sealer.seal_bytes(scan.content, field=_field(ref))),
        file_name=scan.name,
        media_type=scan.media_type,
        size_bytes=len(scan.content),
        account_id=keeping.actor.account_id,
        recorded_at=keeping.now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _field(ref: str) -> str:
    """Bind the sealed bytes to their row: exchanged files do not open."""
    return f"paper_scan.{ref}"
