"""What a slot places, as rules, boards, calendars and prints ask for it.

Nobody but this module looks through a slot at what stands behind it.
"""

from dataclasses import dataclass

from scheduler.applications.models import Application
from scheduler.formats import named
from scheduler.organisations.models import Names, School


@dataclass(frozen=True)
class Item:
    """Something that takes place once: the performance of one group.

    `names` are its own and `about` those of its kind, by language. `minutes` are those on stage,
    `changeover_minutes` keep the stage after them; who warms up does so as the programme says.
    """

    ref: str
    names: Names
    about: Names
    look: str
    groups: tuple[Application, ...]
    minutes: int
    changeover_minutes: int
    warms_up: bool
    application: Application

    @property
    def title(self) -> str:
        """Return its name in the reader's language; a group has one in all."""
        return named(self.names)

    @property
    def schools(self) -> list[School]:
        """Return the schools that have entered its groups, each once."""
        return list(dict.fromkeys(group.school for group in self.groups))

    @property
    def school_text(self) -> str:
        """Return the names of its schools as one line."""
        return ", ".join(school.name for school in self.schools)

    @property
    def school_ids(self) -> frozenset[int]:
        """Return all schools whose people are in it, those of guests too."""
        return frozenset(id_ for group in self.groups for id_ in group.all_school_ids)

    def is_asked(self, *, school: str = "", category: str = "", region: str = "") -> bool:
        """Tell whether one of its groups fits all the codes; an empty code asks for nothing."""
        return any(
            school in {"", group.school.code}
            and category in {"", group.category.code}
            and region in {"", group.school.region.value}
            for group in self.groups
        )


def performance_of(application: Application) -> Item:
    """Return what a slot places for an accepted group."""
    category = application.category
    return Item(
        ref=application.ref,
        names={"en": application.group_name},
        about=category.names,
        look=category.kind.value,
        groups=(application,),
        minutes=category.max_minutes,
        changeover_minutes=category.changeover_minutes,
        warms_up=True,
        application=application,
    )
