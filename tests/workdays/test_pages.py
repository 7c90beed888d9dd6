"""Administrators keep the holidays: proposed, entered, confirmed, taken from files."""

import datetime as dt
import io

import pytest
from sqlalchemy import delete, func, select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.audit.models import AuditEntry
from scheduler.programmes.kinds import DateKind, DayCount
from scheduler.programmes.models import ProgrammeDate
from scheduler.workdays import services
from scheduler.workdays.models import CalendarDay, CalendarYear, DayType
from tests import factories
from tests.support.pages import text_of

PLACE = "?region=CN&year=2027"
PAGE = f"/admin/calendar-days{PLACE}"


@pytest.fixture
def admin(session, frozen, sign_in):
    frozen(2026, 11, 29, 8)
    account = factories.account((Role.PLATFORM_ADMINISTRATOR, None))
    session.commit()
    return sign_in(account)


def action(name):
    return f"/admin/calendar-days/{name}{PLACE}"


def stored(session):
    query = select(CalendarDay).order_by(CalendarDay.region, CalendarDay.day)
    return [(each.region, each.day.isoformat(), each.kind.value) for each in session.scalars(query)]


def test_a_day_is_added_changed_and_removed(admin, session):
    sent = {"day": "2027-02-20", "kind": "makeup_workday", "name": "", "source": "No. 7"}
    assert admin.post(PAGE, data=sent).status_code == 303
    assert stored(session) == [("CN", "2027-02-20", "makeup_workday")]
    page = admin.get(f"{PAGE}&day=2027-02-20").page
    assert page.values()["source"] == "No. 7"
    admin.post(PAGE, data=sent | {"kind": "holiday"})
    assert stored(session) == [("CN", "2027-02-20", "holiday")]
    assert admin.post(action("remove"), data={"day": "2027-02-20"}).status_code == 303
    assert stored(session) == []
    assert admin.post(action("remove"), data={"day": "2027-02-20"}).status_code == 404
    deeds = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("workdays"))
    ).all()
    assert sorted(deeds) == ["workdays:remove", "workdays:save", "workdays:save"]


def test_a_working_day_is_no_make_up_day(admin, session):
    answer = admin.post(PAGE, data={"day": "2027-02-19", "kind": "makeup_workday"})
    assert answer.status_code == 422
    assert "2027-02-19 is neither a Saturday nor a Sunday." in answer.page.text
    assert stored(session) == []


def test_proposals_are_added_once_and_leave_what_was_entered(admin, session):
    admin.post(PAGE, data={"day": "2027-10-01", "kind": "holiday", "name": "Ours"})
    for _ in range(2):
        admin.post(action("propose"))
    assert session.scalar(select(func.count()).select_from(CalendarDay)) == 19
    name = session.scalars(
        select(CalendarDay.name).where(CalendarDay.day == dt.date(2027, 10, 1))
    ).one()
    assert name == "Ours"
    assert "2027: make-up workdays not yet announced" in admin.get(PAGE).page.text


def test_a_year_is_confirmed_until_its_days_change(admin, session):
    admin.post(action("propose"))
    version = session.scalars(select(CalendarYear.version)).one()
    admin.post(action("confirm"), data={"version": version, "confirmed": "yes"})
    assert "not yet announced" not in admin.get(PAGE).page.text
    stale = admin.post(action("confirm"), data={"version": version, "confirmed": "no"})
    assert stale.status_code == 409
    admin.post(PAGE, data={"day": "2027-02-20", "kind": "makeup_workday"})
    session.expire_all()
    assert session.scalars(select(CalendarYear.is_confirmed)).one() is False


def test_an_empty_year_cannot_be_confirmed(admin, session):
    sent = {"version": 0, "confirmed": "yes"}
    answer = admin.post(action("confirm"), data=sent, follow_redirects=True)
    assert "There is no day in this year yet." in answer.page.text
    assert session.scalars(select(CalendarYear)).all() == []


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_exported_file_can_be_read_again(admin, session, kind):
    admin.post(action("propose"))
    before = stored(session)
    asked = {"list": "calendar-days", "place": "", "format": kind, "filters": PLACE[1:]}
    answer = admin.post("/exports/download", data=asked)
    session.execute(delete(CalendarDay))
    session.commit()
    taken = admin.post(action("import"), data={"file": (io.BytesIO(answer.data), f"days.{kind}")})
    assert taken.status_code == 303
    assert stored(session) == before


def test_a_file_with_a_wrong_row_changes_nothing(admin, session):
    text = "日期,类型,名称,来源\n2027/2/20,调休上班日,,国办发明电\nsometime,节假日,,\n".encode()
    answer = admin.post(action("import"), data={"file": (io.BytesIO(text), "days.csv")})
    assert answer.status_code == 422
    assert "Row 3 cannot be read: “sometime 节假日”. Nothing was saved." in answer.page.text
    assert stored(session) == []


def test_chinese_headings_and_dates_are_understood(admin, session):
    text = "日期,类型,名称,来源\n2027年2月20日,调休上班日,,国办发明电\n".encode()
    admin.post(action("import"), data={"file": (io.BytesIO(text), "days.csv")})
    assert stored(session) == [("CN", "2027-02-20", "makeup_workday")]


def test_every_night_what_nobody_touched_is_proposed(session, frozen):
    frozen(2026, 11, 29, 8)
    services.save_days(
        "HK",
        [services.DayDetails(dt.date(2027, 1, 1), DayType.HOLIDAY)],
        actor=None,
        now=clock.now(),
    )
    added = services.keep_up(now=clock.now())
    per_year = {
        (region, year): len(
            [day for place, day, _k in stored(session) if (place, day[:4]) == (region, str(year))]
        )
        for region in ("CN", "HK", "MO")
        for year in (2026, 2027)
    }
    assert per_year["CN", 2027] == 19
    assert per_year["HK", 2027] == 1
    assert per_year["MO", 2027] == 27
    assert added == sum(per_year.values()) - 1
    assert services.keep_up(now=clock.now()) == 0


def test_a_programmes_page_says_what_its_notice_leaves_out(admin, session, sign_in):
    programme = factories.programme(
        timezone="Asia/Shanghai", public_notice_days=10, public_notice_counts=DayCount.WORKING
    )
    begins = dt.datetime(2026, 9, 28, 1, tzinfo=dt.UTC)
    programme.dates.append(ProgrammeDate(kind=DateKind.PUBLIC_NOTICE_FROM, at=begins))
    services.propose("CN", 2026, actor=None, now=clock.now())
    coordinator = factories.coordinator(programme)
    session.commit()
    page = sign_in(coordinator).get(f"/programmes/{programme.code}").page
    shown = " ".join(text_of(node) for node in page.all("dd"))
    assert "Thu 15 October 2026 (without 1–7 October, with the working 10 October)" in shown
    assert "China, 2026: the holidays are not confirmed yet" in shown
