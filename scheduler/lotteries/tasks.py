"""The job that applies a result, portion by portion; a killed worker's job goes on from there."""

from collections import Counter
from typing import Any

from flask_babel import lazy_gettext as _l

from scheduler import clock
from scheduler.accounts.models import Account
from scheduler.database import db, transaction
from scheduler.jobs.running import Report, work
from scheduler.jobs.texts import add_title
from scheduler.lotteries import applying, queries, services
from scheduler.lotteries.models import LotteryState

add_title(applying.APPLY, _l("Applying the result of the lottery"), can_stop=False)


@work(applying.APPLY)
def apply_result(report: Report, *, ref: str) -> dict[str, Any]:
    """Decide on every entrant as it was drawn, in the name of who started it."""
    totals: Counter[str] = Counter()
    is_done = False
    while not is_done:
        with transaction():
            lottery = services.find(ref)
            actor = db.session.get_one(Account, report.account_id).actor
            counts = applying.apply(lottery, actor=actor, now=clock.now(), most=applying.PORTION)
            is_done = lottery.state is LotteryState.APPLIED and sum(counts.values()) < (
                applying.PORTION
            )
            total = queries.entry_count(lottery)
        totals.update({kind.value: count for kind, count in counts.items()})
        report.advance(totals.total(), total)
    return dict(totals)
