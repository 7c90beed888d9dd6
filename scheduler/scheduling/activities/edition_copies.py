"""What an edition's copy takes over of the activities beside the performances."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields

from scheduler.database import db
from scheduler.programmes.edition_preview import Line, moved_line, on_preview
from scheduler.programmes.editions import EditionCopy, on_copy
from scheduler.programmes.models import Programme
from scheduler.programmes.moving import Shift
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.activities.services import ActivityDetails, activities_of
from scheduler.scheduling.items import names_of

_MOVED = frozenset({"earliest_at", "latest_at", "category", "chosen", "venues"})


def copy_activities(copy: EditionCopy) -> None:
    """Copy the activities with moved bounds; groups that were chosen are left to be chosen anew."""
    for each in activities_of(copy.source):
        kept = {
            field.name: getattr(each, field.name)
            for field in fields(ActivityDetails)
            if field.name not in _MOVED
        }
        earliest, latest = _bounds(each, copy.shift)
        db.session.add(
            PlannedActivity(
                programme=copy.edition,
                **kept | {"names": dict(each.names)},
                category=copy.categories[each.category_id] if each.category_id else None,
                venues=[copy.venues[venue.id] for venue in each.venues],
                earliest_at=earliest,
                latest_at=latest,
            )
        )


def _bounds(
    activity: PlannedActivity, shift: Shift
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return when it may be then; without an end where clocks skip what lay between."""
    earliest, latest = (
        at and shift.instant(at).at for at in (activity.earliest_at, activity.latest_at)
    )
    return earliest, None if earliest and latest and latest <= earliest else latest


def moved_bounds(programme: Programme, shift: Shift) -> Iterator[Line]:
    """Yield the bounds of activities before and after the copy."""
    for each in activities_of(programme):
        for code, at in (("earliest", each.earliest_at), ("latest", each.latest_at)):
            if at is not None:
                yield moved_line(f"activity_{code}", at, shift.instant(at), names_of(each))


on_copy(copy_activities)
on_preview(moved_bounds)
