"""What the frame of every page offers: the way to one's rooms, by permission."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from scheduler.access.guard import current_actor
from scheduler.access.permissions import Actor, Permission, Role, can
from scheduler.database import db
from scheduler.panels.queries import is_reviewer
from scheduler.programmes.models import Programme

Link = tuple[str, str, bool]
"""Label, address, and whether it is where we are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A room's entry in the navigation: for whom, and which endpoints belong to it."""

    label: LazyString
    endpoint: str
    permission: Permission
    endpoints: tuple[str, ...]
    when: Callable[[Actor], bool] | None = None

    def is_for(self, actor: Actor) -> bool:
        """Tell whether the actor can use it anywhere."""
        return can(actor, self.permission) and (self.when is None or self.when(actor))

    def is_current(self, endpoint: str) -> bool:
        """Tell whether a page belongs to this entry."""
        return any(endpoint == each or endpoint.startswith(f"{each}.") for each in self.endpoints)


OWN = "applications.my_school"
SCHOOLS = "organisations.index"
ENTRIES = (
    Entry(_l("Overview"), "home.index", Permission.OWN_ACCOUNT, ("home.index",)),
    Entry(
        _l("My school"),
        OWN,
        Permission.APPLICATION_ENTER,
        ("applications", "entries", "imports", "admin.leaders"),
    ),
    Entry(
        _l("Applications"),
        "applications.index",
        Permission.APPLICATION_REVIEW,
        ("applications",),
    ),
    Entry(_l("Reviews"), "reviews.index", Permission.OWN_ACCOUNT, ("reviews",), when=is_reviewer),
    Entry(
        _l("Planning"),
        "entrances.planning",
        Permission.PLAN_READ,
        ("entrances.planning", "scheduling"),
    ),
    Entry(
        _l("Timetable"),
        "entrances.timetable",
        Permission.PROGRAMME_READ,
        ("entrances.timetable", "timetable"),
    ),
    Entry(
        _l("Programmes"),
        "programmes.index",
        Permission.PROGRAMME_READ,
        (
            "programmes",
            "results",
            "organisations.organisations",
            "organisations.new_organisation",
            "organisations.edit_organisation",
            "admin.invite_officer",
            "lotteries",
            "publicity",
            "panels",
        ),
    ),
    Entry(
        _l("Schools"),
        SCHOOLS,
        Permission.SCHOOL_READ,
        ("organisations", "admin.officers"),
    ),
    Entry(
        _l("Accounts"),
        "admin.accounts",
        Permission.PLATFORM_ADMINISTER,
        ("admin.accounts", "admin.account", "admin.invite", "admin.grant"),
    ),
    Entry(
        _l("Outbox"),
        "admin.mails",
        Permission.PLATFORM_ADMINISTER,
        ("admin.mails", "admin.mail", "admin.open_mail"),
    ),
    Entry(_l("Audit log"), "admin.audit_log", Permission.AUDIT_READ, ("admin.audit_log",)),
    Entry(_l("Jobs"), "admin.jobs", Permission.PLATFORM_ADMINISTER, ("admin.jobs",)),
)


def frame() -> dict[str, object]:
    """Return the frame's links for whoever looks at the page."""
    actor = current_actor()
    facts: dict[str, object] = {"footer_links": footer_links()}
    if actor.is_signed_in:
        facts["navigation"] = links(actor)
        facts["demo_data"] = _has_demo()
    return facts


def links(actor: Actor) -> list[Link]:
    """Return the entries that the actor can use, the first one that fits marked as current."""
    here = request.endpoint or ""
    found: list[Link] = []
    # The list of schools of whoever has only one is that school, which "My school" links to.
    has_only_one = has_only_one_school(actor)
    for entry in ENTRIES:
        if entry.is_for(actor) and not (has_only_one and entry.endpoint == SCHOOLS):
            is_own = has_only_one and entry.endpoint == OWN and here.startswith("organisations.")
            is_here = entry.is_current(here) or is_own
            is_current = is_here and not any(link[2] for link in found)
            found.append((str(entry.label), url_for(entry.endpoint), is_current))
    return found


def footer_links() -> list[Link]:
    """Return the pages that everybody may read."""
    pages = ((_("Privacy"), "home.privacy"), (_("Accessibility"), "home.accessibility"))
    return [(label, url_for(endpoint), request.endpoint == endpoint) for label, endpoint in pages]


def has_only_one_school(actor: Actor) -> bool:
    """Tell whether the actor is an officer of one school and nothing else."""
    roles = {grant.role for grant in actor.grants}
    return roles == {Role.SCHOOL_OFFICER} and len(actor.scope_ids(Role.SCHOOL_OFFICER)) == 1


def _has_demo() -> bool:
    return db.session.scalar(select(Programme.id).where(Programme.is_demo).limit(1)) is not None
