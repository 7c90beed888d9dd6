"""Conferences: tracks that have the sessions of rooms to themselves.

What begins when inside a session hardly matters there; it is enough to say which track is in which
session, and which of its talks. `suits` says whether a problem is of that sort.
"""

from scheduler.scheduling.engine.conference.search import search
from scheduler.scheduling.engine.conference.suits import suits

__all__ = ["search", "suits"]
