"""The starting page by role, the frame's links, and that nobody sees others' work."""

import datetime as dt

import pytest

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.applications.guest_models import PartState
from scheduler.applications.substitution_models import SubstitutionState
from scheduler.applications.workflow import State
from scheduler.jobs.models import JobState
from scheduler.notifications.models import MailState
from scheduler.programmes.approval import LevelKind
from scheduler.programmes.kinds import DateKind
from tests import factories
from tests.support.pages import text_of

FRAME = ["Overview", "Timetable", "Programmes"]


@pytest.fixture
def home(session, sign_in):
    """A function that returns the starting page of an account."""

    def page(account):
        return sign_in(account).get("/").page

    return page


def navigation(page):
    return [text_of(link) for link in page.one("nav", id="site-nav").iter("a")]


def headings(page):
    return [text_of(heading) for heading in page.all("h2")]


def figures(page):
    return {
        text_of(item.find("span[@class='stat-label']")): text_of(
            item.find("span[@class='stat-value']")
        )
        for item in page.one("ul", class_="stats")
    }


def test_strangers_are_led_to_sign_in(client):
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (302, "/sign-in")


def test_an_account_without_a_role_is_told_so(session, home):
    page = home(factories.account())
    assert "Your account has no role yet." in page.text
    assert navigation(page) == ["Overview"]


def test_an_officer_sees_what_is_open_and_what_waits(session, home):
    school = factories.school(name="No. 3 School")
    programme = factories.programme(
        names=factories.names("Spring Festival"),
        entry_closes_at=clock.now() + dt.timedelta(days=5, minutes=1),
    )
    category = factories.category(programme)
    factories.application(category, school, group_name="Ours draft")
    factories.application(category, school, group_name="Ours sent", state=State.SUBMITTED)
    other = factories.school(name="Neighbour School")
    factories.application(category, other, group_name="Theirs draft")
    page = home(factories.officer(school))
    assert headings(page) == ["No. 3 School"]
    assert "Spring Festival" in page.text
    assert "5 days left" in page.text
    waiting = [text_of(a) for a in page.one("ul", class_="list-group").iter("a")]
    assert waiting == ["Ours draft"]
    assert "Theirs" not in page.text
    assert navigation(page) == ["Overview", "My school", "Timetable", "Programmes"]


def test_an_officer_sees_invitations_and_places_to_confirm(session, home):
    school, lead = factories.school(), factories.school(name="Lead School")
    programme = factories.programme()
    factories.programme_date(programme, DateKind.CONFIRM_BY, clock.now())
    category = factories.category(programme)
    factories.application(category, school, group_name="Accepted", state=State.ACCEPTED)
    sure = factories.application(category, school, group_name="Sure", state=State.ACCEPTED)
    sure.confirmed_at = clock.now()
    for name, guest, part, state in (
        ("Invites us", school, PartState.INVITED, State.DRAFT),
        ("Waits for our pupils", school, PartState.JOINED, State.RETURNED),
        ("Has us", school, PartState.READY, State.DRAFT),
        ("Too late", school, PartState.INVITED, State.WITHDRAWN),
        ("Invites others", factories.school(), PartState.INVITED, State.DRAFT),
    ):
        joint = factories.application(category, lead, group_name=name, state=state)
        factories.guest_part(joint, guest, state=part)
    page = home(factories.officer(school))
    waiting = [text_of(a) for a in page.one("ul", class_="list-group").iter("a")]
    assert sorted(waiting) == ["Accepted", "Invites us", "Waits for our pupils"]


def test_an_officer_sees_first_until_when_a_place_is_held(session, home):
    school, category = factories.school(), factories.category(factories.programme())
    factories.application(category, school, group_name="Draft")
    ends_at = dt.datetime(2030, 5, 10, 10, tzinfo=dt.UTC)
    factories.application(
        category, school, group_name="Offered", state=State.OFFERED, offer_ends_at=ends_at
    )
    listed = home(factories.officer(school)).one("ul", class_="list-group")
    assert [text_of(a) for a in listed.iter("a")] == ["Offered", "Draft"]
    assert "A place is held until Fri 10 May 2030 18:00 (UTC+8)." in text_of(listed)


