"""The only source of time: instants are aware and in UTC, days belong to a zone."""

import datetime as dt
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_frozen: ContextVar[dt.datetime | None] = ContextVar("frozen", default=None)


def now() -> dt.datetime:
    """Return the present instant in UTC, without microseconds (calendars have none)."""
    frozen = _frozen.get()
    present = frozen if frozen is not None else dt.datetime.now(dt.UTC)  # noqa: TID251
    return present.replace(microsecond=0)


def today(zone: str) -> dt.date:
    """Return the present day in the IANA zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def freeze(instant: dt.datetime | None) -> None:
    """Hold the clock at an instant (None lets it go); for tests and for building the demo."""
    _frozen.set(instant)
