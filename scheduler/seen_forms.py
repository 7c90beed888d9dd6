"""Forms that two people may have open at once: neither undoes unseen what the other has saved."""

import json
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from scheduler.errors import Refused
from scheduler.texts import add_sentences
from scheduler.web import BaseForm


class Refusal(StrEnum):
    """Why a form that was filled in is shown again."""

    CHANGED_MEANWHILE = "form_changed_meanwhile"


add_sentences(
    {
        Refusal.CHANGED_MEANWHILE: _l(
            "Somebody else has saved this form since you opened it, so nothing was saved. What you "
            "have entered stands below; what the other changed is marked. Save again to put yours "
            "in its place."
        )
    }
)


class SeenForm(BaseForm):
    """A form that carries marks of what was stored when it was opened, one for each field."""

    seen = HiddenField()

    def remember(self, stored: Mapping[str, Any]) -> None:
        """Keep marks of what is stored; for a form that is opened, not for one that was sent."""
        if not self.is_submitted():
            self.seen.data = json.dumps({name: _mark(value) for name, value in stored.items()})

    def require_seen(self, stored: Mapping[str, Any]) -> None:
        """Raise `Refused` if anything stored is not what it was when the form was opened.

        Call it inside the transaction. The fields concerned then say so, and a second try, made
        in knowledge of that, succeeds. A form without marks is no page's of ours and is let pass.
        """
        seen = _marks(self.seen.data)
        changed = [name for name, value in stored.items() if seen.get(name, "") != _mark(value)]
        if not seen or not changed:
            return
        for name in changed:
            if name in self._fields:
                field = self._fields[name]
                field.errors = [*field.errors, _note(stored[name])]
        self.seen.data = json.dumps({name: _mark(value) for name, value in stored.items()})
        raise Refused(Refusal.CHANGED_MEANWHILE)


def _note(value: Any) -> str:
    if isinstance(value, list | tuple | dict | bool) or value in {None, ""}:
        return str(_("Changed by somebody else meanwhile."))
    return str(_("Changed by somebody else meanwhile, to: %(value)s", value=value))


def _mark(value: Any) -> str:
    return sha256(repr(value).encode()).hexdigest()[:12]


def _marks(text: str | None) -> dict[str, str]:
    try:
        marks = json.loads(text or "{}")
    except ValueError:
        return {}
    return marks if isinstance(marks, dict) else {}
