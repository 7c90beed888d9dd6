"""What there is to be allowed, which role allows it, and where: pure, asked by guard and pages."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """`thing:action`, as in the access table."""

    PLATFORM_ADMINISTER = "platform:administer"
    AUDIT_READ = "audit:read"
    OWN_ACCOUNT = "account:own"
    PROGRAMME_READ = "programme:read"
    PROGRAMME_EDIT = "programme:edit"
    VENUE_EDIT = "venue:edit"
    SCHOOL_READ = "school:read"
    SCHOOL_EDIT = "school:edit"
    APPLICATION_READ = "application:read"
    APPLICATION_ENTER = "application:enter"
    APPLICATION_SUBMIT = "application:submit"
    APPLICATION_REVIEW = "application:review"
    APPLICATION_NOMINATE = "application:nominate"
    APPLICATION_DECIDE = "application:decide"
    PERSON_READ = "person:read"
    PERSON_LINK = "person:link"
    PLAN_READ = "plan:read"
    PLAN_EDIT = "plan:edit"
    PLAN_PUBLISH = "plan:publish"
    TIMETABLE_READ = "timetable:read"


class Role(StrEnum):
    """Roles that are granted, each within one scope."""

    PLATFORM_ADMINISTRATOR = "platform_administrator"
    COORDINATOR = "coordinator"
    DISTRICT_REVIEWER = "district_reviewer"
    CITY_REVIEWER = "city_reviewer"
    SCHOOL_OFFICER = "school_officer"
    TEAM_LEADER = "team_leader"


class ScopeKind(StrEnum):
    """What a role is granted for."""

    PLATFORM = "platform"
    PROGRAMME = "programme"
    DISTRICT = "district"
    SCHOOL = "school"
    APPLICATION = "application"


SCOPE_BY_ROLE = {
    Role.PLATFORM_ADMINISTRATOR: ScopeKind.PLATFORM,
    Role.COORDINATOR: ScopeKind.PROGRAMME,
    Role.DISTRICT_REVIEWER: ScopeKind.DISTRICT,
    Role.CITY_REVIEWER: ScopeKind.PROGRAMME,
    Role.SCHOOL_OFFICER: ScopeKind.SCHOOL,
    Role.TEAM_LEADER: ScopeKind.APPLICATION,
}

_EVERYONE = frozenset({Permission.OWN_ACCOUNT, Permission.PROGRAMME_READ})

PERMISSIONS_BY_ROLE: dict[Role, frozenset[Permission]] = {
    # Administrators keep the platform going; they do not decide and do not enter for schools.
    Role.PLATFORM_ADMINISTRATOR: _EVERYONE
    | {
        Permission.PLATFORM_ADMINISTER,
        Permission.AUDIT_READ,
        Permission.PROGRAMME_EDIT,
        Permission.SCHOOL_READ,
        Permission.SCHOOL_EDIT,
    },
    Role.COORDINATOR: _EVERYONE
    | {
        Permission.PROGRAMME_EDIT,
        Permission.VENUE_EDIT,
        Permission.SCHOOL_READ,
        Permission.APPLICATION_READ,
        Permission.APPLICATION_REVIEW,
        Permission.APPLICATION_NOMINATE,
        Permission.APPLICATION_DECIDE,
        Permission.PERSON_READ,
        Permission.PERSON_LINK,
        Permission.PLAN_READ,
        Permission.PLAN_EDIT,
        Permission.PLAN_PUBLISH,
        Permission.TIMETABLE_READ,
    },
    Role.DISTRICT_REVIEWER: _EVERYONE
    | {
        Permission.SCHOOL_READ,
        Permission.APPLICATION_READ,
        Permission.APPLICATION_REVIEW,
        Permission.APPLICATION_NOMINATE,
        Permission.TIMETABLE_READ,
    },
    # Whether they may know whose entry they read is said by the level (`applications.levels`).
    Role.CITY_REVIEWER: _EVERYONE
    | {
        Permission.APPLICATION_READ,
        Permission.APPLICATION_REVIEW,
        Permission.APPLICATION_NOMINATE,
    },
    Role.SCHOOL_OFFICER: _EVERYONE
    | {
        Permission.SCHOOL_READ,
        Permission.SCHOOL_EDIT,
        Permission.APPLICATION_READ,
        Permission.APPLICATION_ENTER,
        Permission.APPLICATION_SUBMIT,
        Permission.PERSON_READ,
        Permission.PERSON_LINK,
        Permission.TIMETABLE_READ,
    },
    Role.TEAM_LEADER: _EVERYONE | {Permission.APPLICATION_READ, Permission.TIMETABLE_READ},
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a scope; `scope_id` is None for the platform only."""

    role: Role
    scope: ScopeKind
    scope_id: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a thing belongs. A grant reaches it if any of these is the grant's own scope.

    Guest schools do not reach it; their own people only may not decide on it.
    """

    programme_id: int | None = None
    district_id: int | None = None
    school_id: int | None = None
    application_id: int | None = None
    account_id: int | None = None
    guest_school_ids: frozenset[int] = frozenset()

    def is_within(self, grant: Grant) -> bool:
        """Tell whether the grant's scope covers this subject."""
        match grant.scope:
            case ScopeKind.PLATFORM:
                return True
            case ScopeKind.PROGRAMME:
                own = self.programme_id
            case ScopeKind.DISTRICT:
                own = self.district_id
            case ScopeKind.SCHOOL:
                own = self.school_id
            case ScopeKind.APPLICATION:
                own = self.application_id
        return own is not None and own == grant.scope_id


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, as the rules see them: an account's id and its grants."""

    account_id: int | None
    name: str = ""
    grants: frozenset[Grant] = frozenset()

    @property
    def is_signed_in(self) -> bool:
        """Anonymous visitors and readers by link are not signed in."""
        return self.account_id is not None

    def scope_ids(self, role: Role) -> frozenset[int]:
        """Return the programmes (districts, schools, applications) this role is granted for."""
        return frozenset(
            grant.scope_id
            for grant in self.grants
            if grant.role is role and grant.scope_id is not None
        )

    def has_role(self, role: Role) -> bool:
        """Tell whether the role is granted anywhere."""
        return any(grant.role is role for grant in self.grants)