def test_a_coordinator_is_led_to_the_substitutions_that_wait(session, home):
    programme, other = factories.programme(), factories.programme()
    school = factories.school()
    officer = factories.officer(school)
    for each, state in (
        (programme, SubstitutionState.PENDING),
        (programme, SubstitutionState.REJECTED),
        (other, SubstitutionState.PENDING),
    ):
        category = factories.category(each)
        group = factories.application(category, school, state=State.ACCEPTED, pupils=1)
        values = {} if state is SubstitutionState.PENDING else {"content": None}
        factories.substitution(group, officer, state=state, **values)
    page = home(factories.coordinator(programme))
    assert "1 substitution of a member waits for a decision" in page.text
    assert f"/programmes/{programme.code}/substitutions" in [a.get("href") for a in page.all("a")]
    assert "waits for a decision" not in home(officer).text


def test_a_closed_call_is_not_offered(session, home):
    programme = factories.programme(
        names=factories.names("Old Festival"),
        entry_closes_at=clock.now() - dt.timedelta(minutes=1),
    )
    factories.category(programme)
    page = home(factories.officer(factories.school()))
    assert "Old Festival" not in page.text
    assert "Nothing is open for entry now." in page.text


def test_a_coordinator_sees_the_own_programme_in_figures(session, home):
    programme = factories.programme(names=factories.names("Spring Festival"))
    category = factories.category(programme, places=3, names=factories.names("Choirs"))
    school = factories.school()
    for state in (State.SUBMITTED, State.SUBMITTED, State.RETURNED):
        factories.application(category, school, state=state)
    factories.plan(programme, name="Draft one", roster_revision=programme.roster_revision - 1)
    elsewhere = factories.programme(names=factories.names("Other Festival"))
    factories.application(factories.category(elsewhere), school, state=State.SUBMITTED)
    page = home(factories.coordinator(programme))
    assert headings(page) == ["Spring Festival"]
    assert list(figures(page).values()) == ["2", "0", "0", "0", "1"]
    assert "Choirs 0 of 3" in page.text
    assert "Draft one" in page.text
    assert "out of date" in page.text
    assert navigation(page) == [
        "Overview", "Applications", "Planning", "Timetable", "Programmes", "Schools",
    ]  # fmt: skip


def test_a_reviewer_counts_the_own_district_only(session, home):
    district = factories.district()
    ours, theirs = factories.school(district=district), factories.school()
    category = factories.category(factories.programme())
    factories.application(category, ours, state=State.SUBMITTED)
    factories.application(category, ours, state=State.DRAFT)
    factories.application(category, theirs, state=State.SUBMITTED)
    page = home(factories.reviewer(district))
    assert list(figures(page).values()) == ["1", "0", "0", "0", "0"]
    assert "Places" not in page.text


def test_a_reviewer_is_not_shown_old_programmes_without_entries(session, home):
    district = factories.district()
    old = {"entry_closes_at": clock.now() - dt.timedelta(days=1)}
    with_entry = factories.programme(names=factories.names("Old with entry"), **old)
    factories.programme(names=factories.names("Old without"), **old)
    factories.programme(names=factories.names("Open without"))
    school = factories.school(district=district)
    factories.application(factories.category(with_entry), school, state=State.REJECTED)
    page = home(factories.reviewer(district))
    assert sorted(headings(page)) == ["Old with entry", "Open without"]


def test_a_citys_reviewer_counts_what_has_come_to_the_city(session, home):
    programme = factories.programme(names=factories.names("Spring Festival"))
    levels = factories.levels(programme)
    category, school = factories.category(programme), factories.school()
    for kind in (LevelKind.DISTRICT, LevelKind.CITY, LevelKind.CITY):
        factories.application(category, school, state=State.SUBMITTED, level=levels[kind])
    other = factories.category(factories.programme(names=factories.names("Another city's")))
    factories.application(other, school, state=State.SUBMITTED)
    page = home(factories.city_reviewer(programme))
    assert headings(page) == ["Spring Festival"]
    assert list(figures(page).values()) == ["2", "0", "0", "0", "0"]


def test_a_blind_judge_counts_only_what_they_were_given(session, home):
    programme = factories.programme()
    city = factories.levels(programme)[LevelKind.CITY]
    city.is_blind = True
    category, school = factories.category(programme), factories.school()
    given, _other = (
        factories.application(category, school, state=State.SUBMITTED, level=city) for _ in "ab"
    )
    panel = factories.panel(city, category)
    judge = factories.city_reviewer(programme)
    factories.assignment(factories.panel_reviewer(panel, judge), given)
    assert list(figures(home(judge)).values()) == ["1", "0", "0", "0", "0"]


