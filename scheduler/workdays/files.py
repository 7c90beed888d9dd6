"""Calendar days from a workbook or CSV file, with the headings of the exported one."""

import datetime as dt
from collections.abc import Iterator, Sequence

from scheduler.errors import Refused
from scheduler.people.dates import parse_date
from scheduler.spreadsheets.cells import text_of
from scheduler.spreadsheets.columns import Choice, Column, HeadingMatch, SheetPlan, find_headings
from scheduler.spreadsheets.workbook import read_workbook
from scheduler.workdays.models import DayType
from scheduler.workdays.refusals import WorkdayRefusal
from scheduler.workdays.services import DayDetails

_NOTHING = {"en": ""}
PLAN = SheetPlan(
    "days",
    {"en": "Holidays", "zh_Hans": "节假日", "zh_Hant_HK": "假期"},
    (
        Column(
            "day",
            {"en": "Day", "zh_Hans": "日期", "zh_Hant_HK": "日期"},
            _NOTHING,
            is_required=True,
        ),
        Column(
            "kind",
            {"en": "Type", "zh_Hans": "类型", "zh_Hant_HK": "類別"},
            _NOTHING,
            is_required=True,
            choices=(
                Choice(
                    DayType.HOLIDAY, {"en": "Holiday", "zh_Hans": "节假日", "zh_Hant_HK": "假期"}
                ),
                Choice(
                    DayType.MAKE_UP,
                    {
                        "en": "Make-up workday",
                        "zh_Hans": "调休上班日",
                        "zh_Hant_HK": "補班日",
                    },
                ),
            ),
        ),
        Column("name", {"en": "Name", "zh_Hans": "名称", "zh_Hant_HK": "名稱"}, _NOTHING),
        Column("source", {"en": "Source", "zh_Hans": "来源", "zh_Hant_HK": "來源"}, _NOTHING),
    ),
)


def read_days(content: bytes) -> list[DayDetails]:
    """Return the days of the first sheet; raises `Refused` naming the first row that is wrong."""
    known = frozenset(PLAN.column_by_heading)
    sheet = read_workbook(content, known_headings=known).sheets[0]
    match = find_headings([cells for _number, cells in sheet.rows], PLAN)
    if match is None or match.missing:
        raise Refused(WorkdayRefusal.FILE_HEADINGS, field="file")
    return list(_days(sheet.rows[match.row :], match))


def _days(
    rows: Sequence[tuple[int, Sequence[object]]], match: HeadingMatch
) -> Iterator[DayDetails]:
    for number, cells in rows:
        texts = {key: _text(cells, at) for key, at in match.position_by_key.items()}
        if not any(texts.values()):
            continue
        try:
            kind = PLAN.column("kind").choice_of(texts["kind"])
            yield DayDetails(
                parse_date(texts["day"]),
                DayType(kind or ""),
                texts.get("name", "")[:120],
                texts.get("source", "")[:200],
            )
        except (ValueError, Refused):
            shown = " ".join(filter(None, (texts["day"], texts["kind"])))[:60]
            raise Refused(WorkdayRefusal.FILE_ROW, field="file", row=number, shown=shown) from None


def _text(cells: Sequence[object], at: int) -> str:
    value = cells[at] if at < len(cells) else None
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return text_of(value) or ""  # type: ignore[arg-type]  # a cell's value
