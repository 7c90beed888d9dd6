"""The order of a guest school's pupils: who of them comes if the delegation gets fewer places."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import update

from scheduler.access.permissions import Actor
from scheduler.applications import services
from scheduler.applications.coming import may_come_in_part
from scheduler.applications.guest_models import GuestPart
from scheduler.applications.guests import Refusal
from scheduler.applications.history_words import PART_ORDER
from scheduler.applications.models import Member
from scheduler.applications.steps import Step, note
from scheduler.applications.workflow import Action
from scheduler.database import db, held
from scheduler.delegations.queries import pupils_of_part
from scheduler.errors import Refused
from scheduler.people.models import Person


def pupils_in_order(part: GuestPart) -> list[Member]:
    """Return the school's own pupils in the entry, those who come first at the top."""
    query = pupils_of_part(part).order_by(Member.position, Member.id)
    return list(db.session.scalars(query))


def come_first(part: GuestPart, people: Collection[str], *, actor: Actor, now: dt.datetime) -> None:
    """Put these pupils (references of people) before the school's others, in the order they had.

    The lead school only says how many of the school come. An order that stands so already is left
    alone. Raises `Refused` once it is settled.
    """
    application = services.lock(part.application)
    part = held(GuestPart, part.id)
    if not (part.takes_part and may_come_in_part(application)):
        raise Refused(Refusal.ORDER_SETTLED)
    query = pupils_of_part(part).with_only_columns(Member.id, Member.position, Person.ref)
    pupils = db.session.execute(query.order_by(Member.position, Member.id)).all()
    ordered = sorted(pupils, key=lambda pupil: pupil.ref not in people)
    if ordered == pupils:
        return
    rows: list[dict[str, int]] = []
    for pupil, position in zip(ordered, [each.position for each in pupils], strict=True):
        # Two may have stood at one place; from now on each has its own.
        place = max(rows[-1]["position"] + 1, position) if rows else position
        rows.append({"id": pupil.id, "position": place})
    db.session.execute(update(Member), rows)
    moved = _moved([each.ref for each in pupils], [each.ref for each in ordered])
    changes = {f"{PART_ORDER}{part.school.name}": moved}
    note(application, Step(Action.EDIT, actor, now), application.state, changes)


def _moved(before: list[str], after: list[str]) -> list[list[str]]:
    """Return the stretch of both orders in which they differ: who came first there, and now does.

    By reference, as the history names people.
    """
    pairs = zip(before, after, strict=True)
    differing = [place for place, (was, now) in enumerate(pairs) if was != now]
    first, last = differing[0], differing[-1] + 1
    return [before[first:last], after[first:last]]
