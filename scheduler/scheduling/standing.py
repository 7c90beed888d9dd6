"""Whether the release that stands still fits what is true now: the alarm of several pages."""

from dataclasses import dataclass

from sqlalchemy import select

from scheduler.database import db
from scheduler.programmes.models import Programme
from scheduler.scheduling.engine.rules import Rule
from scheduler.scheduling.models import Plan, Release
from scheduler.scheduling.situation import Situation, situation_of
from scheduler.scheduling.timetable import latest_release, performances_of
from scheduler.scheduling.verdict import broken_in, sentences


@dataclass(frozen=True)
class Standing:
    """The release that stands, the groups without a time in it, and what it breaks, in words."""

    release: Release
    programme_code: str
    draft_ref: str
    problems: list[str]
    missing: list[str]


def standing_of(programme: Programme, situation: Situation | None = None) -> Standing | None:
    """Return how the published timetable stands; None before the first release.

    A situation that is read already is not read again.
    """
    release = latest_release(programme)
    if release is None:
        return None
    situation = situation or situation_of(programme)
    broken = broken_in(situation, performances_of(release))
    # Who was accepted since is no fault of the release.
    wrong = [one for one in broken if one.code != Rule.UNPLACED]
    return Standing(
        release,
        programme.code,
        draft_ref=db.session.scalars(select(Plan.ref).where(Plan.id == release.plan_id)).one(),
        problems=list(dict.fromkeys(sentences(situation, wrong))),
        missing=[item.title for ref, item in situation.items.items() if ref not in release.slots],
    )
