"""Planning in the browser: each page once, each refusal, and who stays outside."""

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from scheduler.jobs.models import JobState
from scheduler.scheduling.board import editing
from scheduler.scheduling.engine.relief import Way
from scheduler.scheduling.models import Plan, PlanState, Release
from scheduler.scheduling.reading.relief_texts import RELIEFS
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release
from tests.support.pages import Page


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


@pytest.fixture
def published(plan, actor, app):
    release(plan, actor, notes="Bring water.", secret_key=app.secret_key)
    return plan


def test_pressing_plan_solves_and_leads_to_the_board(client, festival, session):
    started = client.post("/programmes/small/plans", data={"seconds": 10, "seed": 1})
    plan = session.scalars(select(Plan)).one()
    assert started.location == f"/plans/{plan.ref}/progress"
    assert client.get(started.location).location == f"/plans/{plan.ref}"
    assert plan.state is PlanState.DRAFT
    board = client.get(f"/plans/{plan.ref}")
    assert all(
        group.group_name in board.text
        for group in (festival.hill_choir, festival.lake_choir, festival.hill_band)
    )


def test_progress_shows_value_bound_and_gap_and_can_be_stopped(client, festival, session):
    job = factories.job(
        state=JobState.RUNNING,
        done=12,
        total=60,
        progress={"value": 200, "bound": 150, "seconds": 12.0},
    )
    plan = factories.plan(festival.programme, state=PlanState.SOLVING, job_id=job.id)
    session.commit()
    page = client.get(f"/plans/{plan.ref}/progress")
    assert all(text in page.text for text in ("200", "150", "25.0"))
    client.post(f"/plans/{plan.ref}/stop")
    assert job.stop_requested_at is not None


def test_bad_input_is_answered_beside_the_field(client, festival):
    answer = client.post("/programmes/small/plans", data={"seconds": 10, "seed": "many"})
    assert answer.status_code == 422
    assert 'id="seed-error"' in answer.text or "invalid-feedback" in answer.text


def test_impossible_plan_shows_its_reasons(client, festival, session):
    plan = factories.plan(
        festival.programme,
        state=PlanState.IMPOSSIBLE,
        explanation=[
            {
                "code": "stage_minutes_short",
                "ids": [festival.hill_choir.ref],
                "facts": {
                    "needed_minutes": 66,
                    "available_minutes": 54,
                    "size": 63,
                    "venues": ["HALL"],
                    "blocks": ["choirs"],
                    "count": 3,
                },
            }
        ],
    )
    session.commit()
    answer = client.get(f"/plans/{plan.ref}")
    assert "need 66 min on a stage for 63; left are 54 min (Great Hall)" in answer.text
    assert 'href="/programmes/small/venues/HALL/times"' in answer.text


