"""Who of a delegation comes where fewer places are offered than pupils are entered.

The lead school chooses among its own pupils and says how many come of each guest school; of those
the first in their own school's order come (`delegations.order`): each answers for its pupils.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.applications.guest_models import TAKES_PART, GuestPart
from scheduler.applications.guest_notices import tell_guest
from scheduler.applications.guests import Refusal as GuestRefusal
from scheduler.applications.guests import is_guest
from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import BEFORE_A_PLACE, Refusal, State
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.organisations.models import School

MAIL = "delegations.places"


@dataclass(frozen=True, slots=True)
class Share:
    """A guest school with its pupils in the entry, in its own order."""

    school: School
    pupils: list[Member]


def may_come_in_part(application: Application) -> bool:
    """Tell whether it is still open which pupils of the delegation come, should not all can."""
    is_open = application.state in {*BEFORE_A_PLACE, State.OFFERED}
    is_partial = application.category.counts_persons and application.least_members is not None
    return is_open and is_partial


def split(pupils: Iterable[Member], application: Application) -> tuple[list[Member], list[Share]]:
    """Return the entry's own pupils, and each guest school's, by the name of the school."""
    in_order = sorted(pupils, key=lambda member: (member.position, member.id))
    own = [each for each in in_order if not is_guest(each.person, application)]
    if len(own) == len(in_order):
        return own, []
    ids = {each.person.school_id for each in in_order} - {application.school_id}
    schools = db.session.scalars(select(School).where(School.id.in_(ids)).order_by(School.name))
    return own, [
        Share(school, [each for each in in_order if each.person.school_id == school.id])
        for school in schools
    ]


def check_number(coming: int, *, least: int, most: int) -> None:
    """Raise `Refused` unless so many pupils can come: from `least` to `most`, both included."""
    if not least <= coming <= most:
        code = Refusal.COMING_EXACTLY if least == most else Refusal.COMING_OUT_OF_RANGE
        raise Refused(code, least=least, most=most, field="coming")


def leave_behind(
    application: Application,
    coming: Collection[int],
    places_by_school: Mapping[int, int],
    *,
    now: dt.datetime,
) -> int:
    """Take out of the group whoever does not come, tell the guests, and return how many do.

    `coming` names the entry's own pupils (ids of `Member`), `places_by_school` says how many come
    of each guest school. Raises `Refused` for more than places are held, for fewer than were said
    to come at least, and where a guest school gets no place: it leaves by itself if it must.
    """
    pupils = [member for member in application.members if member.role is MemberRole.PUPIL]
    own, shares = split(pupils, application)
    chosen = [member for member in own if member.id in coming]
    for share in shares:
        places = places_by_school.get(share.school.id, 0)
        most = len(share.pupils)
        if not 1 <= places <= most:
            code = GuestRefusal.SHARE_OF_ONE if most == 1 else GuestRefusal.SHARE_OUT_OF_RANGE
            raise Refused(code, field="coming", school=share.school.name, most=most)
        chosen += share.pupils[:places]
    held = application.places_held
    check_number(len(chosen), least=min(application.least_members or held, held), most=held)
    for member in set(pupils) - set(chosen):
        application.members.remove(member)
    db.session.flush()
    _tell(application, shares, places_by_school, now)
    return len(chosen)


def _tell(
    application: Application, shares: list[Share], places: Mapping[int, int], now: dt.datetime
) -> None:
    pupils = {share.school.id: len(share.pupils) for share in shares}
    parts = select(GuestPart).where(
        GuestPart.application_id == application.id,
        GuestPart.state.in_(TAKES_PART),
        GuestPart.school_id.in_(pupils),
    )
    for part in db.session.scalars(parts.order_by(GuestPart.id)):
        school_id = part.school_id
        tell_guest(part, MAIL, now=now, coming=places[school_id], pupils=pupils[school_id])
