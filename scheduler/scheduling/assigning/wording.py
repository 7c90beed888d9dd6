"""What is wrong with cells, why no assignment is possible, and which wish was met, in words."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.formats import listed
from scheduler.scheduling.assigning.models import WishAssignment
from scheduler.scheduling.assigning.option_names import option_text
from scheduler.scheduling.assigning.outcome import Lack, Outcome
from scheduler.scheduling.assigning.sheets import CellProblem

CELL_TEXTS: Mapping[CellProblem, LazyString] = {
    CellProblem.NOBODY: _l("Nobody who takes part is called so."),
    CellProblem.SEVERAL: _l("Several are called so. Use the reference."),
    CellProblem.NO_OPTION: _l("No option is called so."),
    CellProblem.REPEATED: _l("This stands there twice."),
    CellProblem.TOO_MANY: _l("This is one wish too many."),
    CellProblem.ALONE: _l("One alone makes no set."),
}


def rank_text(rank: int | None) -> str:
    """Return which wish somebody was given; rank 0 is an option that was not wished."""
    if rank is None:
        return str(_("without wishes"))
    return str(_("not wished")) if rank == 0 else str(_("wish %(number)s", number=rank))


def why_impossible(
    assignment: WishAssignment, outcome: Outcome, names: Mapping[str, str]
) -> list[str]:
    """Return sentences about what stands in the way; `names` are those of references."""
    if outcome.lack is not None:
        return [_lack_text(assignment, outcome.lack)]
    return list(_colliding(assignment, outcome, names))


def _lack_text(assignment: WishAssignment, lack: Lack) -> str:
    names = {each.code: option_text(each) for each in assignment.options}
    options = listed([names.get(code, code) for code in lack.options])
    if lack.is_of_room and not lack.options:
        return str(
            _("Somebody can be given no option at all: see their wishes, locks and exclusions.")
        )
    if lack.is_of_room:
        return str(
            _(
                "Room is short: %(needed)s places are needed in %(options)s, where there are "
                "%(available)s.",
                needed=lack.needed,
                available=lack.available,
                options=options,
            )
        )
    return str(
        _(
            "People are few: %(options)s must have at least %(needed)s, and %(available)s can be "
            "given them.",
            needed=lack.needed,
            available=lack.available,
            options=options,
        )
    )


def _colliding(
    assignment: WishAssignment, outcome: Outcome, names: Mapping[str, str]
) -> Iterator[str]:
    texts = {
        "together": _l("Together: %(who)s"),
        "apart": _l("Apart: %(who)s"),
    }
    options = {each.code: option_text(each) for each in assignment.options}
    for rule, ids in outcome.colliding:
        if rule in texts:
            who = listed([names.get(ref, ref) for ref in ids])
            yield str(texts[rule]) % {"who": who}
        elif rule == "quota":
            code, _blank, school = ids[0].rpartition(" ")
            yield str(
                _(
                    "At most %(count)s of school %(school)s in %(option)s",
                    count=assignment.school_most,
                    school=school,
                    option=options.get(code, code),
                )
            )
        else:
            yield str(_("The least number of %(option)s", option=options.get(ids[0], ids[0])))
