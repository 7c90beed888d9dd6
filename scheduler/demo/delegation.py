"""An invitation that waits: the draft of one demo school asks the neighbour for some players."""

import datetime as dt

from scheduler.applications.guest_models import GuestPart, PartState
from scheduler.demo.accounts import NEIGHBOUR_SCHOOL, OFFICERS_SCHOOL
from scheduler.demo.entries import Entry
from scheduler.demo.writing import add_all

ASKED = 3
MESSAGE = "我们还缺三位大提琴手，欢迎贵校同学加入。We still lack three cellists; please join us."


def add_invitation(
    entries: list[Entry],
    *,
    application_ids: dict[str, int],
    school_ids: dict[str, int],
    now: dt.datetime,
) -> None:
    """Invite the neighbour school into the officer's chamber draft."""
    draft = next(
        each
        for each in entries
        if (each.school, each.kind, each.is_submitted) == (OFFICERS_SCHOOL, "CHAMBER", False)
    )
    invited_at = now - dt.timedelta(days=1)
    add_all(
        GuestPart,
        [
            {
                "ref": "G-DEMOPART",
                "application_id": application_ids[draft.key],
                "school_id": school_ids[NEIGHBOUR_SCHOOL],
                "state": PartState.INVITED,
                "version": 1,
                "pupils_asked": ASKED,
                "answer_by": None,
                "message": MESSAGE,
                "reason": "",
                "invited_at": invited_at,
                "changed_at": invited_at,
            }
        ],
    )
