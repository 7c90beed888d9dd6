"""The job that carries out many decisions, in the name of whoever asked for them."""

from typing import Any

from flask_babel import lazy_gettext as _l

from scheduler import clock
from scheduler.accounts.models import Account
from scheduler.applications.decision_jobs import DECIDE, PORTION, asked_of, stored
from scheduler.applications.decisions import decide_many
from scheduler.database import db, transaction
from scheduler.errors import NotAllowed
from scheduler.jobs.running import Report, work
from scheduler.jobs.texts import add_title

add_title(
    DECIDE,
    _l("Deciding on many applications"),
    over=_l("Decisions on many applications"),
    can_stop=False,
    is_kept_in_part=True,
)


@work(DECIDE)
def decide(report: Report, *, decisions: list[dict[str, Any]]) -> dict[str, Any]:
    """Decide in the order given, each for itself; what was decided before a crash stands."""
    asked = asked_of(decisions)
    outcomes = list(report.kept.get("outcomes", ()))
    while len(outcomes) < len(asked):
        portion = asked[len(outcomes) : len(outcomes) + PORTION]
        with transaction():
            account = db.session.get_one(Account, report.account_id)
            if not account.is_active:
                raise NotAllowed
            done = decide_many(portion, actor=account.actor, now=clock.now())
            outcomes += [stored(each) for each in done]
            report.keep({"outcomes": outcomes})
        report.advance(len(outcomes), len(asked))
    return {"outcomes": outcomes}
