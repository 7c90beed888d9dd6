"""What if something is n minutes late: who slips, until when, and which rules that breaks."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.organisations.models import School
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.engine import Plan as EnginePlan
from scheduler.scheduling.engine.delay import first_after, slipped
from scheduler.scheduling.happenings.hits import Hits, newly_broken, people_of, schools_of, told_of
from scheduler.scheduling.happenings.repairs import Asked, published_release
from scheduler.scheduling.placing import slots_of
from scheduler.scheduling.situation import Situation, situation_of
from scheduler.scheduling.timetable import Performance, performances_of
from scheduler.scheduling.verdict import broken_in


@dataclass(frozen=True)
class Delay:
    """From when on a venue, or the groups of a school, are how many minutes late."""

    minutes: int
    since: dt.datetime
    venue: Venue | None = None
    school: School | None = None


@dataclass(frozen=True)
class Slip:
    """A group that begins later than published, and the rules that this breaks."""

    line: Performance
    starts_at: dt.datetime
    sentences: list[str]

    @property
    def minutes(self) -> int:
        """By how much it slips."""
        return int((self.starts_at - self.line.starts_at).total_seconds()) // 60


@dataclass(frozen=True)
class WhatIf:
    """Everything slips: whom it hits, from when on all is on time again, what it breaks.

    `hits` are all groups that a newly broken rule concerns, also those that stand still; `asked`
    and `plan` are for the draft.
    """

    slips: list[Slip]
    on_time_from: dt.datetime | None
    hits: Hits
    schools: int
    people: int
    broken: int
    asked: Asked
    plan: EnginePlan
    published: EnginePlan
    situation: Situation

    @property
    def minutes(self) -> int:
        """All groups' minutes together."""
        return sum(slip.minutes for slip in self.slips)

    @property
    def standing_hit(self) -> list[str]:
        """The sentences about groups that do not slip themselves."""
        moved = {slip.line.item.ref for slip in self.slips}
        texts = [
            text
            for hit in self.hits.groups
            if hit.line.item.ref not in moved
            for text in hit.sentences
        ]
        known = {text for slip in self.slips for text in slip.sentences}
        return [text for text in dict.fromkeys([*texts, *self.hits.others]) if text not in known]


def what_if(programme: Programme, delay: Delay) -> WhatIf:
    """Return what becomes of the release when everything waits. Writes nothing.

    Refuses before the first release.
    """
    situation = situation_of(programme)
    release = published_release(programme)
    published = Basis.of_release(release).within(situation).plan(situation)
    late, asked = _late(situation, published, delay)
    after = slipped(situation.problem, published, late)
    lines = performances_of(release)
    new = newly_broken(
        broken_in(situation, lines), broken_in(situation, slots_of(after, situation))
    )
    hits = told_of(situation, lines, new)
    slips = _slips(situation, lines, after, hits)
    concerned = {hit.line.item.ref: hit.line.item for hit in hits.groups}
    concerned |= {slip.line.item.ref: slip.line.item for slip in slips}
    return WhatIf(
        slips=slips,
        on_time_from=_on_time(slips, lines),
        hits=hits,
        schools=schools_of(concerned.values()),
        people=people_of(concerned.values()),
        broken=len(new),
        asked={"delay": asked},
        plan=after,
        published=published,
        situation=situation,
    )


def _late(
    situation: Situation, published: EnginePlan, delay: Delay
) -> tuple[Mapping[str, int], Asked]:
    """Return who begins late of itself, and how the repair is asked for."""
    since = situation.timescale.minute(delay.since)
    if delay.venue is not None:
        first = first_after(situation.problem, published, delay.venue.code, since)
        asked = {"venue": delay.venue.code, "from": since, "minutes": delay.minutes}
        return ({first.activity: delay.minutes} if first else {}), asked
    end = next((day.end for day in situation.problem.days if day.start <= since < day.end), since)
    refs = [
        ref
        for ref, item in situation.items.items()
        if delay.school is not None
        and delay.school.id in item.school_ids
        and ref in published.by_activity
        and since <= published.by_activity[ref].start < end
    ]
    return dict.fromkeys(refs, delay.minutes), {"groups": refs, "minutes": delay.minutes}


def _slips(
    situation: Situation, lines: list[Performance], after: EnginePlan, hits: Hits
) -> list[Slip]:
    sentences = {hit.line.item.ref: hit.sentences for hit in hits.groups}
    slips = []
    for line in lines:
        place = after.by_activity.get(line.item.ref)
        starts_at = situation.timescale.instant(place.start) if place else line.starts_at
        if starts_at > line.starts_at:
            slips.append(Slip(line, starts_at, sentences.get(line.item.ref, [])))
    return slips


def _on_time(slips: list[Slip], lines: list[Performance]) -> dt.datetime | None:
    """Return when the first group behind the last that slips begins as published, if one does."""
    if not slips:
        return None
    last = slips[-1].line
    later = [
        line.starts_at
        for line in lines
        if line.venue is last.venue and line.starts_at > last.starts_at
    ]
    return min(later, default=None)
