"""Who is told of a frozen lottery: the officers of the schools that take part, one mail each."""

import datetime as dt
from collections import defaultdict

from sqlalchemy import select

from scheduler.access.permissions import Role
from scheduler.accounts.models import Account, RoleGrant
from scheduler.accounts.notices import mail
from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.lotteries.models import Lottery, LotteryEntry

RECEIPTS = "lotteries.receipts"


def tell_receipts(lottery: Lottery, *, now: dt.datetime) -> int:
    """Queue one mail to each officer, with the receipts of their schools; return how many."""
    lines_by_school: defaultdict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(
        select(Application.school_id, Application.group_name, LotteryEntry.receipt)
        .join(Application, LotteryEntry.application_id == Application.id)
        .where(LotteryEntry.lottery_id == lottery.id)
        .order_by(Application.group_name, LotteryEntry.receipt)
    )
    for school_id, group_name, receipt in rows:
        lines_by_school[school_id].append(f"{group_name}: {receipt}")
    officers = db.session.execute(
        select(Account, RoleGrant.scope_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.role == Role.SCHOOL_OFFICER, Account.deactivated_at.is_(None))
        .order_by(Account.id, RoleGrant.scope_id)
    )
    lines_by_account: defaultdict[Account, list[str]] = defaultdict(list)
    for account, school_id in officers:
        if school_id in lines_by_school:
            lines_by_account[account] += lines_by_school[school_id]
    for account, lines in lines_by_account.items():
        _queue(lottery, account, lines, now)
    return len(lines_by_account)


def _queue(lottery: Lottery, account: Account, lines: list[str], now: dt.datetime) -> None:
    facts = {
        "programme": lottery.programme.names,
        "lottery": lottery.names,
        "receipts": lines,
        "source": lottery.seed_source,
        "seed_at": lottery.seed_at.isoformat(),
        "timezone": lottery.programme.timezone,
        "link": f"/public-lotteries/{lottery.ref}",
    }
    once_key = f"lottery:{lottery.ref}:{account.id}"
    mail(
        account,
        RECEIPTS,
        facts,
        now=now,
        about=lottery.ref,
        once_key=once_key,
        programme_id=lottery.programme_id,
    )
