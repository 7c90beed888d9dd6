"""The engine's minutes and the world's instants: one programme's own count of time."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.programmes.models import Programme
from scheduler.scheduling.engine import Window

DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Timescale:
    """Minutes since the first local midnight of the programme, in its zone.

    Minutes are elapsed time; on a night when clocks change, local midnight is not a multiple of
    1,440, which `days` takes into account.
    """

    zone: str
    starts_on: dt.date
    ends_on: dt.date

    @property
    def origin(self) -> dt.datetime:
        """The instant of minute 0."""
        return self._midnight(self.starts_on)

    def minute(self, instant: dt.datetime) -> int:
        """Return the whole minutes from the origin to an instant."""
        return int((instant - self.origin).total_seconds()) // 60

    def instant(self, minute: int) -> dt.datetime:
        """Return the instant of a minute, in UTC."""
        return self.origin + dt.timedelta(minutes=minute)

    def window(self, starts_at: dt.datetime, ends_at: dt.datetime) -> Window:
        """Return a stretch of time in minutes."""
        return Window(self.minute(starts_at), self.minute(ends_at))

    def local_minute(self, day: dt.date, time: dt.time) -> int:
        """Return the minute of a local time on a day."""
        wall = dt.datetime.combine(day, time, ZoneInfo(self.zone))
        return self.minute(wall.astimezone(dt.UTC))

    def local_date(self, instant: dt.datetime) -> dt.date:
        """Return the day on which an instant falls here."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def dates(self) -> list[dt.date]:
        """Return the programme's days."""
        count = (self.ends_on - self.starts_on).days + 1
        return [self.starts_on + dt.timedelta(days=number) for number in range(count)]

    def days(self) -> tuple[Window, ...]:
        """Return each day from local midnight to local midnight."""
        midnights = [self.minute(self._midnight(day)) for day in self.dates()]
        last = self.minute(self._midnight(self.ends_on + dt.timedelta(days=1)))
        return tuple(
            Window(start, end) for start, end in zip(midnights, [*midnights[1:], last], strict=True)
        )

    def day(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """Return the instants at which a day begins and ends."""
        return self._midnight(day), self._midnight(day + dt.timedelta(days=1))

    def whole(self) -> tuple[dt.datetime, dt.datetime]:
        """Return the instants at which the programme begins and ends."""
        return self.origin, self._midnight(self.ends_on + dt.timedelta(days=1))

    @property
    def span(self) -> Window:
        """From the first midnight to the last."""
        return Window(0, self.days()[-1].end)

    def _midnight(self, day: dt.date) -> dt.datetime:
        wall = dt.datetime.combine(day, dt.time(), ZoneInfo(self.zone))
        return wall.astimezone(dt.UTC)


def timescale_of(programme: Programme) -> Timescale:
    """Return the programme's count of time."""
    return Timescale(programme.timezone, programme.starts_on, programme.ends_on)
