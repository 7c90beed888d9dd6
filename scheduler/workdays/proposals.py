"""Days as the package `holidays` knows them: proposed, never vouched for."""

import datetime as dt
from dataclasses import dataclass
from importlib.metadata import version

import holidays

from scheduler.workdays.models import DayType

PACKAGE = "holidays"
CATEGORIES = {
    # General holidays are `optional` there; `public` alone lacks Good Friday.
    "HK": ("public", "optional"),
    # Bureaux keep the holidays of the public service.
    "MO": ("public", "government"),
}
LANGUAGES = {"CN": "zh_CN", "HK": "zh_HK", "MO": "zh_MO"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day that the package knows, and what it is called there."""

    day: dt.date
    kind: DayType
    name: str


def proposals_for(region: str, year: int) -> list[Proposal]:
    """Return the proposed days of a year in order; none for a region the package does not know.

    Make-up workdays of the mainland are there only once the package has been told of them.
    """
    try:
        found = holidays.country_holidays(
            region,
            years=year,
            categories=CATEGORIES.get(region),
            language=LANGUAGES.get(region),
        )
    except NotImplementedError:
        return []
    named = [Proposal(day, DayType.HOLIDAY, name[:120]) for day, name in found.items()]
    worked = [Proposal(day, DayType.MAKE_UP, "") for day in getattr(found, "weekend_workdays", ())]
    days = [each for each in (*named, *worked) if each.day.year == year]
    return sorted(days, key=lambda each: each.day)


def source() -> str:
    """Return how the package is named as a source."""
    return f"{PACKAGE} {version(PACKAGE)}"
