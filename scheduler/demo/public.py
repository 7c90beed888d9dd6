"""The demo's public notice with an objection, and its lottery: drawn, and not applied yet."""

import datetime as dt
from itertools import count

from sqlalchemy import select

from scheduler.access.permissions import Actor
from scheduler.accounts.models import Account
from scheduler.database import db
from scheduler.demo.accounts import COORDINATOR
from scheduler.demo.programme import CODE
from scheduler.lotteries import services as lotteries
from scheduler.lotteries.models import Bundles, Strata
from scheduler.lotteries.services import LotteryDetails
from scheduler.programmes.models import Category, Programme
from scheduler.publicity import objections, services
from scheduler.publicity.days import DayKind
from scheduler.publicity.lines import digest_of, lines_of
from scheduler.publicity.objections import ObjectionDetails
from scheduler.publicity.services import NoticeDetails

NOTICE, OBJECTION, LOTTERY = "N-DEMO", "O-DEMO", "L-DEMO"
PUBLISHED_BEFORE = dt.timedelta(days=2)
OBJECTED_BEFORE = dt.timedelta(hours=5)
FROZEN_BEFORE = dt.timedelta(days=3)
SEED_BEFORE = dt.timedelta(days=1)
DRAWN_CATEGORY = "CHOIR_SMALL"
SEED = "03 08 11 17 25 31 + 09"

TITLES = {
    "en": "Groups accepted for the festival 2027",
    "zh_Hans": "2027展演入选名单公示",
    "zh_Hant_HK": "2027展演入選名單公示",
}
TEXTS = {
    "en": "These groups have been accepted. Whoever knows of something that speaks against one of "
    "them can object until the end of the notice, with real name and contact.",
    "zh_Hans": "以下团队拟入选本届展演，现予公示。公示期内如有异议，请实名提出并留下联系方式，"
    "说明理由。",
    "zh_Hant_HK": "以下團隊擬入選本屆展演，現予公示。公示期內如有異議，請以真實姓名提出，"
    "並留下聯絡方法及說明理由。",
}
LOTTERY_NAMES = {
    "en": "Last place of the primary small choirs",
    "zh_Hans": "小学小合唱最后一个名额抽签",
    "zh_Hant_HK": "小學小合唱最後一個名額抽籤",
}
SOURCE = (
    "演示公益彩票第2026131期，按开奖顺序取全部七个两位号码 · "
    "Public lottery of the demo, draw 2026131: all seven numbers as drawn, two digits each"
)


def add_public(*, now: dt.datetime) -> None:
    """Add both, by the services that a coordinator uses; nobody is mailed."""
    programme = db.session.scalars(select(Programme).where(Programme.code == CODE)).one()
    account = db.session.scalars(select(Account).where(Account.email == COORDINATOR.email)).one()
    _add_notice(programme, account.actor, now)
    _add_lottery(programme, account.actor, now)


def _add_notice(programme: Programme, actor: Actor, now: dt.datetime) -> None:
    published_at = now - PUBLISHED_BEFORE
    details = NoticeDetails(
        titles=TITLES,
        texts=TEXTS,
        category_ids=tuple(category.id for category in programme.categories),
        days=7,
        day_kind=DayKind.CALENDAR,
        days_off=(),
        shows_pupils=True,
    )
    notice = services.add(programme, details, actor=actor, now=published_at, ref=NOTICE)
    services.publish(
        notice,
        version=notice.version,
        digest=digest_of(notice, lines_of(notice)),
        actor=actor,
        now=published_at,
    )
    words = ObjectionDetails(
        name="邹佩兰",
        email="zou.peilan@home.example",
        phone=None,
        about="珠岸小学重奏团",
        reason="The ensemble's second violin is said to belong to another school. Please check.",
        locale="en",
    )
    objections.receive(notice, words, now=now - OBJECTED_BEFORE, ref=OBJECTION, is_quiet=True)


def _add_lottery(programme: Programme, actor: Actor, now: dt.datetime) -> None:
    category_id = db.session.scalars(
        select(Category.id).where(
            Category.programme_id == programme.id, Category.code == DRAWN_CATEGORY
        )
    ).one()
    seed_at = now - SEED_BEFORE
    details = LotteryDetails(
        names=LOTTERY_NAMES,
        category_ids=(category_id,),
        strata=Strata.NONE,
        bundles=Bundles.NONE,
        seed_source=SOURCE,
        seed_at=seed_at,
    )
    frozen_at = now - FROZEN_BEFORE
    lottery = lotteries.add(programme, details, actor=actor, now=frozen_at, ref=LOTTERY)
    numbers = count(1)
    lotteries.freeze(
        lottery,
        version=lottery.version,
        seen=2,
        actor=actor,
        now=frozen_at,
        new_receipt=lambda: f"R-DEMO{next(numbers)}",
        is_quiet=True,
    )
    lotteries.draw(
        lottery,
        seed=SEED,
        reference="Gazette of the demo's public lottery, no. 2026131",
        version=lottery.version,
        actor=actor,
        now=seed_at + dt.timedelta(hours=1),
    )