def test_a_citys_reviewer_has_a_role_before_there_is_a_city_level(session, home):
    programme = factories.programme(names=factories.names("Spring Festival"))
    page = home(factories.city_reviewer(programme))
    assert headings(page) == ["Spring Festival"]
    assert "no role yet" not in page.text


def test_a_reviewer_who_coordinates_counts_each_entry_once(session, home):
    district, programme = factories.district(), factories.programme()
    category = factories.category(programme)
    for school in (factories.school(district=district), factories.school()):
        factories.application(category, school, state=State.SUBMITTED)
        factories.application(category, school, state=State.ACCEPTED)
    page = home(
        factories.account((Role.DISTRICT_REVIEWER, district), (Role.COORDINATOR, programme))
    )
    assert list(figures(page).values()) == ["2", "0", "0", "2", "0"]


def test_a_leader_sees_the_own_group(session, home):
    category = factories.category(factories.programme())
    own = factories.application(category, factories.school(), group_name="Own group")
    factories.application(category, factories.school(), group_name="Other group")
    page = home(factories.account((Role.TEAM_LEADER, own)))
    assert headings(page) == ["Groups that you lead"]
    assert "Own group" in page.text
    assert "Other group" not in page.text


def test_an_administrator_sees_how_the_installation_does(session, home):
    factories.account(password_hash=None)
    factories.account(password_hash="x", deactivated_at=clock.now())
    factories.mail(state=MailState.FAILED)
    factories.mail(state=MailState.QUEUED)
    factories.job(state=JobState.RUNNING)
    factories.job(state=JobState.FAILED)
    factories.job(state=JobState.FAILED, created_at=clock.now() - dt.timedelta(days=2))
    page = home(factories.administrator(password_hash="x"))
    assert figures(page) == {
        "Accounts in use": "1",
        "Invitations open": "1",
        "Mails waiting": "1",
        "Jobs running": "1",
        "Jobs failed since yesterday": "1",
    }
    assert "1 mail needs your decision." in page.text
    assert navigation(page) == [
        "Overview", "Timetable", "Programmes", "Schools", "Accounts", "Outbox", "Audit log", "Jobs",
    ]  # fmt: skip


def test_several_roles_are_several_sections(session, home):
    school, programme = factories.school(name="A School"), factories.programme()
    account = factories.account((Role.SCHOOL_OFFICER, school), (Role.COORDINATOR, programme))
    assert headings(home(account)) == ["A School", programme.names["en"]]


def test_the_frame_marks_where_we_are_once(session, sign_in):
    browser = sign_in(factories.administrator(password_hash="x"))
    for path, label in (("/", "Overview"), ("/admin/mails", "Outbox"), ("/schools", "Schools")):
        nav = browser.get(path).page.one("nav", id="site-nav")
        marked = [text_of(link) for link in nav.iter("a") if link.get("aria-current") == "page"]
        assert marked == [label]


def test_demo_data_is_marked_as_such(session, sign_in):
    account = factories.administrator(password_hash="x")
    browser = sign_in(account)
    assert browser.get("/").page.all("span", class_="demo-mark") == []
    factories.programme(is_demo=True)
    assert len(browser.get("/").page.all("span", class_="demo-mark")) == 1


@pytest.mark.parametrize("locale", ["en", "zh-CN", "zh-HK"])
@pytest.mark.parametrize("path", ["/privacy", "/accessibility", "/sign-in", "/reset"])
def test_public_pages_stand_in_every_language(client, path, locale):
    answer = client.get(path, headers={"Accept-Language": locale})
    lang = {"en": "en", "zh-CN": "zh-Hans", "zh-HK": "zh-Hant-HK"}[locale]
    assert (answer.status_code, answer.page.one("html").get("lang")) == (200, lang)


def test_what_is_running_stands_above_the_next_edition_and_what_is_over(session, home):
    programme, now = factories.programme(names=factories.names("Running")), clock.now()
    year = dt.timedelta(days=365)
    account = factories.coordinator(programme)
    for name, shift in (("Next", year), ("Over", -2 * year)):
        other = factories.programme(
            names=factories.names(name),
            starts_on=programme.starts_on + shift,
            ends_on=programme.ends_on + shift,
            entry_opens_at=now + shift,
            entry_closes_at=now + shift + dt.timedelta(days=9),
        )
        account.grants.append(factories.grant(Role.COORDINATOR, other))
    session.commit()
    found = [each for each in headings(home(account)) if each in {"Running", "Next", "Over"}]
    assert found == ["Running", "Next", "Over"]
