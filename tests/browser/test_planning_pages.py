"""The planning pages beside the board, walked through as their coordinator does."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from scheduler.scheduling.tradeoffs.contents import CHOICE, START
from scheduler.scheduling.tradeoffs.models import TradeoffTable
from tests import factories
from tests.factories import at
from tests.scheduling.conftest import Festival
from tests.scheduling.moving import put
from tests.scheduling.releasing import release
from tests.support.browser import SIZES, accessibility_problems, overflow

pytestmark = pytest.mark.browser
PROGRAMME = "/programmes/small"
DAY = "2027-07-16"


@pytest.fixture
def festival(session, app):
    """Two releases, a juror, a busy school, a related pair of groups, a venue that was out."""
    made = Festival()
    made.plan = made.draft()
    made.juror = factories.staff_member(made.choirs)
    factories.staff_hours(made.juror, at(9), at(12))
    factories.busy_time(made.programme, at(8), at(9), school_id=made.hill.id)
    factories.group_relation(made.hill_band, made.lake_band)
    factories.happening(made.programme, venue_id=made.room.id)
    session.commit()
    actor = made.coordinator.actor
    release(made.plan, actor, secret_key=app.secret_key)
    put(made.plan, made.hill_band, "ROOM", at(15, 30), actor)
    release(made.plan, actor, secret_key=app.secret_key)
    session.commit()
    return made


@pytest.fixture
def page(open_as, festival):
    return open_as(festival.coordinator, f"{PROGRAMME}/plans")


def problems(page):
    """What is wrong with the page as it stands, on a desk and on a phone."""
    found = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{size}: {each}" for each in accessibility_problems(page)]
        found += [f"{size}: too wide"] * (overflow(page) > 0)
    width, height = SIZES["desk"]
    page.set_viewport_size({"width": width, "height": height})
    return found


def walk(page, *paths):
    """Open the pages one after the other; the problems of each that has any."""
    found = {}
    for path in paths:
        answer = page.goto(path)
        found[path] = problems(page) if answer.status == 200 else [f"status {answer.status}"]
    return {path: each for path, each in found.items() if each}


def test_what_happened_is_reported_and_who_is_hit_is_shown(page, festival):
    reports = f"{PROGRAMME}/happenings"
    group = f"{reports}/person?group={festival.hill_choir.ref}"
    paths = [reports, f"{reports}/school", f"{reports}/person", group, f"{reports}/venue"]
    assert walk(page, *paths) == {}
    page.get_by_label("Venue").select_option("ROOM")
    page.get_by_label("Day").select_option(DAY)
    page.get_by_label("From").fill("14:30")
    page.get_by_label("Until").fill("16:00")
    page.get_by_role("button", name="Show who is hit").click()
    expect(page.locator("main")).to_contain_text("Hill Band")
    assert problems(page) == []


def test_a_delay_is_typed_in_and_becomes_a_draft(page):
    assert walk(page, f"{PROGRAMME}/delay") == {}
    page.get_by_label("What is late").select_option("venue:HALL")
    page.get_by_label("Day").select_option(DAY)
    page.get_by_label("From this time on").fill("09:30")
    page.get_by_label("Minutes late").fill("20")
    page.get_by_role("button", name="Show who is hit").click()
    expect(page.get_by_role("heading", name="If everything slips")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Lake Choir")
    assert problems(page) == []
    page.get_by_role("button", name="Let everything slip, as a draft").click()
    page.wait_for_url("**/repair")
    assert problems(page) == []


def test_a_time_is_kept_in_reserve_and_the_day_called_off(page):
    assert walk(page, f"{PROGRAMME}/reserves") == {}
    page.get_by_label("Venue").select_option("HALL")
    page.get_by_label("From").fill("16:00")
    page.get_by_label("Until").fill("15:00")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert problems(page) == []
    page.get_by_label("Until").fill("17:00")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("main")).to_contain_text("in reserve")
    assert problems(page) == []
    assert walk(page, f"{PROGRAMME}/typhoon") == {}
    page.get_by_role("button", name="Show who is hit").click()
    expect(page.locator("main")).to_contain_text("Lake Choir")
    assert problems(page) == []


def test_why_here_and_where_else(page, festival):
    here = f"/plans/{festival.plan.ref}/slots/{festival.lake_choir.ref}/elsewhere"
    free = f"{here}?venue=HALL&starts_at={DAY}T10:30"
    taken = f"{here}?venue=HALL&starts_at={DAY}T10:00"
    assert walk(page, here, free, taken) == {}


def test_what_is_stated_about_groups_staff_and_busy_times(page, festival):
    staff = f"{PROGRAMME}/staff"
    busy = f"{PROGRAMME}/busy-times"
    relations = f"{PROGRAMME}/plans/relations"
    paths = [staff, f"{staff}/new", f"{staff}/{festival.juror.ref}", busy, f"{busy}/HILL"]
    assert walk(page, f"{PROGRAMME}/plans/rules", *paths, relations) == {}
    page.get_by_role("button", name="State it").click()
    assert problems(page) == []


def test_an_earlier_release_is_rolled_back_to_as_a_draft(page, festival):
    plan, releases = f"/plans/{festival.plan.ref}", f"{PROGRAMME}/releases"
    read = [f"{plan}/people", f"{releases}/1/people", f"{plan}/publish", f"{releases}/2"]
    assert walk(page, *read, f"{releases}/1") == {}
    page.locator("summary", has_text="Roll back to this release…").click()
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url("**/plans/*/publish")
    assert problems(page) == []


def test_lots_are_typed_in_drawn_and_taken_back(page, festival):
    lots = f"{PROGRAMME}/plans/lots"
    assert walk(page, lots, f"{lots}/choirs") == {}
    page.get_by_role("button", name="Keep this order").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert problems(page) == []
    page.get_by_label("Hill Choir").fill("2")
    page.get_by_label("Lake Choir").fill("1")
    page.get_by_role("button", name="Keep this order").click()
    order = page.get_by_role("heading", name="Running order").locator("xpath=following::ol[1]/li")
    expect(order.first).to_contain_text("Lake Choir")
    assert problems(page) == []


def test_trade_offs_are_asked_for_and_read(page, festival, session):
    address = f"/plans/{festival.plan.ref}/tradeoffs"
    assert walk(page, address) == {}
    places = [[s.item.ref, s.venue.code, s.starts_at.isoformat()] for s in festival.plan.slots]
    kept = {"is_proved": True, "places": places}
    terms = [[["waiting", 1, waited], ["venue_moves", 30, n]] for n, waited in enumerate((120, 8))]
    session.add(
        TradeoffTable(
            plan_id=festival.plan.id,
            job_id=factories.job(festival.coordinator, state="done").id,
            edition=festival.plan.edition,
            roster_revision=festival.plan.roster_revision,
            seed=1,
            seconds=10,
            is_repeatable=True,
            choices=[
                {"kind": kind, "value": 120, "terms": own, **kept}
                for kind, own in zip((START, CHOICE), terms, strict=True)
            ],
            floors=[["waiting", 1, 0], ["venue_moves", 30, 0]],
        )
    )
    session.commit()
    assert walk(page, address) == {}
    expect(page.locator("main")).to_contain_text("112 min less waiting costs 1 venue move.")


def test_an_assignment_is_entered_solved_and_read(page, festival, live_worker):
    assert walk(page, f"{PROGRAMME}/assignments", f"{PROGRAMME}/assignments/new") == {}
    page.get_by_label("Name").fill("Juries")
    page.get_by_label("Accepted groups", exact=True).check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/options")
    assert problems(page) == []
    for row, code in enumerate(("J1", "J2")):
        page.locator(f"#rows-{row}-code").fill(code)
        page.locator(f"#rows-{row}-name").fill(f"Jury {code}")
        page.locator(f"#rows-{row}-most").fill("2")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/assignments/*")
    own = urlsplit(page.url).path
    assert walk(page, own, f"{own}/settings", f"{own}/sheet") == {}
    page.get_by_label("Lines").fill("Hill Choir\tJ1\nLake Choir\tJ9")
    page.get_by_role("button", name="Take over").click()
    expect(page.locator("main table")).to_contain_text("No option is called so.")
    assert problems(page) == []
    page.get_by_label("Lines").fill("Hill Choir\tJ1\nLake Choir\tJ2\tJ1")
    page.get_by_role("button", name="Take over").click()
    page.wait_for_url(f"**{own}")
    page.get_by_role("button", name="Solve").click()
    proven = "Proven: no assignment meets the wishes better"
    expect(page.locator("main")).to_contain_text(proven, timeout=60_000)
    assert problems(page) == []
    assert walk(page, f"{own}/participants/{festival.hill_choir.ref}") == {}
