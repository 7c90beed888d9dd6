"""Whether what was typed in from a paper can be recorded: pure, all that is wrong at once."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.consents.family import Question, Task
from scheduler.consents.printed_texts import PrintedForm
from scheduler.consents.refusals import ConsentRefusal
from scheduler.errors import Refused
from scheduler.people.consent_models import ConsentText
from scheduler.people.consents import BY_LINK, ON_PAPER
from scheduler.people.models import Consent, ConsentPurpose, Relation

SIGNER, RELATION, SIGNED, PRINTED = "signer", "relation", "signed", "printed"


@dataclass(frozen=True, slots=True)
class Paper:
    """What was typed in from one pupil's paper; blank or None is what was not filled in.

    `today` is the programme's day on which it is typed in.
    """

    ref: str
    said: dict[ConsentPurpose, bool]
    signer: str
    relation: Relation | None
    signed_on: dt.date | None
    form: PrintedForm | None
    today: dt.date

    def text_for(self, purpose: ConsentPurpose) -> ConsentText:
        """Return the text that was signed; the checks have shown that there is one."""
        if self.form is None:
            raise ValueError("The paper was not checked.")
        return self.form.texts[purpose]


class PapersRefused(Refused):
    """Papers that cannot be recorded: each refusal by the name of the field it belongs to."""

    def __init__(self, problems: dict[str, Refused]) -> None:
        super().__init__(ConsentRefusal.PAPERS_WRONG)
        self.problems = problems


def field_name(part: str, ref: str) -> str:
    """Return the name of a form's field about one pupil: `part` is a purpose or a word above."""
    return f"{part}_{ref}"


def answers_open(word: Consent | None) -> frozenset[bool]:
    """Return which answers can be taken from paper beside the word that counts now."""
    if word is None or word.method != BY_LINK:
        return frozenset({True, False})
    return frozenset({False}) if word.is_granted else frozenset()


def is_known(paper: Paper, question: Question) -> bool:
    """Tell whether exactly this was recorded before: a second press adds nothing."""
    word = question.word
    return (
        word is not None
        and word.method == ON_PAPER
        and word.is_granted is paper.said[question.purpose]
        and word.text_id == paper.text_for(question.purpose).id
        and (word.signed_on, word.declared_by, word.relation)
        == (paper.signed_on, paper.signer, paper.relation)
    )


def problems_of(paper: Paper, task: Task) -> Iterator[tuple[str, Refused]]:
    """Return what keeps the paper from being recorded, by the field it belongs to."""
    zone = task.programme.timezone
    for part, refusal in _signature_problems(paper, zone):
        yield field_name(part, paper.ref), refusal
    for question in task.questions:
        if question.purpose in paper.said:
            code = _answer_problem(paper, question, zone)
            if code is not None:
                yield field_name(question.purpose, paper.ref), Refused(code)


def _signature_problems(paper: Paper, zone: str) -> Iterator[tuple[str, Refused]]:
    if not paper.signer:
        yield SIGNER, Refused(ConsentRefusal.PAPER_SIGNER_MISSING)
    if paper.relation is None:
        yield RELATION, Refused(ConsentRefusal.PAPER_RELATION_MISSING)
    if paper.form is None:
        yield PRINTED, Refused(ConsentRefusal.PAPER_FORM_MISSING)
    if paper.signed_on is None:
        yield SIGNED, Refused(ConsentRefusal.PAPER_DAY_MISSING)
    elif paper.signed_on > paper.today:
        yield SIGNED, Refused(ConsentRefusal.PAPER_DAY_TO_COME)
    elif paper.form is not None and paper.signed_on < _day(paper.form.published_at, zone):
        yield SIGNED, Refused(ConsentRefusal.PAPER_DAY_TOO_EARLY)


def _answer_problem(paper: Paper, question: Question, zone: str) -> ConsentRefusal | None:
    is_granted, word = paper.said[question.purpose], question.word
    text = paper.form.texts.get(question.purpose) if paper.form is not None else None
    if word is not None and is_granted not in answers_open(word):
        is_refused = not word.is_granted
        return ConsentRefusal.PAPER_LINK_REFUSED if is_refused else ConsentRefusal.PAPER_LINK_GIVEN
    if _is_older(paper, word, zone):
        return ConsentRefusal.PAPER_OLDER
    if paper.form is not None and text is None:
        return ConsentRefusal.PAPER_NOT_PRINTED
    if is_granted and text is not None and text.version < question.asked.counts_from_version:
        return ConsentRefusal.PAPER_OUTDATED
    return None


def _is_older(paper: Paper, word: Consent | None, zone: str) -> bool:
    """Tell whether a guardian has said something else since the paper was signed."""
    if word is None or word.method not in {BY_LINK, ON_PAPER} or paper.signed_on is None:
        return False
    said_on = word.signed_on if word.method == ON_PAPER else _day(word.given_at, zone)
    return said_on is not None and paper.signed_on < said_on


def _day(instant: dt.datetime, zone: str) -> dt.date:
    return instant.astimezone(ZoneInfo(zone)).date()
