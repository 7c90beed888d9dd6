"""The job that applies a result, in one transaction: a worker killed half way has done nothing."""

from typing import Any

from flask_babel import lazy_gettext as _l

from scheduler import clock
from scheduler.accounts.models import Account
from scheduler.database import db, transaction
from scheduler.jobs.running import Report, work
from scheduler.jobs.texts import add_title
from scheduler.lotteries import applying, services

add_title(applying.APPLY, _l("Applying the result of the lottery"), can_stop=False)


@work(applying.APPLY)
def apply_result(report: Report, *, ref: str) -> dict[str, Any]:
    """Decide on every entrant as it was drawn, in the name of who started it."""
    with transaction():
        lottery = services.find(ref)
        actor = db.session.get_one(Account, report.account_id).actor
        counts = applying.apply(lottery, actor=actor, now=clock.now())
    return {kind.value: count for kind, count in counts.items()}
