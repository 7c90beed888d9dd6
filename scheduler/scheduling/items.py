"""What a slot places, as rules, boards, calendars and prints ask for it.

Nobody but this module looks through a slot at what stands behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import ngettext

from scheduler.applications.models import ON_STAGE_ROLES, Application, MemberRole
from scheduler.applications.published import activity_key, performance_key
from scheduler.applications.workflow import State
from scheduler.formats import listed, named, named_in
from scheduler.languages import LOCALES
from scheduler.organisations.models import Names, School
from scheduler.scheduling.activities.models import Attendance, PlannedActivity
from scheduler.scheduling.activities.words import KIND_NAMES

NAMED_AT_MOST = 2
"""So many schools are called by name."""

LEADERS = frozenset({MemberRole.LEADER, MemberRole.ADVISER})

ROLES: dict[Attendance, frozenset[MemberRole]] = {
    Attendance.EVERYBODY: frozenset(MemberRole),
    Attendance.LEADERS: LEADERS,
    Attendance.ACCOMPANISTS: frozenset({MemberRole.ACCOMPANIST}),
}


@dataclass(frozen=True)
class Item:
    """Something that takes place once: a group's performance, or one turn of an activity.

    `names` are its own and `about` those of its kind, by language. `minutes` are those on stage;
    `setup_minutes` before and `changeover_minutes` after them nobody else can have it. Only who
    performs warms up. `roles` says who of the groups takes part; without an `activity` it is the
    performance of `application`, with both it is that group's own turn.
    """

    ref: str
    key: str
    names: Names
    about: Names
    look: str
    groups: tuple[Application, ...]
    roles: frozenset[MemberRole]
    minutes: int
    changeover_minutes: int
    setup_minutes: int = 0
    application: Application | None = None
    activity: PlannedActivity | None = None
    number: int = 1

    @property
    def warms_up(self) -> bool:
        """Tell whether a warm-up belongs to it: it is a performance."""
        return self.activity is None

    @property
    def title(self) -> str:
        """Return its name in the reader's language; a group has one in all."""
        return named(self.names)

    @property
    def activity_title(self) -> str:
        """Return the name of the whole activity in the reader's language."""
        return "" if self.activity is None else named(names_of(self.activity))

    @property
    def schools(self) -> list[School]:
        """Return the schools that have entered its groups, each once."""
        return list(dict.fromkeys(group.school for group in self.groups))

    @property
    def school_text(self) -> str:
        """Return the names of its schools as one line, or how many they are."""
        count = len(self.schools)
        if count > NAMED_AT_MOST:
            return str(ngettext("%(num)s school", "%(num)s schools", count))
        return listed(sorted(school.name for school in self.schools)) or "–"

    @property
    def school_ids(self) -> frozenset[int]:
        """Return all schools whose people are in it, those of guests too."""
        return frozenset(id_ for group in self.groups for id_ in group.all_school_ids)

    @property
    def kept_apart(self) -> frozenset[MemberRole]:
        """Return in which roles people can be nowhere else meanwhile."""
        on_stage = self.roles & ON_STAGE_ROLES
        return on_stage or self.roles

    def is_asked(self, *, school: str = "", category: str = "", region: str = "") -> bool:
        """Tell whether one of its groups fits all the codes; an empty code asks for nothing."""
        if not (school or category or region):
            return True
        return any(
            school in {"", group.school.code}
            and category in {"", group.category.code}
            and region in {"", group.school.region.value}
            for group in self.groups
        )


def is_planned(item: Item) -> bool:
    """Tell whether a search would give it a place: an accepted group's, or an activity's."""
    activity = item.activity
    if activity is not None and (activity.removed_at is not None or activity.is_for_nobody):
        return False
    group = item.application
    if group is None:
        return True
    is_staged = activity is not None or group.category.is_staged
    return group.state is State.ACCEPTED and is_staged


def performance_of(application: Application) -> Item:
    """Return what a slot places for an accepted group."""
    category = application.category
    return Item(
        ref=application.ref,
        key=performance_key(application.ref),
        names={"en": application.group_name},
        about=category.names,
        look=category.kind.value,
        groups=(application,),
        roles=frozenset(MemberRole),
        minutes=category.max_minutes,
        changeover_minutes=category.changeover_minutes,
        application=application,
    )


def turns_of(activity: PlannedActivity) -> list[Item]:
    """Return what an activity asks to be placed: as often as it takes place, for whom it does.

    What nobody takes part in asks for nothing: its groups are still to be chosen, or have left.
    """
    if activity.is_for_nobody:
        return []
    groups: Iterable[Application | None] = activity.groups if activity.for_each_group else (None,)
    return [
        turn(activity, group, number) for group in groups for number in range(1, activity.times + 1)
    ]


def turn(
    activity: PlannedActivity,
    application: Application | None,
    number: int,
    groups: Iterable[Application] | None = None,
) -> Item:
    """Return one turn of an activity; `groups` are those of now unless they are given.

    Its ref stays the same whatever is changed about the activity, and with it its calendar entry.
    """
    parts = (
        activity.ref,
        *((application.ref,) if application else ()),
        *((str(number),) if number > 1 else ()),
    )
    ref = "-".join(parts)
    own = activity.groups if groups is None else groups
    return Item(
        ref=ref,
        key=activity_key(ref),
        names={locale: _name(activity, application, number, locale) for locale in LOCALES},
        about=KIND_NAMES[activity.kind],
        look="activity",
        groups=(application,) if application else tuple(own),
        roles=ROLES[activity.attendance],
        minutes=activity.minutes,
        changeover_minutes=activity.clear_minutes,
        setup_minutes=activity.setup_minutes,
        application=application,
        activity=activity,
        number=number,
    )


def names_of(activity: PlannedActivity) -> Names:
    """Return what an activity is called in every language, whichever it was named in."""
    return {locale: _own_name(activity, locale) for locale in LOCALES}


def _own_name(activity: PlannedActivity, locale: str) -> str:
    kin = {key: name for key, name in activity.names.items() if key[:2] == locale[:2]}
    return named_in(kin, locale) or activity.name


def _name(
    activity: PlannedActivity, application: Application | None, number: int, locale: str
) -> str:
    name = _own_name(activity, locale)
    if activity.times > 1:
        name = f"{name} {number}"
    return f"{name} · {application.group_name}" if application else name
