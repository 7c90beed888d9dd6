"""Jurors and other staff as parties of the planning problem, with their hours and breaks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduler.applications.models import Application
from scheduler.programmes.models import Programme
from scheduler.scheduling.activities.models import PlannedActivity, StaffInvited
from scheduler.scheduling.engine import Party, Window
from scheduler.scheduling.engine.catalogue import Breaks
from scheduler.scheduling.items import Item
from scheduler.scheduling.parties.engagements import Cause, Engagement, windows_of, within
from scheduler.scheduling.parties.staff_models import Duty, StaffMember
from scheduler.scheduling.parties.staff_services import staff_of
from scheduler.scheduling.timescale import Timescale

BREAKS = "breaks "
"""Begins the name of a rule about breaks; the name of its party follows."""


@dataclass(frozen=True)
class Attending:
    """People of the staff who are always in the same place, with what takes their time."""

    party: Party
    members: list[StaffMember]
    engagements: list[Engagement]

    @property
    def breaks(self) -> Breaks | None:
        """The rule about their breaks, if they need any."""
        first = self.members[0]
        if first.most_minutes is None or first.break_minutes is None:
            return None
        return Breaks(
            id=f"{BREAKS}{self.party.id}",
            activities=self.party.activities,
            most_minutes=first.most_minutes,
            break_minutes=first.break_minutes,
            with_warm_up=self.party.attends_warm_up,
        )


def attending(
    programme: Programme,
    applications: Iterable[Application],
    turns: Iterable[Item],
    timescale: Timescale,
) -> list[Attending]:
    """Return the staff who attend any of these; whoever is always together is one party."""
    turns = list(turns)
    refs: defaultdict[int, list[str]] = defaultdict(list)
    for application in applications:
        refs[application.category_id].append(application.ref)
    together: defaultdict[tuple[object, ...], list[StaffMember]] = defaultdict(list)
    for member in staff_of(programme):
        performances = [ref for each in member.categories for ref in refs[each.id]]
        own = [item.ref for item in turns if item.activity and invites(item.activity, member.duty)]
        groups = tuple(sorted([*performances, *own]))
        if groups:
            times = tuple(_engagements(member, timescale))
            warms_up = member.duty is Duty.ACCOMPANIST
            needs = (member.most_minutes, member.break_minutes)
            together[groups, times, warms_up, needs].append(member)
    return [_attending(key[0], key[1], members) for key, members in together.items()]  # type: ignore[arg-type]  # built above


def invites(activity: PlannedActivity, duty: Duty) -> bool:
    """Tell whether staff with a duty takes part in an activity."""
    wanted = {StaffInvited.JURORS: Duty.JUROR, StaffInvited.ACCOMPANISTS: Duty.ACCOMPANIST}
    return activity.staff is StaffInvited.ALL or wanted.get(activity.staff) is duty


def _attending(
    groups: tuple[str, ...], times: tuple[Engagement, ...], members: list[StaffMember]
) -> Attending:
    party = Party(
        "+".join(member.ref for member in members),
        groups,
        len(members),
        rest_minutes=0,
        attends_warm_up=members[0].duty is Duty.ACCOMPANIST,
        busy=tuple(windows_of(times)),
    )
    return Attending(party, members, list(times))


def _engagements(member: StaffMember, timescale: Timescale) -> list[Engagement]:
    whole = timescale.span
    present = [timescale.window(each.starts_at, each.ends_at) for each in member.hours]
    away = [Engagement(gap, Cause.AWAY) for gap in _gaps(whole, present)] if present else []
    busy = [
        Engagement(timescale.window(each.starts_at, each.ends_at), Cause.TYPED, reason=each.reason)
        for each in member.busy_times
    ]
    return within(whole, [*away, *busy])


def _gaps(whole: Window, present: Iterable[Window]) -> Iterator[Window]:
    """Yield what lies between stretches of presence, and before and after them."""
    free_from = whole.start
    for stretch in sorted(present):
        if stretch.start > free_from:
            yield Window(free_from, min(stretch.start, whole.end))
        free_from = max(free_from, stretch.end)
    if free_from < whole.end:
        yield Window(free_from, whole.end)
