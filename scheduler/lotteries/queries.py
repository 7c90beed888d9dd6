"""Lists about lotteries: a programme's, one's entries, and an application's receipts."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, raiseload, selectinload

from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.lotteries.models import Applied, Lottery, LotteryEntry, LotteryState
from scheduler.organisations.models import School
from scheduler.programmes.models import Programme

LONGEST_SEARCH = 40


def lotteries_of(programme: Programme) -> Select[Lottery]:
    """Return the query for a programme's lotteries with their categories."""
    return (
        select(Lottery)
        .where(Lottery.programme_id == programme.id)
        .options(selectinload(Lottery.categories), raiseload("*"))
    )


def public_entries(lottery: Lottery, search: str) -> Select[LotteryEntry]:
    """Return the query for what everybody may see of the entries, by a piece of a receipt."""
    query = select(LotteryEntry).where(LotteryEntry.lottery_id == lottery.id)
    if text := search.strip()[:LONGEST_SEARCH]:
        query = query.where(LotteryEntry.receipt.icontains(text, autoescape=True))
    return query.options(raiseload("*"))


def named_entries(lottery: Lottery, search: str) -> Select[LotteryEntry]:
    """Return the query for the entries with group and school, for coordinators alone."""
    query = (
        select(LotteryEntry)
        .join(Application, LotteryEntry.application_id == Application.id)
        .join(School, Application.school_id == School.id)
        .where(LotteryEntry.lottery_id == lottery.id)
        .options(
            contains_eager(LotteryEntry.application).contains_eager(Application.school),
            raiseload("*"),
        )
    )
    if text := search.strip()[:LONGEST_SEARCH]:
        columns = (LotteryEntry.receipt, Application.group_name, School.name)
        found = [column.icontains(text, autoescape=True) for column in columns]
        query = query.where(found[0] | found[1] | found[2])
    return query


def entry_count(lottery: Lottery) -> int:
    """Return how many entries were frozen."""
    query = select(func.count()).where(LotteryEntry.lottery_id == lottery.id)
    return db.session.scalar(query) or 0


def has_refused(lottery: Lottery) -> bool:
    """Tell whether applying could not be done for some entries, so that it may be repeated."""
    query = select(LotteryEntry.id).where(
        LotteryEntry.lottery_id == lottery.id, LotteryEntry.applied == Applied.REFUSED
    )
    return db.session.scalar(query.limit(1)) is not None


def receipts_of(application: Application) -> list[LotteryEntry]:
    """Return an application's entries in lotteries that stand, the newest first."""
    query = (
        select(LotteryEntry)
        .join(Lottery, LotteryEntry.lottery_id == Lottery.id)
        .where(
            LotteryEntry.application_id == application.id, Lottery.state != LotteryState.REPLACED
        )
        .order_by(LotteryEntry.id.desc())
        .options(contains_eager(LotteryEntry.lottery), raiseload("*"))
    )
    return list(db.session.scalars(query))
