"""Who would take part in a lottery now: strata and units of the submitted entries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.applications.models import Application, Member
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.lotteries.draw import ANY_OTHER, Place
from scheduler.lotteries.models import Bundles, Lottery, Strata
from scheduler.organisations.models import District, School
from scheduler.people.models import Guardianship
from scheduler.programmes.models import Category

NO_STRATUM = "-"
"""Of entries for which no places can be kept: no strata are made, or the school has no district."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A submitted entry; those with the same `bundle` win or wait together."""

    application_id: int
    category: str
    stratum: str
    bundle: int


def entrants_of(lottery: Lottery) -> list[Entrant]:
    """Return the lottery's entrants as of now, in two queries at most."""
    rows = db.session.execute(
        select(
            Application.id,
            Application.school_id,
            Category.code,
            School.region,
            School.stages,
            District.code.label("district"),
        )
        .join(Category, Application.category_id == Category.id)
        .join(School, Application.school_id == School.id)
        .outerjoin(District, School.district_id == District.id)
        .where(
            Application.category_id.in_([category.id for category in lottery.categories]),
            Application.state == State.SUBMITTED,
        )
        .order_by(Application.id)
    ).all()
    bundle_by_id = _bundles(lottery, [(row.id, row.school_id) for row in rows])
    return [
        Entrant(
            row.id,
            row.code,
            _stratum(lottery.strata, str(row.region.value), row.district, row.stages),
            bundle_by_id[row.id],
        )
        for row in rows
    ]


def counts_by_place(lottery: Lottery, entrants: Iterable[Entrant]) -> dict[Place, int]:
    """Return how many entrants each category and stratum has; `*` counts the whole category.

    Every category is in it, by their order, its strata by their code and `*` last.
    """
    counts = Counter((entrant.category, entrant.stratum) for entrant in entrants)
    found: dict[Place, int] = {}
    for category in lottery.categories:
        own = {place: n for place, n in sorted(counts.items()) if place[0] == category.code}
        found |= {place: n for place, n in own.items() if place[1] != NO_STRATUM}
        found[category.code, ANY_OTHER] = sum(own.values())
    return found


def _stratum(strata: Strata, region: str, district: str | None, stages: list[str]) -> str:
    if strata is Strata.REGION:
        return region
    if strata is Strata.DISTRICT:
        return district or NO_STRATUM
    if strata is Strata.STAGE:
        return "".join(stage for stage in School.STAGES if stage in stages) or NO_STRATUM
    return NO_STRATUM


def _bundles(lottery: Lottery, rows: list[tuple[int, int]]) -> dict[int, int]:
    """Return each entry's bundle: its own key, its school's, or the first of its families'."""
    if lottery.bundles is Bundles.SCHOOL:
        return dict(rows)
    own = {application_id: application_id for application_id, _school in rows}
    return _family_bundles(own, lottery) if lottery.bundles is Bundles.FAMILY else own


def _family_bundles(bundle_by_id: dict[int, int], lottery: Lottery) -> dict[int, int]:
    """Join entries whose pupils share a guardian, however long the chain."""
    rows = db.session.execute(
        select(Guardianship.guardian_id, Member.application_id)
        .join(Member, Member.person_id == Guardianship.person_id)
        .join(Application, Member.application_id == Application.id)
        .where(
            Application.category_id.in_([category.id for category in lottery.categories]),
            Application.state == State.SUBMITTED,
        )
        .distinct()
    )
    ids_by_guardian: defaultdict[int, list[int]] = defaultdict(list)
    for guardian_id, application_id in rows:
        ids_by_guardian[guardian_id].append(application_id)

    def first(key: int) -> int:
        while bundle_by_id[key] != key:
            bundle_by_id[key] = bundle_by_id[bundle_by_id[key]]
            key = bundle_by_id[key]
        return key

    for ids in ids_by_guardian.values():
        lowest = min(map(first, ids))
        for each in ids:
            bundle_by_id[first(each)] = lowest
    return {key: first(key) for key in bundle_by_id}
