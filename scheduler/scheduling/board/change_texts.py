"""The changes of a draft in words: for who undoes them, for other editors, and as its history."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.formats import format_short_day, local, venue_name
from scheduler.scheduling.activities.models import PlannedActivity
from scheduler.scheduling.activities.services import activities_where
from scheduler.scheduling.board.change_models import ChangeKind, PlanChange
from scheduler.scheduling.board.changes import Move, Place, name_of
from scheduler.scheduling.items import turns_of
from scheduler.scheduling.models import Plan


@dataclass(frozen=True)
class Told:
    """A change as it is told: who made it, when, and what it was."""

    who: str
    made_at: dt.datetime
    what: str


class ChangeWords:
    """Puts changes of one draft into the reader's words. A constant number of queries."""

    def __init__(self, plan: Plan, changes: Iterable[PlanChange]) -> None:
        self._zone = plan.programme.timezone
        self._venues = {venue.code: venue_name(venue) for venue in plan.programme.venues}
        refs = {ref for change in changes for ref, _was, _now in change.moves}
        query = select(Application.ref, Application.group_name).where(Application.ref.in_(refs))
        self._groups = (
            {row.ref: row.group_name for row in db.session.execute(query)} if refs else {}
        )
        if refs - self._groups.keys():
            beside = activities_where(PlannedActivity.programme_id == plan.programme_id)
            turns = (item for activity in beside for item in turns_of(activity))
            self._groups |= {item.ref: item.title for item in turns}

    def told(self, change: PlanChange) -> Told:
        """Return who did what and when."""
        return Told(name_of(change), change.made_at, self.deed(change))

    def sentence(self, change: PlanChange) -> str:
        """Return one line for other editors."""
        return str(_("%(who)s: %(what)s", who=name_of(change), what=self.deed(change)))

    def deed(self, change: PlanChange) -> str:
        """Return what was done, without who did it."""
        moves = [Move(*move) for move in change.moves]
        if change.kind is ChangeKind.UNDO:
            return str(_("Undone – %(what)s", what=self._moved(moves)))
        if change.kind is ChangeKind.REDO:
            return str(_("Redone – %(what)s", what=self._moved(moves)))
        if change.kind is ChangeKind.ROOMS:
            return str(_("The warm-up rooms were dealt anew."))
        return self._moved(moves)

    def _moved(self, moves: list[Move]) -> str:
        if len(moves) == 1:
            return self._of_one(moves[0])
        if all(move.was and move.now and _spot(move.was) == _spot(move.now) for move in moves):
            is_locked = any(move.now and move.now["locked"] for move in moves)
            if is_locked:
                return str(ngettext("%(num)s group locked.", "%(num)s groups locked.", len(moves)))
            return str(ngettext("%(num)s group unlocked.", "%(num)s groups unlocked.", len(moves)))
        separator: str = _("; ")
        return separator.join(self._of_one(move) for move in moves)

    def _of_one(self, move: Move) -> str:
        name = self._groups.get(move.ref, move.ref)
        if move.now is None:
            return str(_("%(name)s taken out of the draft", name=name))
        if move.was is None:
            return str(_("%(name)s placed: %(to)s", name=name, to=self._place(move.now)))
        if move.was.get("minutes") != move.now.get("minutes"):
            return self._length(name, move.now.get("minutes"))
        if _spot(move.was) == _spot(move.now):
            text = _("%(name)s locked") if move.now["locked"] else _("%(name)s unlocked")
            return str(text) % {"name": name}
        was, to = self._place(move.was), self._place(move.now)
        return str(_("%(name)s: %(was)s → %(to)s", name=name, was=was, to=to))

    def _length(self, name: str, minutes: int | None) -> str:
        if minutes is None:
            return str(_("%(name)s: on stage as long as its category allows", name=name))
        text = ngettext(
            "%(name)s: %(num)s minute on stage", "%(name)s: %(num)s minutes on stage", minutes,
            name=name,
        )  # fmt: skip
        return str(text)

    def _place(self, place: Place) -> str:
        wall = local(dt.datetime.fromisoformat(place["starts_at"]), self._zone)
        venue = self._venues.get(place["venue"], place["venue"])
        return f"{format_short_day(wall.date())} {wall:%H:%M} {venue}"


def _spot(place: Place) -> tuple[str, str]:
    return place["venue"], place["starts_at"]
