"""Deny by default: a view runs only with a declared rule, and only for those whom it allows."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from scheduler.access.permissions import ANONYMOUS, Actor, Permission, Subject, can
from scheduler.errors import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])

_BUNDLED = frozenset({"static", "favicon"})


class Guarded(Protocol):
    """Anything that can say where it belongs."""

    @property
    def subject(self) -> Subject:
        """Return the scopes that reach this thing."""


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a view demands: nothing (`public`, with the reason), or a permission on a subject."""

    permission: Permission | None
    find: Callable[..., Guarded] | None = None
    why_public: str = ""

    def __str__(self) -> str:
        if self.permission is None:
            return f"public: {self.why_public}"
        return str(self.permission) + (f" on {self.find.__name__}" if self.find else "")


def access(
    permission: Permission, find: Callable[..., Guarded] | None = None
) -> Callable[[View], View]:
    """Let a view run for those who hold the permission.

    `find` takes those URL parameters that it names, and returns the object (or raises
    `NotFound`). The permission is asked on the object's `subject`, and the view receives it as
    the keyword `thing` in place of the parameters that `find` took.
    """

    def declare(view: View) -> View:
        view.access_rule = AccessRule(permission, find)  # type: ignore[attr-defined]
        return view

    return declare


def public(why: str) -> Callable[[View], View]:
    """Let everybody in. The reason stands in the access table."""

    def declare(view: View) -> View:
        view.access_rule = AccessRule(None, why_public=why)  # type: ignore[attr-defined]
        return view

    return declare


def rule_of(app: Flask, endpoint: str) -> AccessRule | None:
    """Return the rule that a route declares; the bundle's files are public."""
    if endpoint in _BUNDLED:
        return AccessRule(None, why_public="bundled front end")
    rule: AccessRule | None = getattr(app.view_functions[endpoint], "access_rule", None)
    return rule


def current_actor() -> Actor:
    """Return who acts in this request; `ANONYMOUS` if nobody is signed in."""
    if "actor" not in g:
        is_known = bool(current_user and current_user.is_authenticated)
        g.actor = current_user.actor if is_known else ANONYMOUS
    actor: Actor = g.actor
    return actor


def may(permission: Permission | str, thing: Guarded | None = None) -> bool:
    """Ask for templates and views what `enforce` asks for routes."""
    subject = thing.subject if thing is not None else None
    return can(current_actor(), Permission(permission), subject)


def demand(permission: Permission, thing: Guarded | None = None) -> None:
    """Raise `NotAllowed` unless the actor may; for a second thing that a view touches."""
    if not may(permission, thing):
        raise NotAllowed


def enforce() -> Response | None:
    """Before every request: find the rule, load the object, ask; or send to the sign-in page."""
    if request.endpoint is None:
        return None  # no such page: routing answers 404 or 405 itself
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        abort(403)
    if rule.permission is None:
        return None
    actor = current_actor()
    if not actor.is_signed_in:
        return _send_to_sign_in()
    thing = _find(rule.find) if rule.find else None
    if not can(actor, rule.permission, thing.subject if thing is not None else None):
        raise NotAllowed
    return None


def _find(find: Callable[..., Guarded]) -> Guarded:
    """Load the object and put it into the view's arguments in place of what names it."""
    arguments = request.view_args or {}
    named = set(signature(find).parameters) & set(arguments)
    thing = find(**{name: arguments[name] for name in named})
    kept = {name: value for name, value in arguments.items() if name not in named}
    request.view_args = {**kept, "thing": thing}
    return thing


def _send_to_sign_in() -> Response:
    if request.method != "GET":
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def init_app(app: Flask) -> None:
    """Put the guard before every view and give `may` to the templates."""
    app.before_request(enforce)
    app.jinja_env.globals["may"] = may
