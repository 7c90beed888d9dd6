"""The city's blind panel of three: what they have judged, and what is left for one of them."""

import datetime as dt
import random
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from scheduler.accounts.models import Account
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.demo.approval import WAITS_AT
from scheduler.demo.entries import Entry
from scheduler.demo.writing import add_all
from scheduler.panels.models import (
    Assignment,
    Criterion,
    Deed,
    JudgementEntry,
    Mark,
    Panel,
    PanelCategory,
    PanelReviewer,
    Stage,
)
from scheduler.programmes.approval import ApprovalLevel, LevelKind
from scheduler.programmes.kinds import Allocation
from scheduler.programmes.models import Category

CITY_REVIEWER = "city@demo.example"
JURORS = (("juror.a@demo.example", "程以安"), ("juror.b@demo.example", "Mira Novak"))
CRITERIA = (
    ({"en": "Sound and intonation", "zh_Hans": "音色与音准", "zh_Hant_HK": "音色與音準"}, 4),
    ({"en": "Ensemble", "zh_Hans": "合奏与配合", "zh_Hant_HK": "合奏與配合"}, 3),
    ({"en": "Expression", "zh_Hans": "音乐表现", "zh_Hant_HK": "音樂表現"}, 3),
)
MOST = 10
HABITS = ((0, 0.5), (-120, 0.4), (80, 1.0))
"""In hundredths: how much more than the middle each reviewer gives, and how far apart."""

COMMENT = "Well prepared; the second work breathes more freely than the first."
JUDGED_STATES = frozenset({State.ACCEPTED, State.WAITLISTED})


def add_panel(
    entries: Iterable[Entry],
    *,
    programme_id: int,
    category_ids: dict[str, int],
    application_ids: dict[str, int],
    now: dt.datetime,
) -> None:
    """Add the panel for chamber ensembles and whatever else waits at the city's level."""
    known = list(entries)
    waiting = [entry for entry in known if WAITS_AT.get(entry.key) is LevelKind.CITY]
    codes = sorted({"CHAMBER"} | {entry.kind for entry in waiting})
    level_id = db.session.scalar(
        select(ApprovalLevel.id).where(
            ApprovalLevel.programme_id == programme_id, ApprovalLevel.kind == LevelKind.CITY
        )
    )
    categories = [category_ids[code] for code in codes]
    panel_id, criterion_ids = _add_panel(programme_id, level_id, categories, now)
    accounts = _accounts(now)
    rows = [{"panel_id": panel_id, "account_id": account_id} for account_id in accounts]
    reviewers = list(zip(accounts, add_all(PanelReviewer, rows), HABITS, strict=True))
    judged = [e for e in known if e.kind == "CHAMBER" and e.state in JUDGED_STATES]
    chance = random.Random(20270507)  # noqa: S311 - the same demo every time
    for entry in [*judged, *waiting]:
        quality = chance.gauss(750, 90)
        for account_id, reviewer_id, (shift, width) in reviewers:
            row = _assignment(panel_id, reviewer_id, application_ids[entry.key], now)
            marks = [_mark(quality, shift, width, chance) for _ in criterion_ids]
            if entry in waiting and account_id == accounts[0]:
                add_all(Assignment, [row])
                _note(row, account_id, Deed.ASSIGN, {})
            else:
                _judge(row, account_id, dict(zip(criterion_ids, marks, strict=True)), now)


def _add_panel(
    programme_id: int, level_id: int | None, category_ids: list[int], now: dt.datetime
) -> tuple[int, list[int]]:
    row = {"ref": "N-DEMO", "programme_id": programme_id, "level_id": level_id, "per_case": 3,
           "name": "City jury / 市级评委组", "created_at": now - dt.timedelta(days=14)}  # fmt: skip
    (panel_id,) = add_all(Panel, [row])
    shares = [
        {"panel_id": panel_id, "level_id": level_id, "category_id": each} for each in category_ids
    ]
    add_all(PanelCategory, shares)
    is_judged = Category.id.in_(category_ids)
    db.session.execute(update(Category).where(is_judged).values(allocation=Allocation.RANKED))
    criteria = [
        {"panel_id": panel_id, "number": n, "names": names, "weight": weight, "max_mark": MOST}
        for n, (names, weight) in enumerate(CRITERIA, start=1)
    ]
    return panel_id, add_all(Criterion, criteria)


def _judge(row: dict[str, Any], account_id: int, marks: dict[int, int], now: dt.datetime) -> None:
    comment = COMMENT if sum(marks.values()) % 3 == 0 else ""
    row |= {"stage": Stage.JUDGED, "judged_at": now - dt.timedelta(days=8), "comment": comment}
    (assignment_id,) = add_all(Assignment, [row])
    rows = [
        {"assignment_id": assignment_id, "criterion_id": each, "hundredths": mark}
        for each, mark in marks.items()
    ]
    add_all(Mark, rows)
    _note(row, account_id, Deed.SUBMIT, dict(enumerate(marks.values(), start=1)))


def _accounts(now: dt.datetime) -> list[int]:
    city = db.session.scalars(select(Account.id).where(Account.email == CITY_REVIEWER)).one()
    rows = [
        {"ref": f"DEMO-JUROR{n}", "email": email, "name": name, "locale": "zh_Hans",
         "created_at": now - dt.timedelta(days=14)}
        for n, (email, name) in enumerate(JURORS, start=1)
    ]  # fmt: skip
    return [city, *add_all(Account, rows)]


def _mark(quality: float, shift: int, width: float, chance: random.Random) -> int:
    """Return a mark in halves, as people give them."""
    middle = 750
    given = middle + shift + (quality - middle) * width + chance.gauss(0, 40)
    return min(MOST * 100, max(0, round(given / 50) * 50))


def _assignment(
    panel_id: int, reviewer_id: int, application_id: int, now: dt.datetime
) -> dict[str, Any]:
    return {
        "ref": f"J-{reviewer_id}-{application_id}",
        "panel_id": panel_id,
        "reviewer_id": reviewer_id,
        "application_id": application_id,
        "assigned_at": now - dt.timedelta(days=12),
    }


def _note(assignment: dict[str, Any], account_id: int, deed: Deed, marks: dict[int, int]) -> None:
    entry = {
        "panel_id": assignment["panel_id"],
        "application_id": assignment["application_id"],
        "reviewer_account_id": account_id,
        "account_id": account_id,
        "at": assignment.get("judged_at", assignment["assigned_at"]),
        "deed": deed,
        "marks": {str(number): mark for number, mark in marks.items()},
        "text": assignment.get("comment", ""),
    }
    add_all(JudgementEntry, [entry])
