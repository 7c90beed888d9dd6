"""What roles are granted for, in words: choices of a form, and labels of grants."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from scheduler.access.permissions import Role
from scheduler.accounts.models import RoleGrant, RoleOffer
from scheduler.accounts.texts import ROLE_LABELS
from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.formats import named
from scheduler.organisations.models import District, School
from scheduler.programmes.models import Programme

Names = dict[str, str] | str


@dataclass(frozen=True, slots=True)
class Scope:
    """A thing that a role is granted for: its key, its public code, and its names."""

    id: int
    code: str
    names: Names

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return self.names if isinstance(self.names, str) else named(self.names)


PLATFORM = Scope(0, "platform", "")

_COLUMNS: dict[Role, tuple[Any, Any, Any]] = {
    Role.COORDINATOR: (Programme.id, Programme.code, Programme.names),
    Role.CITY_REVIEWER: (Programme.id, Programme.code, Programme.names),
    Role.DISTRICT_REVIEWER: (District.id, District.code, District.name),
    Role.SCHOOL_OFFICER: (School.id, School.code, School.name),
    Role.TEAM_LEADER: (Application.id, Application.ref, Application.group_name),
}
OFFERED = (Role.COORDINATOR, Role.CITY_REVIEWER, Role.DISTRICT_REVIEWER, Role.SCHOOL_OFFICER)
"""Roles that staff grant by choosing from a list; team leaders are named in their application."""


def choices() -> list[Any]:
    """Return every role with everything it can be granted for, grouped by role."""
    administrator = ROLE_LABELS[Role.PLATFORM_ADMINISTRATOR]
    found = [
        SelectChoice("", _("Please choose")),
        SelectChoice(f"{Role.PLATFORM_ADMINISTRATOR}:platform", str(administrator)),
    ]
    for role in OFFERED:
        group = str(ROLE_LABELS[role])
        found += [
            SelectChoice(f"{role}:{scope.code}", f"{scope.label} ({scope.code})", optgroup=group)
            for scope in _scopes(role)
        ]
    return found


def find(choice: str) -> tuple[Role, Scope]:
    """Return what a choice stands for; raises `LookupError` if it is none of ours."""
    word, _colon, code = choice.partition(":")
    if word == Role.PLATFORM_ADMINISTRATOR:
        return Role.PLATFORM_ADMINISTRATOR, PLATFORM
    role = next((each for each in OFFERED if each == word), None)
    if role is None:
        raise LookupError(choice)
    scope = next((each for each in _scopes(role, codes=[code])), None)
    if scope is None:
        raise LookupError(choice)
    return role, scope


def names(asked: Iterable[tuple[Role, int]]) -> dict[tuple[Role, int], str]:
    """Return what roles are granted for, by role and key, with one query per kind of scope."""
    asked = set(asked)
    found: dict[tuple[Role, int], str] = {}
    for role in _COLUMNS:
        ids = {scope_id for each, scope_id in asked if each is role}
        if ids:
            found |= {(role, scope.id): scope.label for scope in _scopes(role, ids=ids)}
    return found


def labels(grants: Iterable[RoleGrant | RoleOffer]) -> dict[int, str]:
    """Return `Role: scope` by a grant's (or an offer's) id, with one query per kind of scope."""
    grants = list(grants)
    named_scopes = names((grant.role, grant.scope_id) for grant in grants)
    return {
        grant.id: _label(ROLE_LABELS[grant.role], named_scopes.get((grant.role, grant.scope_id)))
        for grant in grants
    }


def _label(role: Any, scope: str | None) -> str:
    return _("%(role)s: %(scope)s", role=role, scope=scope) if scope else str(role)


def _scopes(
    role: Role, *, ids: Iterable[int] | None = None, codes: Iterable[str] | None = None
) -> list[Scope]:
    key, code, name = _COLUMNS[role]
    query = select(key, code, name).order_by(code)
    if ids is not None:
        query = query.where(key.in_(ids))
    if codes is not None:
        query = query.where(code.in_(codes))
    return [Scope(*row) for row in db.session.execute(query)]
