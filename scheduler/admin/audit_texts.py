"""Audit entries in words: what was done, and its facts as people read them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.access.permissions import Role
from scheduler.accounts.texts import ROLE_LABELS
from scheduler.admin import scopes
from scheduler.audit.models import AuditEntry
from scheduler.formats import format_instant

THINGS = {
    "account": _l("Account"),
    "application": _l("Application"),
    "category": _l("Category"),
    "demo": _l("Demo data"),
    "district": _l("District"),
    "links": _l("Personal links"),
    "mail": _l("Mail"),
    "person": _l("Person"),
    "plan": _l("Draft timetable"),
    "programme": _l("Programme"),
    "read": _l("Looked at"),
    "release": _l("Release"),
    "roster": _l("Roster"),
    "school": _l("School"),
    "venue": _l("Venue"),
}
DEEDS = {
    "accept": _l("accepted"),
    "accept_invitation": _l("invitation accepted"),
    "add": _l("added"),
    "attendance": _l("attendance windows changed"),
    "change": _l("changed"),
    "change_password": _l("password changed"),
    "bounce": _l("came back"),
    "copy": _l("copied"),
    "correct_address": _l("address corrected"),
    "deactivate": _l("closed"),
    "discard": _l("discarded"),
    "edit": _l("changed"),
    "grant": _l("role given"),
    "import": _l("imported"),
    "invite": _l("invited"),
    "invite_again": _l("invited again"),
    "load": _l("loaded"),
    "lock": _l("group locked or unlocked"),
    "lock_all": _l("all groups locked or unlocked"),
    "mail": _l("mailed"),
    "members": _l("members"),
    "messages": _l("messages put into own words"),
    "move": _l("moved"),
    "publish": _l("published"),
    "reactivate": _l("opened again"),
    "reject": _l("rejected"),
    "remove": _l("removed"),
    "rename": _l("renamed"),
    "replace": _l("replaced"),
    "request_reset": _l("new password asked for"),
    "return": _l("returned for changes"),
    "revoke": _l("role taken away"),
    "rooms": _l("warm-up rooms dealt anew"),
    "send_again": _l("sent again"),
    "send_all_failed_again": _l("all failed ones sent again"),
    "settle": _l("settled"),
    "sign_in": _l("signed in"),
    "sign_out_everywhere": _l("signed out everywhere"),
    "solve": _l("search begun"),
    "submit": _l("submitted"),
    "take_out": _l("group taken out"),
    "times": _l("hours and closures changed"),
    "travel": _l("ways changed"),
    "waitlist": _l("put on the waiting list"),
    "withdraw": _l("withdrawn"),
    "workbook": _l("workbook"),
}
FACTS = {
    "application": _l("Group"),
    "before": _l("Before"),
    "count": _l("Number"),
    "difference": _l("Changes"),
    "fields": _l("Fields"),
    "is_locked": _l("Locked"),
    "made_from": _l("Made from"),
    "name": _l("Name"),
    "now_at": _l("Now at"),
    "number": _l("Number"),
    "people": _l("People"),
    "plan": _l("Draft timetable"),
    "role": _l("Role"),
    "scope": _l("For"),
    "seconds": _l("Seconds"),
    "seed": _l("Seed"),
    "starts_at": _l("On stage from"),
    "venue": _l("Venue"),
    "was": _l("Before"),
}


def deed_text(action: str) -> str:
    """Return what an action is in words; nothing for one that has none yet."""
    thing, _colon, deed = action.partition(":")
    if thing not in THINGS or deed not in DEEDS:
        return ""
    return str(_("%(thing)s: %(deed)s", thing=THINGS[thing], deed=DEEDS[deed]))


def facts_by_id(entries: Iterable[AuditEntry]) -> dict[int, list[tuple[str, str]]]:
    """Return each entry's facts as labels and values; roles' scopes by name. Few queries."""
    entries = list(entries)
    asked = {pair for entry in entries if (pair := _scope_of(entry.facts)) is not None}
    names = scopes.names(asked)
    return {entry.id: _lines(entry.facts, names) for entry in entries}


def _scope_of(facts: dict[str, Any]) -> tuple[Role, int] | None:
    role, scope_id = facts.get("role"), facts.get("scope_id")
    return (Role(role), scope_id) if role in set(Role) and isinstance(scope_id, int) else None


def _lines(facts: dict[str, Any], names: dict[tuple[Role, int], str]) -> list[tuple[str, str]]:
    pair = _scope_of(facts)
    if pair is not None:
        rest = {key: value for key, value in facts.items() if key not in {"scope", "scope_id"}}
        facts = rest | ({"scope": names[pair]} if pair in names else {})
    return [(_label(key), _value(key, value)) for key, value in facts.items()]


def _label(key: str) -> str:
    return str(FACTS.get(key, key.replace("_", " ")))


def _value(key: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        pairs = (
            _("%(name)s: %(value)s", name=_label(each), value=_value(each, one))
            for each, one in value.items()
        )
        return str(_("; ")).join(pairs)
    if isinstance(value, list):
        return str(_(", ")).join(_value(key, one) for one in value)
    if key == "role" and value in set(Role):
        return str(ROLE_LABELS[Role(value)])
    return _moment(str(value)) if key.endswith("_at") else str(value)


def _moment(text: str) -> str:
    try:
        return format_instant(dt.datetime.fromisoformat(text))
    except ValueError:
        return text
