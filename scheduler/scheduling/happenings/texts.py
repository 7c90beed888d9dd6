"""What happened, in words."""

from flask_babel import gettext as _

from scheduler.formats import format_instant, venue_name
from scheduler.programmes.models import Programme
from scheduler.scheduling.happenings.absences import Missing
from scheduler.scheduling.happenings.models import Happening, HappeningKind
from scheduler.scheduling.timescale import timescale_of


def happening_text(happening: Happening) -> str:
    """Return what happened as one sentence; a person is named, for coordinators only."""
    if happening.kind is HappeningKind.SUSPENDED and happening.application is not None:
        group = happening.application.group_name
        return str(_("%(group)s is suspended.", group=group))
    return missing_text(happening, happening.programme)


def missing_text(one: Missing, programme: Programme) -> str:
    """Return who or what is missing, and when."""
    first, last = timescale_of(programme).whole()
    facts = {
        "who": who_of(one),
        "start": format_instant(one.starts_at, programme.timezone),
        "end": format_instant(one.ends_at, programme.timezone),
    }
    if one.kind is HappeningKind.SCHOOL_DAY:
        return str(_("%(who)s comes only from %(start)s to %(end)s.", **facts))
    if one.starts_at <= first and one.ends_at < last:
        return str(_("%(who)s is there only from %(end)s on.", **facts))
    if one.ends_at >= last and one.starts_at > first:
        return str(_("%(who)s is there only until %(start)s.", **facts))
    return str(_("%(who)s is out from %(start)s to %(end)s.", **facts))


def who_of(one: Missing) -> str:
    """Return the venue's, the school's or the person's name."""
    if one.venue is not None:
        return str(venue_name(one.venue))
    if one.school is not None:
        return str(one.school.name)
    return one.person.name if one.person is not None else ""
