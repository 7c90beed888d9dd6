"""Airports by their IATA codes: where they are, and which clocks hang there.

The data are those of the package `airportsdata`; reading them takes a moment, once for a process.
"""

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

import airportsdata


@dataclass(frozen=True, slots=True)
class Airport:
    """An airport; its name is in Latin letters, as on tickets."""

    code: str
    name: str
    city: str
    zone: str

    @property
    def text(self) -> str:
        """The city and the code, as boards show it."""
        return f"{self.city or self.name} ({self.code})"


def find(code: str) -> Airport | None:
    """Return the airport of a three-letter code in any case; None if no such is known."""
    return _airports().get(code.upper())


@cache
def _airports() -> dict[str, Airport]:
    known = available_timezones()
    return {
        code: Airport(code, each["name"], each["city"], each["tz"])
        for code, each in airportsdata.load("IATA").items()
        if each["tz"] in known
    }
