"""The published timetable on paper: a day's lanes and each venue on A3, a school's day on A4."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from scheduler.formats import (
    format_day,
    format_instant,
    local,
    minute_of_day,
    named,
    venue_name,
    zone_text,
)
from scheduler.organisations.models import School
from scheduler.programmes.models import Programme
from scheduler.scheduling.models import Release
from scheduler.scheduling.timetable import Performance, by_day

if TYPE_CHECKING:
    from scheduler.reports.paper import Paper


def day_sheets(
    release: Release, lines: Sequence[Performance], *, locale: str, font: str = ""
) -> bytes:
    """Return A3 sheets: for each day all venues side by side, then each venue with its rooms.

    Of one venue there is only its own sheet. Raises `Refused` without a Chinese font.
    """
    from scheduler.reports.paper import Paper  # noqa: PLC0415 - loads fpdf and fontTools

    programme = release.programme
    paper = Paper(named(programme.names), locale, _foot(release), font=font, is_wide=True)
    is_first = True
    for day, theirs in by_day(lines, programme.timezone):
        venues = _by_venue(theirs)
        if len(venues) > 1:
            _begin(paper, programme, format_day(day), theirs, is_first=is_first)
            paper.lanes([(name, _blocks(own, programme.timezone)) for name, own in venues.items()])
            is_first = False
        for name, own in venues.items():
            _begin(paper, programme, f"{format_day(day)} · {name}", own, is_first=is_first)
            _write_venue(paper, own, programme.timezone)
            is_first = False
    return paper.content()


def school_sheets(
    release: Release, school: School, lines: Sequence[Performance], *, locale: str, font: str = ""
) -> bytes:
    """Return A4 sheets with what a leader carries: when each group must be where."""
    from scheduler.reports.paper import Paper  # noqa: PLC0415 - loads fpdf and fontTools

    programme = release.programme
    paper = Paper(school.name, locale, _foot(release), font=font)
    paper.heading(school.name)
    paper.paragraph(named(programme.names), is_quiet=True)
    for day, theirs in by_day(lines, programme.timezone):
        paper.section(_heading(format_day(day), theirs, programme.timezone))
        for line in theirs:
            _write_group(paper, line, programme)
    return paper.content()


def _foot(release: Release) -> str:
    when = format_instant(release.published_at, release.programme.timezone)
    text: str = _("Release %(number)s of %(when)s.", number=release.number, when=when)
    return f"{named(release.programme.names)} · {text}"


def _begin(
    paper: "Paper",
    programme: Programme,
    heading: str,
    lines: Sequence[Performance],
    *,
    is_first: bool,
) -> None:
    if not is_first:
        paper.new_page()
    paper.heading(_heading(heading, lines, programme.timezone))


def _heading(text: str, lines: Sequence[Performance], zone: str) -> str:
    return f"{text} ({zone_text(lines[0].starts_at, zone)})"


def _by_venue(lines: Iterable[Performance]) -> dict[str, list[Performance]]:
    found: dict[str, list[Performance]] = {}
    for line in lines:
        found.setdefault(venue_name(line.venue), []).append(line)
    return dict(sorted(found.items()))


def _blocks(lines: Iterable[Performance], zone: str) -> list[tuple[int, int, str]]:
    """Return each item's time in words, and the changeover behind it without any."""
    blocks: list[tuple[int, int, str]] = []
    for line in lines:
        begin, end = minute_of_day(line.starts_at, zone), minute_of_day(line.ends_at, zone)
        parts = (_title(line, zone), line.item.school_text, _room(line))
        blocks.append((begin, end, " · ".join(part for part in parts if part)))
        if line.item.changeover_minutes:
            blocks.append((end, end + line.item.changeover_minutes, ""))
    return blocks


def _write_venue(paper: "Paper", lines: Iterable[Performance], zone: str) -> None:
    heads = (_("On stage"), _("Group"), _("Category"), _("School"), _("Warm-up"), _("Warm-up room"))
    rows = [
        (
            _span(line.starts_at, line.ends_at, zone),
            line.item.title,
            named(line.item.about),
            line.item.school_text,
            _warm_up(line, zone) or "–",
            str(line.warmup_room or "–"),
        )
        for line in lines
    ]
    paper.rows(heads, rows, (38, 106, 70, 104, 38, 34))


def _write_group(paper: "Paper", line: Performance, programme: Programme) -> None:
    zone = programme.timezone
    called_at = line.starts_at - dt.timedelta(minutes=programme.call_minutes)
    is_called, warm_up = bool(programme.call_minutes) and line.item.warms_up, _warm_up(line, zone)
    place = [venue_name(line.venue), *([line.venue.address] if line.venue else [])]
    paper.facts(
        [
            (_("Group"), line.item.title),
            (_("Category"), named(line.item.about)),
            *([(_("Be there by"), _time(called_at, zone))] if is_called else []),
            *([(_("Warm-up"), f"{warm_up} · {_room(line)}")] if warm_up else []),
            (
                _("On stage") if line.item.warms_up else _("Time"),
                _span(line.starts_at, line.ends_at, zone),
            ),
            (_("Venue"), " · ".join(part for part in place if part)),
        ]
    )
    paper.paragraph("")


def _title(line: Performance, zone: str) -> str:
    return f"{_time(line.starts_at, zone)} {line.item.title}"


def _room(line: Performance) -> str:
    return str(_("room %(room)s", room=line.warmup_room)) if line.item.warms_up else ""


def _warm_up(line: Performance, zone: str) -> str:
    times = line.warmup_starts_at, line.warmup_ends_at
    return _span(*times, zone) if line.item.warms_up else ""


def _span(begin: dt.datetime, end: dt.datetime, zone: str) -> str:
    return f"{_time(begin, zone)}–{_time(end, zone)}"


def _time(instant: dt.datetime, zone: str) -> str:
    return f"{local(instant, zone):%H:%M}"
