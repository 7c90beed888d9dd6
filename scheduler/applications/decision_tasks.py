"""The job that carries out many decisions, in the name of whoever asked for them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from scheduler import clock
from scheduler.accounts.models import Account
from scheduler.applications.decision_jobs import DECIDE, PORTION, asked_of, state_of, stored
from scheduler.applications.decisions import decide_many
from scheduler.applications.models import Application
from scheduler.applications.notices import MAIL_BY_ACTION, one_mail_each, tell_decision
from scheduler.database import db, transaction
from scheduler.errors import NotAllowed
from scheduler.jobs.models import Job
from scheduler.jobs.running import Report, work
from scheduler.jobs.services import at_end
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
    """Decide in the order given, each for itself; what was decided before a crash stands.

    The schools are told at the job's end, each person once.
    """
    asked = asked_of(decisions)
    outcomes = list(report.kept.get("outcomes", ()))
    while len(outcomes) < len(asked):
        portion = asked[len(outcomes) : len(outcomes) + PORTION]
        with transaction():
            account = db.session.get_one(Account, report.account_id)
            if not account.is_active:
                raise NotAllowed
            done = decide_many(portion, actor=account.actor, now=clock.now(), is_quiet=True)
            outcomes += [stored(each) for each in done]
            report.keep({"outcomes": outcomes})
        report.advance(len(outcomes), len(asked))
    return {"outcomes": outcomes}


@at_end(DECIDE)
def tell(job: Job) -> None:
    """Tell of what the job decided and still stands, also if it broke off: one mail each."""
    now, asked = clock.now(), asked_of(job.arguments["decisions"])
    kept = {each["ref"]: state_of(each) for each in job.result.get("outcomes", ())}
    found = db.session.scalars(select(Application).where(Application.ref.in_(kept)))
    application_by_ref = {each.ref: each for each in found}
    with one_mail_each(now=now):
        for ref, decision in asked:
            application = application_by_ref.get(ref)
            if application is None or kept[ref] is not application.state:
                continue
            if decision.action in MAIL_BY_ACTION:
                tell_decision(application, decision.action, now=now, reason=decision.reason)
