"""How long a search may take, as a person says it and as the engine takes it."""

from dataclasses import dataclass
from typing import Any, Self

SLOWEST = 10
"""A repeatable search ends by the clock only where it takes so many times what was said."""


@dataclass(frozen=True)
class Effort:
    """Seconds by the clock, or the solver's own measure of work, which gives one plan for a seed.

    On the machine of docs/benchmarks.md a second does one to three units of that work.
    """

    seed: int
    seconds: int
    work: float | None

    @classmethod
    def of(cls, seconds: int, seed: int, *, is_repeatable: bool) -> Self:
        """Return the effort of so many seconds; in units of work if it has to be repeatable."""
        return cls(seed, seconds, float(seconds) if is_repeatable else None)

    @property
    def limits(self) -> dict[str, Any]:
        """What the engine's searches are given."""
        seconds = self.seconds if self.work is None else SLOWEST * self.seconds
        return {"seed": self.seed, "seconds": seconds, "deterministic_limit": self.work}
