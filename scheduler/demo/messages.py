"""The festival's own words for an acceptance, and the mails of one group: one of them came back."""

import datetime as dt

from sqlalchemy import select

from scheduler.accounts.models import Account
from scheduler.applications.models import Application
from scheduler.applications.notices import common_facts
from scheduler.database import db
from scheduler.demo import accounts
from scheduler.notifications import bouncing, own_words
from scheduler.notifications.models import Mail, MailState
from scheduler.notifications.templates import OwnWords

ACCEPTED = "applications.accepted"
WORDS = {
    "en": OwnWords(
        "Welcome to the festival: {group}",
        "Congratulations! {group} of {school} has a place in {category}.\n\n"
        "Please confirm within a week that you come, and see to the guardians' consents:\n"
        "{link}\n\n{reason}",
    ),
    "zh_Hans": OwnWords(
        "欢迎参加艺术节：{group}",
        "恭喜！{school}的{group}获得{category}的名额。\n\n"
        "请在一周内确认参加，并请监护人填写同意书：\n{link}\n\n{reason}",
    ),
    "zh_Hant_HK": OwnWords(
        "歡迎參加藝術節：{group}",
        "恭喜！{school}的{group}獲得{category}的名額。\n\n"
        "請於一星期內確認參加，並請監護人填寫同意書：\n{link}\n\n{reason}",
    ),
}
BEFORE = {"applications.submitted": dt.timedelta(days=9), ACCEPTED: dt.timedelta(days=2)}


def add_messages(programme_id: int, application_id: int, *, now: dt.datetime) -> None:
    """Add the words, and what the group's officer and leader were told, as if it had been sent."""
    own_words.save(programme_id, ACCEPTED, WORDS, version=0)
    application = db.session.get_one(Application, application_id)
    receivers = (accounts.SIGN_INS[4], accounts.SIGN_INS[-1])
    for receiver in receivers:
        query = select(Account).where(Account.email == receiver.email)
        account = db.session.scalars(query).one()
        mails = [_mail(code, account, application, now - before) for code, before in BEFORE.items()]
        db.session.add_all(mails)
        db.session.flush()
    bouncing.mark(mails[-1].id, reason="552 5.2.2 Mailbox full", now=now - dt.timedelta(days=1))


def _mail(code: str, account: Account, application: Application, at: dt.datetime) -> Mail:
    own = WORDS[account.locale] if code == ACCEPTED else OwnWords()
    return Mail(
        to_address=account.email,
        to_name=account.name,
        account_id=account.id,
        locale=account.locale,
        code=code,
        facts=common_facts(application) | {"reason": ""},
        own_subject=own.subject or None,
        own_body=own.body or None,
        about=application.ref,
        state=MailState.SENT,
        attempts=1,
        created_at=at,
        next_attempt_at=at,
        claimed_at=at,
        sent_at=at,
    )
