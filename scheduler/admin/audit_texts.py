"""Audit entries in words: what was done, and its facts as people read them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from scheduler.access.permissions import Role
from scheduler.accounts.texts import ROLE_LABELS
from scheduler.admin import scopes
from scheduler.admin.audit_words import DEEDS, FACTS, THINGS
from scheduler.applications.texts import ACTION_LABELS
from scheduler.audit.models import AuditEntry
from scheduler.consents.texts import METHOD_LABELS, PURPOSE_LABELS
from scheduler.formats import format_instant, listed
from scheduler.scheduling.rules.offer_texts import OFFER_TEXTS, STRENGTH_TEXTS

ACTIONS = {str(action): label for action, label in ACTION_LABELS.items()}
PURPOSE_BY_WORD = {str(purpose): label for purpose, label in PURPOSE_LABELS.items()}
_STRENGTHS: Mapping[str, Any] = {str(each): text for each, text in STRENGTH_TEXTS.items()}
_RULES = {str(rule): text for rule, text in OFFER_TEXTS.items()}
_WORDS_BY_FACT: Mapping[str, Mapping[str, Any]] = {
    "role": {str(role): label for role, label in ROLE_LABELS.items()},
    "purpose": PURPOSE_BY_WORD,
    "method": METHOD_LABELS,
    **dict.fromkeys(map(str, OFFER_TEXTS), _STRENGTHS),
}


def deed_text(action: str) -> str:
    """Return what an action is in words; nothing for one that has none yet."""
    thing, _colon, deed = action.partition(":")
    done = PURPOSE_BY_WORD.get(deed) if thing == "consents" else None
    done = done or DEEDS.get(deed) or (ACTIONS.get(deed) if thing == "application" else None)
    if thing not in THINGS or done is None:
        return ""
    return str(_("%(thing)s: %(deed)s", thing=THINGS[thing], deed=done))


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
    return str(FACTS.get(key) or _RULES.get(key) or key.replace("_", " "))


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
        return listed(_value(key, one) for one in value)
    if key.endswith("_at"):
        return _moment(str(value))
    return str(_WORDS_BY_FACT.get(key, {}).get(str(value), value))


def _moment(text: str) -> str:
    try:
        return format_instant(dt.datetime.fromisoformat(text))
    except ValueError:
        return text
