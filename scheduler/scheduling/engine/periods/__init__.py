"""What happens in equal periods: lessons, courses, interviews, talks.

The general model gives every activity its own start and tries the orders of all against each other.
Where all of them take one step of the grid, it is enough to count how many of each kind are in
which period. `suits` says whether a problem is of that sort.
"""

from scheduler.scheduling.engine.periods.seek import search
from scheduler.scheduling.engine.periods.suits import suits

__all__ = ["search", "suits"]
