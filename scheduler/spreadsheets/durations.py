"""Durations in minutes and seconds, in the shapes that people and programs write."""

import datetime as dt
import re
import unicodedata

from scheduler.errors import Refused
from scheduler.spreadsheets.cells import CellCode, CellValue, text_of

MINUTE = 60

_SHAPES = (
    re.compile(r"(?P<m>\d{1,3}):(?P<s>[0-5]\d)"),
    re.compile(r"(?:00?:)(?P<m>[0-5]?\d):(?P<s>[0-5]\d)"),
    re.compile(r"(?P<m>\d{1,3})\s*[′'’]\s*(?:(?P<s>[0-5]?\d)\s*(?:[″\"”]|''|’’|′′)?)?"),
    re.compile(r"(?P<m>\d{1,3})\s*分钟?鐘?(?:(?P<s>[0-5]?\d)\s*秒?)?"),
)


def parse_duration(value: CellValue) -> int | None:
    """Return seconds, None for a blank cell.

    Text is read as mm:ss, also as 7'30" and 7分30秒. A program that takes 7:30 for a time of day
    stores hours and minutes; no work lasts hours, so they are read as minutes and seconds.
    Raises `Refused` for anything else, a bare number included (minutes or seconds?).
    """
    if isinstance(value, dt.datetime):  # a time beyond 24 h in a date cell: never a work's length
        raise Refused(CellCode.NOT_A_DURATION, shown=str(value))
    if isinstance(value, dt.time):
        value = dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, dt.timedelta):
        return _clock_seconds(value)
    text = text_of(value)
    if text is None:
        return None
    folded = unicodedata.normalize("NFKC", text)
    for shape in _SHAPES:
        found = shape.fullmatch(folded) or shape.fullmatch(text)
        if found:
            return int(found["m"]) * MINUTE + int(found["s"] or 0)
    raise Refused(CellCode.NOT_A_DURATION, shown=text)


def duration_text(seconds: int) -> str:
    """Return mm:ss."""
    return f"{seconds // MINUTE:02d}:{seconds % MINUTE:02d}"


def _clock_seconds(clock: dt.timedelta) -> int:
    seconds = int(clock.total_seconds())
    hours, rest = divmod(seconds, MINUTE * MINUTE)
    if hours == 0:
        return seconds
    if rest % MINUTE == 0:
        return hours * MINUTE + rest // MINUTE
    raise Refused(CellCode.NOT_A_DURATION, shown=str(clock))
