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
    first = [member_id for member_id, _, ref in pupils if ref in people]
    others = [member_id for member_id, _, ref in pupils if ref not in people]
    rows: list[dict[str, int]] = []
    for member_id, position in zip(first + others, [row[1] for row in pupils], strict=True):
        # Two may have stood at one place; from now on each has its own.
        place = max(rows[-1]["position"] + 1, position) if rows else position
        rows.append({"id": member_id, "position": place})
    if [(row["id"], row["position"]) for row in rows] == [tuple(row[:2]) for row in pupils]:
        return
    db.session.execute(update(Member), rows)
    changes = {f"{PART_ORDER}{part.school.name}": [None, None]}
    note(application, Step(Action.EDIT, actor, now), application.state, changes)
