"""In which order a level's quotas are asked, and which of them no entry ever reaches."""

from collections.abc import Iterable

from scheduler.programmes.approval import Dimension, Quota
from scheduler.programmes.models import Category

Whom = tuple[Dimension, str | None, Category | None]
"""For whom a quota is: by what, for one (or, with None, each by itself), in which category."""

_NARROWEST_FIRST = (
    Dimension.SCHOOL,
    Dimension.DISTRICT,
    Dimension.REGION,
    Dimension.STAGE,
    Dimension.ANY,
)
_FITS_ALL = frozenset({Dimension.SCHOOL, Dimension.REGION})
"""Every entry has these; a school may have no district, and no stage."""


def whom_of(quota: Quota) -> Whom:
    """Return for whom a quota is."""
    return quota.dimension, quota.key, quota.category


def breadth(whom: Whom) -> tuple[bool, bool, int, bool]:
    """Return what sorts quotas so that the narrower ones come first: one before each before any."""
    dimension, key, category = whom
    is_any = dimension is Dimension.ANY
    return is_any, key is None, _NARROWEST_FIRST.index(dimension), category is None


def unreached(quotas: Iterable[Quota]) -> frozenset[int]:
    """Return the ids of quotas all of whose entries count against earlier ones."""
    before: list[Quota] = []
    found = set()
    for quota in sorted(quotas, key=lambda each: (each.dimension is Dimension.ANY, each.position)):
        if any(_takes_all(earlier, quota) for earlier in before):
            found.add(quota.id)
        before.append(quota)
    return frozenset(found)


def _takes_all(earlier: Quota, later: Quota) -> bool:
    if earlier.category is not None and earlier.category is not later.category:
        return False
    if earlier.key is None and earlier.dimension in _FITS_ALL:
        return True
    return earlier.dimension is later.dimension and earlier.key in {None, later.key}
