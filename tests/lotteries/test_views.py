"""Pages of a lottery: the coordinator's, everybody's, and what a school sees of its own."""

import json
import re

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.lotteries.lists import digest_of, result_of
from scheduler.lotteries.models import Lottery, LotteryEntry, LotteryState
from scheduler.programmes.kinds import Allocation
from tests import factories
from tests.lotteries.conftest import AFTER, NOW, SEED, draw, freeze
from tests.support.pages import text_of


@pytest.fixture
def browser(fair, sign_in):
    return sign_in(fair.coordinator)


def form(fair, **values):
    default = {
        "name_en": "Chamber draw",
        "categories": fair.category.id,
        "strata": "region",
        "bundles": "school",
        "seed_source": "National lottery, draw 2027050",
        "seed_at": "2027-04-03T21:15",
    }
    return default | values


def test_the_whole_way(session, fair, browser, sign_in):
    """Set up, places, freeze, draw, apply: each by the page's own form."""
    answer = browser.post("/programmes/fair/lotteries/new", data=form(fair))
    ref = answer.headers["Location"].rpartition("/")[2]
    lottery = session.scalars(select(Lottery).where(Lottery.ref == ref)).one()
    assert lottery.seed_at.isoformat() == "2027-04-03T13:15:00+00:00"
    page = browser.get(f"/lotteries/{ref}/places").text
    names = re.findall(r'name="(place_\d)"', page)
    assert names == ["place_0", "place_1", "place_2"]  # Guangzhou, Hong Kong, any other
    data = {"place_0": 0, "place_1": 0, "place_2": 2, "version": lottery.version}
    assert browser.post(f"/lotteries/{ref}/places", data=data).status_code == 303
    data = {"version": lottery.version, "seen": 6}
    assert browser.post(f"/lotteries/{ref}/freeze", data=data).status_code == 303
    clock.freeze(AFTER.replace(hour=20))
    browser = sign_in(fair.coordinator)
    data = {"seed": SEED, "reference": "Gazette 50", "version": lottery.version}
    assert browser.post(f"/lotteries/{ref}/draw", data=data).status_code == 303
    assert browser.post(f"/lotteries/{ref}/apply").status_code == 303
    assert lottery.state is LotteryState.APPLIED
    states = sorted(entry.state for entry in fair.entries)
    assert states.count(State.ACCEPTED) <= 2
    assert set(states) == {State.ACCEPTED, State.WAITLISTED}
    assert "Everything is done" in browser.get(f"/lotteries/{ref}").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name_en": ""}, "Please fill this in."),
        ({"categories": []}, "Choose at least one category."),
        ({"seed_at": "2027-04-01T09:00"}, "The seed must come later than the freeze"),
        ({"seed_at": "soon"}, "Not a valid"),
        ({"seed_source": "x" * 401}, "longer than 400"),
        ({"strata": "height"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(session, fair, browser, wrong, said):
    answer = browser.post("/programmes/fair/lotteries/new", data=form(fair, **wrong))
    assert (answer.status_code, said in answer.text) == (422, True)
    if "name_en" not in wrong:
        assert 'value="Chamber draw"' in answer.text
    assert len(session.scalars(select(Lottery)).all()) == 1


def test_everything_that_is_missing_is_said_at_once(fair, browser):
    empty = form(fair, name_en="", categories=[], seed_source="")
    page = browser.post("/programmes/fair/lotteries/new", data=empty).page
    said = {name: page.all("div", id=f"{name}-error") for name in empty}
    assert {name: text_of(found[0]) for name, found in said.items() if found} == {
        "name_en": "Please fill this in.",
        "categories": "Choose at least one category.",
        "seed_source": "Please fill this in.",
    }


def test_the_places_form_refuses_more_than_are_free(fair, browser):
    data = {"place_0": 3, "version": fair.lottery.version}
    answer = browser.post(f"/lotteries/{fair.lottery.ref}/places", data=data)
    assert answer.status_code == 422
    assert "CHAMBER: 3 places are to be drawn, but only 2 are free." in answer.text


def test_a_category_of_another_programme_cannot_be_drawn(session, fair, browser):
    other = factories.category(factories.programme())
    answer = browser.post("/programmes/fair/lotteries/new", data=form(fair, categories=other.id))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("allocation", "is_told"),
    [("decision", False), ("lottery", False), ("ranked", True), ("first_come", True)],
)
def test_another_rule_that_ends_with_the_freeze_is_told_before(
    session, fair, browser, allocation, is_told
):
    fair.category.allocation = Allocation(allocation)
    session.commit()
    page = browser.get(f"/lotteries/{fair.lottery.ref}").page
    assert ("schools entered under another rule" in page.text) is is_told


def test_an_old_page_freezes_nothing(fair, browser):
    factories.application(fair.category, fair.schools[0], state=State.SUBMITTED)
    data = {"version": fair.lottery.version, "seen": 6}
    answer = browser.post(f"/lotteries/{fair.lottery.ref}/freeze", data=data)
    assert answer.status_code == 409
    assert "There were 6 entrants on your page and there are 7 now." in answer.text
    assert fair.lottery.state is LotteryState.DRAFT


def test_a_frozen_lottery_has_no_form_for_changes(session, fair, browser):
    freeze(fair)
    session.commit()
    for page in ("edit", "places"):
        assert browser.get(f"/lotteries/{fair.lottery.ref}/{page}").status_code == 409


def test_a_seed_in_full_width_digits_is_refused_beside_its_field(session, fair, sign_in):
    freeze(fair)
    session.commit()
    clock.freeze(AFTER)
    browser = sign_in(fair.coordinator)
    data = {"seed": "０３ ０８", "reference": "Gazette", "version": fair.lottery.version}
    answer = browser.post(f"/lotteries/{fair.lottery.ref}/draw", data=data)
    assert (answer.status_code, "Only Latin letters" in answer.text) == (422, True)
    assert 'value="Gazette"' in answer.text


def test_a_draft_is_nobody_elses_business(fair, client):
    ref = fair.lottery.ref
    for path in ("", "/list.txt", "/result.txt", "/lottery.json"):
        assert client.get(f"/public-lotteries/{ref}{path}").status_code == 404


def test_the_public_page_shows_receipts_and_no_names(session, fair, client):
    lottery = draw(fair, freeze(fair))
    session.commit()
    answer = client.get(f"/public-lotteries/{lottery.ref}")
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    for shown in (lottery.list_digest, lottery.seed, lottery.seed_reference, "R-01", "R-06"):
        assert shown in answer.text
    for school in fair.schools:
        assert school.name not in answer.text
    for entry in fair.entries:
        assert entry.ref not in answer.text
        assert entry.members[0].person.name not in answer.text


def test_the_downloads_are_byte_for_byte_what_was_summed(session, fair, client):
    lottery = draw(fair, freeze(fair))
    session.commit()
    base = f"/public-lotteries/{lottery.ref}"
    entrants, result = (client.get(f"{base}/{name}.txt") for name in ("list", "result"))
    assert digest_of(entrants.data.decode()) == lottery.list_digest
    assert result.data.decode() == result_of(lottery.list_text, SEED)
    assert entrants.headers["Content-Disposition"] == (
        f'attachment; filename="{lottery.ref}-list.txt"'
    )
    whole = json.loads(client.get(f"{base}/lottery.json").data)
    assert (whole["list"], whole["list-sha256"], whole["seed"], whole["result"]) == (
        lottery.list_text,
        lottery.list_digest,
        SEED,
        result.data.decode(),
    )


def test_there_is_no_result_before_the_draw(session, fair, client):
    lottery = freeze(fair)
    session.commit()
    base = f"/public-lotteries/{lottery.ref}"
    assert client.get(f"{base}/result.txt").status_code == 404
    assert client.get(f"{base}/lottery.json").json["result"] is None
    assert "Nothing is drawn yet." in client.get(base).text


def test_the_public_list_is_searched_and_paged(session, fair, client):
    for _ in range(110):
        factories.application(fair.category, fair.schools[0], state=State.SUBMITTED)
    lottery = freeze(fair, seen=116, new_receipt=None)
    receipt = session.scalars(select(LotteryEntry.receipt)).first()
    session.commit()
    base = f"/public-lotteries/{lottery.ref}"
    assert len(re.findall(r'<th scope="row"', client.get(f"{base}?page=2").text)) == 16 + 1
    found = client.get(f"{base}?q={receipt[2:8].lower()}").text
    assert (receipt in found, "1 entry" in found) == (True, True)


def test_a_replaced_lottery_points_to_the_one_that_counts(session, fair, client):
    first = freeze(fair)
    second = factories.lottery(
        fair.category, seed_at=fair.lottery.seed_at, reason="The source did not draw."
    )
    freeze(fair, second, new_receipt=None)
    session.commit()
    assert f"/public-lotteries/{second.ref}" in client.get(f"/public-lotteries/{first.ref}").text
    assert "The source did not draw." in client.get(f"/public-lotteries/{second.ref}").text


def test_a_school_sees_its_own_receipt_and_result(session, fair, sign_in):
    freeze(fair)
    session.commit()
    officer = sign_in(fair.officer)
    own, other = fair.entries[2], fair.entries[0]
    page = officer.get(f"/applications/{own.ref}").text
    assert ("R-03" in page, "not drawn yet" in page, "R-01" in page) == (True, True, False)
    draw(fair)
    session.commit()
    page = officer.get(f"/applications/{own.ref}").text
    rank = session.scalars(select(LotteryEntry).where(LotteryEntry.receipt == "R-03")).one().rank
    assert f"drawn as no. {rank}" in page
    assert officer.get(f"/applications/{other.ref}").status_code == 403


def test_the_coordinator_sees_which_receipt_is_whose(session, fair, browser):
    freeze(fair)
    session.commit()
    page = browser.get(f"/lotteries/{fair.lottery.ref}?q=R-03").text
    assert (fair.schools[2].name in page, "R-04" in page) == (True, False)


def test_the_list_shows_the_lotteries_of_the_programme_alone(session, fair, browser):
    other = factories.lottery(factories.category(factories.programme()))
    page = browser.get("/programmes/fair/lotteries").text
    assert (fair.lottery.ref in page, other.ref in page) == (True, False)


def test_a_draft_can_be_removed(session, fair, browser):
    answer = browser.post(f"/lotteries/{fair.lottery.ref}/remove")
    assert answer.headers["Location"] == "/programmes/fair/lotteries"
    assert session.scalars(select(Lottery)).all() == []


def test_pages_before_the_seed_say_when(session, fair, browser):
    freeze(fair)
    session.commit()
    clock.freeze(NOW)
    page = browser.get(f"/lotteries/{fair.lottery.ref}").text
    assert "Sat 3 April 2027 10:00 (UTC+8)" in page
    assert 'name="seed"' not in page