ANONYMOUS = Actor(account_id=None)


def can(actor: Actor, permission: Permission, subject: Subject | None = None) -> bool:
    """Tell whether the actor may do this to the subject.

    Without a subject the question is "anywhere?", which navigation and list pages ask; the list
    itself is then limited to the actor's scopes by the query. Nobody decides on an application
    of a school that they act for (domain rule: nobody reviews the own school).
    """
    if permission is Permission.OWN_ACCOUNT:
        is_own = subject is None or subject.account_id == actor.account_id
        return actor.is_signed_in and is_own
    if permission is Permission.PROGRAMME_READ:
        # Whatever its scope: timetables are for everybody who takes part, and for nobody who left.
        return bool(actor.grants)
    if subject is not None and is_own_case(actor, permission, subject):
        return False
    return any(
        permission in PERMISSIONS_BY_ROLE[grant.role]
        and (subject is None or subject.is_within(grant))
        for grant in actor.grants
    )


_JUDGEMENTS = frozenset(
    {
        Permission.APPLICATION_REVIEW,
        Permission.APPLICATION_NOMINATE,
        Permission.APPLICATION_DECIDE,
    }
)


def is_own_case(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Tell whether this would be a decision on the actor's own school, or one where it is guest."""
    if permission not in _JUDGEMENTS:
        return False
    own_schools = actor.scope_ids(Role.SCHOOL_OFFICER)
    own_entries = actor.scope_ids(Role.TEAM_LEADER)
    is_guest = not own_schools.isdisjoint(subject.guest_school_ids)
    return subject.school_id in own_schools or is_guest or subject.application_id in own_entries
