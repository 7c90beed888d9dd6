"""What a step of the history changed, in the reader's words: which field, from what, to what.

Values that tell of persons are not in the history; of those fields it only says that they changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.applications.fields import Field
from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.models import HistoryEntry
from scheduler.applications.texts import FIELD_LABELS
from scheduler.programmes.form_fields import is_mark
from scheduler.states import state_look

SUBSTITUTION = "substitution"
"""Under this key the history keeps the references of who left a group and who came."""
_OTHER_LABELS = {
    SUBSTITUTION: _l("Member"),
    "least_members": _l("How many come at least"),
}
NO_LABELS: Mapping[str, str] = {}
SCHOOL = "school:"
"""Before a guest school's name: the change is one of its part, from state to state."""

PART_ORDER = "order:"
"""Before a school's name: the stretch of its order that changed, before and after, by reference."""


@dataclass(frozen=True, slots=True)
class FieldStep:
    """One field of a step; `before` and `after` are None where the history keeps no values."""

    label: str
    before: str | None = None
    after: str | None = None

    @property
    def is_told(self) -> bool:
        """Tell whether it can be said from what to what."""
        return self.before is not None and self.after is not None


def field_steps(
    changes: Mapping[str, Any], form: FormPlan = PLAIN, labels: Mapping[str, str] = NO_LABELS
) -> tuple[FieldStep, ...]:
    """Return what was changed, in the order of the form; coordinators' fields come last.

    `labels` names those of them that the reader may see; the others are left out.
    """
    order = {str(field): place for place, field in enumerate(Field)}
    keys = sorted(changes, key=lambda key: order.get(key, len(order)))
    return tuple(
        _answer_step(key, changes[key], form, labels) if is_mark(key) else _step(key, changes[key])
        for key in keys
        if not is_mark(key) or key in labels
    )


def _answer_step(mark: str, change: Any, form: FormPlan, labels: Mapping[str, str]) -> FieldStep:
    before, after = _pair(change)
    if (before, after) == (None, None):
        return FieldStep(labels[mark])
    locale = str(get_locale())
    shown = (form.shown(mark, before, locale), form.shown(mark, after, locale))
    return FieldStep(labels[mark], _value(shown[0]), _value(shown[1]))


def state_step(entry: HistoryEntry) -> FieldStep | None:
    """Return how the state moved; None if it stayed, or began."""
    if entry.from_state is None or entry.from_state is entry.to_state:
        return None
    before, after = (str(state_look(state).word) for state in (entry.from_state, entry.to_state))
    return FieldStep(_("State"), before, after)


def merged_changes(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Return two changes of the same fields as one: from the first value to the last."""
    return {key: [_pair(earlier[key])[0], _pair(later[key])[1]] for key in later}


def _step(key: str, change: Any) -> FieldStep:
    if key.startswith(SCHOOL):
        return _part_step(key, change)
    if key.startswith(PART_ORDER):
        school = key.removeprefix(PART_ORDER)
        return FieldStep(_("Which pupils of %(school)s come first", school=school), *_pair(change))
    is_ours = key in set(Field)
    label = str(FIELD_LABELS[Field(key)]) if is_ours else str(_OTHER_LABELS.get(key, key))
    before, after = _pair(change)
    if before == after:
        return FieldStep(label)
    if key == Field.MEMBERS:
        return FieldStep(label, _people(before), _people(after))
    return FieldStep(label, _value(before), _value(after))


def _part_step(key: str, change: Any) -> FieldStep:
    before, after = (str(state_look(state).word) if state else "" for state in _pair(change))
    return FieldStep(key.removeprefix(SCHOOL), _value(before), _value(after))


def _pair(change: Any) -> tuple[Any, Any]:
    """Return from and to; what is stored in another shape says neither."""
    is_pair = isinstance(change, list) and len(change) == 2  # noqa: PLR2004 - from and to
    return (change[0], change[1]) if is_pair else (None, None)


def _people(number: Any) -> str:
    return str(ngettext("%(num)s pupil", "%(num)s pupils", int(number or 0)))


def _value(value: Any) -> str:
    return _("nothing") if value is None or value == "" else str(value)
