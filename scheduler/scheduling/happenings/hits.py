"""Who is hit by something that happened, before anything is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select

from scheduler.applications.models import ON_STAGE_ROLES, Member
from scheduler.database import db
from scheduler.programmes.models import Programme
from scheduler.scheduling.happenings.absences import Missing, without
from scheduler.scheduling.items import Item
from scheduler.scheduling.rule_texts import Names, broken_sentence
from scheduler.scheduling.situation import Situation, situation_of
from scheduler.scheduling.timetable import Performance, latest_release, performances_of
from scheduler.scheduling.verdict import Broken, broken_in


@dataclass
class Hit:
    """A group that cannot stay where it was published, and why, in words."""

    line: Performance
    sentences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Hits:
    """All that are hit, what else no longer holds, and how many people and schools that are."""

    groups: list[Hit]
    others: list[str]
    schools: int
    people: int

    @property
    def refs(self) -> list[str]:
        """The groups' refs, in order of time."""
        return [hit.line.item.ref for hit in self.groups]


def hits_of(programme: Programme, missing: Iterable[Missing]) -> Hits:
    """Return who would be hit in the release that stands. Writes nothing."""
    release = latest_release(programme)
    lines = performances_of(release) if release else []
    situation = situation_of(programme)
    problem = without(situation.problem, missing, situation.timescale, situation.items)
    changed = replace(situation, problem=problem)
    new = newly_broken(broken_in(situation, lines), broken_in(changed, lines))
    return told_of(changed, lines, new)


def newly_broken(before: list[Broken], after: list[Broken]) -> list[Broken]:
    """Return what is broken only since."""
    known = {(one.code, one.ids, repr(sorted(one.facts.items()))) for one in before}
    return [
        one for one in after if (one.code, one.ids, repr(sorted(one.facts.items()))) not in known
    ]


def told_of(situation: Situation, lines: list[Performance], broken: list[Broken]) -> Hits:
    """Return what is broken in words, under the groups that it concerns."""
    names = Names(situation)
    found: dict[str, Hit] = {}
    others: list[str] = []
    line_by_ref = {line.item.ref: line for line in lines}
    for one in broken:
        text = broken_sentence(one.code, one.ids, one.facts, names)
        refs = [ref for ref in sorted(one.applications) if ref in line_by_ref]
        for ref in refs:
            hit = found.setdefault(ref, Hit(line_by_ref[ref]))
            if text not in hit.sentences:
                hit.sentences.append(text)
        if not refs and text not in others:
            others.append(text)
    groups = sorted(found.values(), key=lambda hit: (hit.line.starts_at, hit.line.item.ref))
    items = [hit.line.item for hit in groups]
    return Hits(groups, others, schools_of(items), people_of(items))


def people_of(items: Iterable[Item]) -> int:
    """Return how many different people are on stage in the groups of these."""
    staged = (item for item in items if item.roles & ON_STAGE_ROLES)
    ids = {group.id for item in staged for group in item.groups}
    query = select(func.count(Member.person_id.distinct())).where(
        Member.application_id.in_(ids), Member.role.in_(ON_STAGE_ROLES)
    )
    return db.session.scalar(query) or 0


def schools_of(items: Iterable[Item]) -> int:
    """Return how many different schools are in these."""
    return len({id_ for item in items for id_ in item.school_ids})