RULE_PLACES = [
    ("opening_hours", ["HALL"], {}, "/programmes/small/venues/HALL/times"),
    ("closure", ["HALL", "600"], {"closed_from": 600, "closed_until": 660},
     "/programmes/small/venues/HALL/times"),
    ("stage_size", ["ROOM"], {"stage_size": 6}, "/programmes/small/venues/ROOM/edit"),
    ("room_capacity", ["ROOM", "warm_up"], {"count": 1}, "/programmes/small/venues/ROOM/edit"),
    ("time_limit", ["GZ"], {"rule": "region_attendance"}, "/programmes/small/attendance"),
    ("time_limit", ["primary"], {"rule": "primary_latest_end"}, "/programmes/small/edit"),
    ("party_rest", ["both"], {"needed_minutes": 60}, "/programmes/small/edit"),
    ("party_clash", ["both"], {}, "/programmes/small/travel"),
    ("block", ["choirs"], {}, "/programmes/small/plans/rules"),
    ("stated", ["one_day HILL"], {"rule": "one_day"}, "/programmes/small/plans/rules"),
    ("lock", ["nobody"], {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "ids", "facts", "place"), RULE_PLACES)
def test_a_colliding_rule_leads_to_where_it_is_set(
    client, festival, session, code, ids, facts, place
):
    plan = factories.plan(
        festival.programme,
        state=PlanState.IMPOSSIBLE,
        explanation=[{"code": code, "ids": ids, "facts": facts}],
    )
    session.commit()
    content = client.get(f"/plans/{plan.ref}").page.one("section", **{"aria-labelledby": "rules"})
    links = [link.get("href") for link in content.iter() if link.tag.endswith("a")]
    assert links == ([place] if place else [])
    if place:
        assert client.get(place).status_code == 200


@pytest.mark.parametrize("way", list(Way))
def test_a_colliding_rule_says_what_would_help(client, festival, session, way):
    reason = {"code": "opening_hours", "ids": ["HALL"], "facts": {}, "relief": [str(way), 25]}
    plan = factories.plan(festival.programme, state=PlanState.IMPOSSIBLE, explanation=[reason])
    session.commit()
    said = client.get(f"/plans/{plan.ref}").page.text
    told = [way for way in Way if str(RELIEFS[way]) % {"amount": 25} in said]
    assert told == [way]


def test_move_by_form_and_by_board(client, plan, festival, session):
    url = f"/plans/{plan.ref}/slots/{festival.lake_band.ref}"
    assert client.get(url).status_code == 200
    form = {"venue": "ROOM", "starts_at": "2027-07-16T15:30", "edition": plan.edition}
    there = f"/plans/{plan.ref}#slot-{festival.lake_band.ref}"
    assert client.post(url, data=form).location == there
    assert editing.slot_of(plan, festival.lake_band.ref).starts_at == at(15, 30)
    stale = client.post(url, data=form, headers={"X-Board": "1"})
    assert (stale.status_code, "has changed this group meanwhile" in stale.text) == (409, True)
    fresh = form | {"edition": plan.edition, "starts_at": "2027-07-16T13:00"}
    moved = client.post(url, data=fresh, headers={"X-Board": "1"})
    assert (moved.status_code, "Moved." in moved.text) == (200, True)


def test_move_that_breaks_a_rule_says_so_in_words(client, plan, festival):
    url = f"/plans/{plan.ref}/slots/{festival.hill_choir.ref}"
    form = {"venue": "ROOM", "starts_at": "2027-07-16T10:00", "edition": plan.edition}
    answer = client.post(url, data=form, headers={"X-Board": "1"})
    assert "needs a stage for 9, but the stage of Small Room holds 6" in answer.text


def test_lock_and_unlock(client, plan, festival, session):
    url = f"/plans/{plan.ref}/slots/{festival.lake_band.ref}/lock"
    client.post(url, data={"locked": "1", "edition": plan.edition})
    assert editing.slot_of(plan, festival.lake_band.ref).is_locked
    client.post(url, data={"locked": "0", "edition": plan.edition})
    assert not editing.slot_of(plan, festival.lake_band.ref).is_locked


def test_preview_then_publish_then_read(client, plan, festival, session):
    preview = client.get(f"/plans/{plan.ref}/publish")
    assert "Lake Band" in preview.text
    started = client.post(
        f"/plans/{plan.ref}/publish", data={"edition": plan.edition, "notes": "Bring water."}
    )
    assert client.get(started.location).location == "/programmes/small/releases/latest"
    assert session.scalars(select(Release.notes)).all() == ["Bring water."]
    page = client.get("/programmes/small/releases/1")
    assert "Bring water." in page.text


def test_a_broken_draft_cannot_be_published_and_the_page_says_why(client, plan, festival, session):
    url = f"/plans/{plan.ref}/slots/{festival.hill_choir.ref}"
    client.post(
        url, data={"venue": "ROOM", "starts_at": "2027-07-16T10:00", "edition": plan.edition}
    )
    page = client.get(f"/plans/{plan.ref}/publish")
    assert "needs a stage for 9, but the stage of Small Room holds 6" in page.text
    client.post(f"/plans/{plan.ref}/publish", data={"edition": plan.edition})
    assert session.scalars(select(Release)).all() == []


def test_published_timetable_for_a_school_officer(published, sign_in, festival):
    officer = sign_in(festival.hill_officer)
    whole = officer.get("/programmes/small/timetable")
    assert "Lake Band" in whole.text
    own = officer.get("/programmes/small/timetable/schools/HILL")
    assert ("Hill Band" in own.text, "Lake Band" in own.text) == (True, False)
    assert "/calendars/" in own.text
    venue = officer.get("/programmes/small/timetable/venues/ROOM")
    assert ("Lake Band" in venue.text, "Lake Choir" in venue.text) == (True, False)


def test_neighbour_school_gets_no_feed_of_this_school(published, sign_in, festival):
    answer = sign_in(festival.lake_officer).get("/programmes/small/timetable/schools/HILL")
    assert (answer.status_code, "/calendars/" in answer.text) == (403, False)


def test_no_pupil_is_named_in_the_published_timetable(published, sign_in, festival):
    festival.twice.name = "Nobody Elsewhere"
    client = sign_in(festival.lake_officer)
    pages = ["", "/venues/ROOM", "/schools/LAKE"]
    texts = [client.get(f"/programmes/small/timetable{page}").text for page in pages]
    assert not any("Nobody Elsewhere" in text for text in texts)


@pytest.mark.parametrize(
    "path",
    [
        "/programmes/small/plans",
        "/plans/{ref}",
        "/plans/{ref}/publish",
        "/plans/{ref}/progress",
        "/programmes/small/releases/1",
    ],
)
def test_drafts_are_for_coordinators_of_this_programme(published, sign_in, festival, session, path):
    elsewhere = factories.coordinator(factories.programme())
    session.commit()
    for account in (festival.hill_officer, elsewhere):
        answer = sign_in(account).get(path.format(ref=published.ref))
        assert (answer.status_code, "Hill Band" in answer.text) == (403, False)


def test_drafts_are_discarded_but_not_what_was_published(client, published, festival, session):
    spare = festival.draft()
    session.commit()
    client.post(f"/plans/{spare.ref}/discard")
    assert session.scalars(select(Plan.ref)).all() == [published.ref]
    refused = client.post(f"/plans/{published.ref}/discard")
    assert refused.status_code == 409
    # The switches of this page lead home: its own address answers no GET.
    assert 'name="next" value="/"' in " ".join(refused.text.split())


def test_navigation_leads_to_the_only_programme(client, festival):
    code = festival.programme.code
    assert client.get("/planning").location == f"/programmes/{code}/plans"
    assert client.get("/timetable").location == f"/programmes/{code}/timetable"


def test_navigation_offers_several_programmes_but_plans_only_of_the_own(client, festival):
    other = factories.programme(names=factories.names("Another Festival"))
    assert client.get("/planning").location == f"/programmes/{festival.programme.code}/plans"
    assert f'href="/programmes/{other.code}/timetable"' in client.get("/timetable").text


def test_numbers_and_years_that_nothing_can_reckon_with(client, plan, festival):
    code = festival.programme.code
    assert client.get(f"/programmes/{code}/releases/{10**20}").status_code == 404
    form = {"venue": "ROOM", "starts_at": "0001-01-01T00:00", "edition": plan.edition}
    answer = client.post(f"/plans/{plan.ref}/slots/{festival.lake_band.ref}", data=form)
    assert answer.status_code == 422
    assert "Please check the year" in answer.text


def test_the_timetable_is_narrowed_to_a_day_a_venue_or_the_own_school(published, sign_in, festival):
    officer = sign_in(festival.hill_officer)

    def groups(question):
        page = officer.get(f"/programmes/small/timetable{question}").page
        heads = [th for th in page.all("th") if th.get("scope") == "row"]
        return {" ".join("".join(head.itertext()).split()) for head in heads}

    everything = groups("")
    own = {"Hill Band My school", "Hill Choir My school"}
    assert own < everything
    assert groups(f"?school={festival.hill.code}") == own
    assert groups("?venue=ROOM") == {"Hill Band My school", "Lake Band"}
    assert groups("?day=1999-01-01") == set()
    assert groups("?day=2027-07-16") | groups("?day=2027-07-17") == everything


def test_a_long_day_has_a_way_to_each_of_its_hours(app):
    start = dt.datetime(2027, 7, 17, 1, 30, tzinfo=dt.UTC)
    times = [start + dt.timedelta(minutes=20 * number) for number in range(13)]
    performances = [
        SimpleNamespace(
            starts_at=at, ends_at=at, warmup_starts_at=at, warmup_ends_at=at, warmup_room=1,
            venue=None,
            item=SimpleNamespace(
                title="Larks", about={"en": "Choir"}, school_text="Hill", warms_up=True
            ),
        )
        for at in times
    ]  # fmt: skip
    programme = SimpleNamespace(timezone="Asia/Shanghai")
    with app.test_request_context():
        lines = app.jinja_env.get_template("scheduling/lines.html").module.lines
        page = Page(lines([(start.date(), performances)], programme), is_fragment=True)
        short = lines([(start.date(), performances[:12])], programme)
    links = [each.get("href") for each in page.all("a")]
    assert links == ["#day-1-09", "#day-1-10", "#day-1-11", "#day-1-12", "#day-1-13"]
    rows = [each.get("id") for each in page.all("tr") if each.get("id")]
    assert [f"#{row}" for row in rows] == links
    assert "<nav" not in short
