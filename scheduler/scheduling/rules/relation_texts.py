"""What is stated about two groups, in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.scheduling.rules.relation_models import GroupRelation, RelationKind

KIND_TEXTS: dict[RelationKind, LazyString] = {
    RelationKind.ONE_DAY: _l("on the same day"),
    RelationKind.OTHER_DAYS: _l("on different days"),
    RelationKind.ONE_VENUE: _l("in the same venue"),
    RelationKind.BEFORE: _l("the first before the second"),
}

_SENTENCES: dict[RelationKind, LazyString] = {
    RelationKind.ONE_DAY: _l("%(first)s and %(second)s perform on the same day."),
    RelationKind.OTHER_DAYS: _l("%(first)s and %(second)s perform on different days."),
    RelationKind.ONE_VENUE: _l("%(first)s and %(second)s perform in the same venue."),
    RelationKind.BEFORE: _l("%(first)s begins before %(second)s."),
}


def relation_sentence(relation: GroupRelation) -> str:
    """Return what is stated, with the names of both groups."""
    names = {"first": relation.first.group_name, "second": relation.second.group_name}
    return str(_SENTENCES[relation.kind]) % names


def strength_text(relation: GroupRelation) -> str:
    """Return whether it must hold, or what it costs when it does not."""
    if relation.weight is None:
        return str(_("must hold"))
    return str(_("wished for, at a price of %(price)s", price=relation.weight))
