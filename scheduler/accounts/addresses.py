"""An account's address corrected by an administrator, after a slip of the pen or a move."""

import datetime as dt

from scheduler.accounts import invitations, mails, services, tokens
from scheduler.accounts.models import Account
from scheduler.accounts.notices import mail, record
from scheduler.accounts.refusals import AccountRefusal
from scheduler.database import db, held
from scheduler.errors import Refused


def correct(
    account: Account, email: str, *, inviter: str, actor_id: int, now: dt.datetime
) -> Account:
    """Give the account another address, to sign in with and for its mails.

    Links that went to the old one end, because a stranger may hold them; whoever has no password
    yet is invited anew. Both addresses are told. Refuses one's own account, and an address that
    is none or somebody else's.
    """
    if account.id == actor_id:
        raise Refused(AccountRefusal.NOT_ONESELF)
    account = held(Account, account.id)
    email = services.checked_address(email)
    if services.find_by_email(email) is not None:
        raise Refused(AccountRefusal.ADDRESS_TAKEN, field="email")
    tokens.end_all(account, now=now)
    facts = {"address": email, "changed_at": now.isoformat()}
    mail(account, mails.ADDRESS_CHANGED, facts, now=now)
    account.email = email
    db.session.flush()
    record("account:correct_address", account, actor_id=actor_id, now=now)
    if account.is_invited:
        invitations.invite_again(account, inviter=inviter, actor_id=actor_id, now=now)
    else:
        mail(account, mails.ADDRESS_CHANGED, facts, now=now)
    return account
