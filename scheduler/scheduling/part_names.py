"""The parts of a programme that can be planned by themselves, in the reader's language."""

from flask_babel import gettext as _

from scheduler.formats import format_day, named, venue_name
from scheduler.programmes.kinds import STAGED
from scheduler.programmes.models import Programme
from scheduler.scheduling.holding import PartKind, part_name
from scheduler.scheduling.timescale import timescale_of


def parts_of(programme: Programme) -> list[tuple[str, str]]:
    """Return each part's name and words: categories on a stage, venues, days."""
    categories = [
        (PartKind.CATEGORY, category.code, _("only category %(name)s", name=named(category.names)))
        for category in programme.categories
        if category.kind in STAGED
    ]
    venues = [
        (PartKind.VENUE, venue.code, _("only what is in %(name)s", name=venue_name(venue)))
        for venue in programme.venues
    ]
    days = [
        (PartKind.DAY, day.isoformat(), _("only what is on %(day)s", day=format_day(day)))
        for day in timescale_of(programme).dates()
    ]
    return [(part_name(kind, code), words) for kind, code, words in [*categories, *venues, *days]]
