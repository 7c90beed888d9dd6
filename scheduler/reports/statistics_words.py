"""The statistics in the reader's words: drawings for the page, sheets for the workbook."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from scheduler.applications.workflow import State
from scheduler.formats import format_day, named
from scheduler.organisations.texts import REGIONS, STAGES
from scheduler.reports.plots import Drawing, bars, columns
from scheduler.reports.statistics import Statistics
from scheduler.reports.suppression import Count
from scheduler.reports.tables import Cell, Column
from scheduler.reports.writing import Sheet
from scheduler.states import state_look


@dataclass(frozen=True, slots=True)
class Block:
    """One subject of the statistics: its heading, and label, size and text of every row."""

    key: str
    title: str
    heads: tuple[str, str]
    rows: Sequence[tuple[str, float, str]]
    is_over_time: bool = False
    full: float | None = None


def blocks(found: Statistics) -> list[Block]:
    """Return everything that is drawn, in the order of the page."""
    return [
        _over_time(found),
        _funnel(found),
        _places(found),
        _counted("categories", _("By category"), _("Category"), _per_category(found)),
        _counted("districts", _("By district"), _("District"), _districts(found)),
        _counted("regions", _("By region"), _("Region"), _regions(found)),
        _counted("stages", _("By stage of school"), _("Stage"), _stages(found)),
        _pupils("pupils", _("Pupils entered, by age"), found.pupils),
        _pupils("pupils-accepted", _("Pupils accepted, by age"), found.pupils_accepted),
    ]


def drawing(block: Block) -> Drawing:
    """Return the block as a drawing with its table."""
    if block.is_over_time:
        placed, height = columns([(label, int(size)) for label, size, _text in block.rows])
    else:
        placed, height = bars(block.rows, block.full)
    summary = "; ".join(f"{label}: {text}" for label, _size, text in block.rows[:12])
    return Drawing(
        key=block.key,
        title=block.title,
        summary=summary,
        heads=block.heads,
        rows=[(label, text) for label, _size, text in block.rows],
        bars=placed,
        height=height,
        is_over_time=block.is_over_time,
        top=max((text for _label, _size, text in block.rows), key=_as_number, default=""),
    )


def sheets(found: Statistics, mark: str) -> list[Sheet]:
    """Return the same numbers as sheets of a workbook."""
    figures: list[tuple[str, Cell]] = [
        (_("Entries"), found.total),
        (_("Pupils"), str(found.pupils_total)),
        (_("Median days to the first decision"), _days(found)),
    ]
    first = Sheet(_("Figures"), [Column(_("Figure")), Column(_("Number"))], figures, mark)
    return [first, *(_sheet(block) for block in blocks(found))]


def figures(found: Statistics) -> list[tuple[str, str]]:
    """Return the figures above the drawings."""
    accepted = found.funnel.by_state[State.ACCEPTED]
    return [
        (_("Entries"), str(found.total)),
        (_("Accepted"), str(accepted)),
        (_("Pupils"), str(found.pupils_total)),
        (_("Median days to the first decision"), _days(found) or "–"),
    ]


def _sheet(block: Block) -> Sheet:
    rows: list[tuple[str, Cell]] = [
        (label, int(text) if text.isdecimal() else text) for label, _size, text in block.rows
    ]
    return Sheet(block.title, [Column(head) for head in block.heads], rows)


def _days(found: Statistics) -> str:
    return "" if found.days_to_decision is None else f"{found.days_to_decision:g}"


def _as_number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _over_time(found: Statistics) -> Block:
    title = _("First submissions by week") if found.by_week else _("First submissions by day")
    head = _("Week from") if found.by_week else _("Day")
    rows = [(format_day(day), count, str(count)) for day, count in found.by_day]
    return Block("time", title, (head, _("Entries")), rows, is_over_time=True)


def _funnel(found: Statistics) -> Block:
    funnel = found.funnel
    steps = [
        (_("Begun"), funnel.begun),
        (_("Submitted at least once"), funnel.submitted),
        (_("Decided at least once"), funnel.decided),
    ]
    now = [
        (_("Now: %(state)s", state=state_look(state).word), count)
        for state, count in funnel.by_state.items()
    ]
    return _counted("funnel", _("From draft to decision"), _("Step"), [*steps, *now])


def _places(found: Statistics) -> Block:
    rows = [
        (
            named(place.category.names),
            place.category.places_taken / place.category.places if place.category.places else 0.0,
            _(
                "%(value)s of %(max)s",
                value=place.category.places_taken,
                max=place.category.places,
            ),
        )
        for place in found.places
    ]
    heads = (_("Category"), _("Places taken"))
    return Block("places", _("Places filled"), heads, rows, full=1.0)


def _per_category(found: Statistics) -> list[tuple[str, int]]:
    return [(named(place.category.names), place.applications) for place in found.places]


def _districts(found: Statistics) -> list[tuple[str, int]]:
    return [(name or _("no district"), count) for name, count in found.by_district]


def _regions(found: Statistics) -> list[tuple[str, int]]:
    return [(str(REGIONS[region]), count) for region, count in found.by_region.items()]


def _stages(found: Statistics) -> list[tuple[str, int]]:
    return [
        (", ".join(str(STAGES.get(stage, stage)) for stage in stages) or _("not given"), count)
        for stages, count in found.by_stage
    ]


def _counted(key: str, title: str, head: str, rows: Sequence[tuple[str, int]]) -> Block:
    return Block(
        key, title, (head, _("Entries")), [(label, count, str(count)) for label, count in rows]
    )


def _pupils(key: str, title: str, cells: Sequence[tuple[str, Count]]) -> Block:
    words = {
        "under_14": _("under 14"),
        "14_to_17": _("14 to 17"),
        "18_or_older": _("18 or older"),
        "unknown": _("age not given"),
    }
    rows = [(words[name], count.shown or 0, str(count)) for name, count in cells]
    return Block(key, title, (_("Age on the first day"), _("Pupils")), rows)
