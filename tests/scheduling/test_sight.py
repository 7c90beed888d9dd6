"""How a board is looked at: the address says whom it shows clearly, and how large."""

import pytest

from tests.factories import at


@pytest.fixture
def look(festival, session, sign_in):
    """A function that opens the board with a question and returns its page."""
    plan = festival.draft()
    # The two choirs overlap.
    plan.slots[1].starts_at = at(10, 5)
    session.commit()
    client = sign_in(festival.coordinator)
    return lambda question="": client.get(f"/plans/{plan.ref}{question}").page


def dimmed(page):
    slots = [li for li in page.all("li") if li.get("data-slot")]
    assert len(slots) == 4
    return {li.get("data-slot") for li in slots if "slot-dimmed" in li.get("class").split()}


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("", set()),
        ("?school=HILL", {"Lake Choir", "Lake Band"}),
        ("?category=bands", {"Hill Choir", "Lake Choir"}),
        ("?school=HILL&category=bands", {"Hill Choir", "Lake Choir", "Lake Band"}),
        ("?broken=1", {"Hill Band", "Lake Band"}),
        ("?region=MO", {"Hill Choir", "Lake Choir", "Hill Band", "Lake Band"}),
    ],
)
def test_who_is_not_looked_for_is_dimmed(look, question, others):
    assert dimmed(look(question)) == others


def test_the_filter_offers_what_is_on_the_board_and_keeps_what_was_asked(look):
    page = look("?school=LAKE&zoom=3&whole=1")
    options = {one.get("value"): one.get("selected") for one in page.all("option")}
    assert {"HILL", "LAKE", "choirs", "bands"} <= options.keys()
    assert options["LAKE"] is not None
    assert page.one("form", role="search").get("action").startswith("/plans/")
    hidden = {one.get("name"): one.get("value") for one in page.all("input")}
    assert (hidden["zoom"], hidden["whole"], hidden["school"]) == ("3", "1", "LAKE")


@pytest.mark.parametrize(
    ("question", "size"), [("", "2"), ("?zoom=4", "4"), ("?zoom=9", "2"), ("?zoom=x", "2")]
)
def test_the_address_says_how_large(look, question, size):
    board = look(question).one("div", id="board")
    assert [word for word in board.get("class").split() if "zoom" in word] == [f"zoom-{size}"]


QUESTION = "?school=LAKE&zoom=3"


def test_what_was_looked_for_is_kept_without_script(festival, session, sign_in):
    plan = festival.draft()
    session.commit()
    client = sign_in(festival.coordinator)
    ref = festival.lake_band.ref
    board = client.get(f"/plans/{plan.ref}{QUESTION}").page
    link = f"/plans/{plan.ref}/slots/{ref}{QUESTION}"
    assert link in [a.get("href") for a in board.all("a")]
    sent = {one.get("name"): one.get("value") for one in board.one("form", id="board-form")}
    assert (sent["school"], sent["zoom"]) == ("LAKE", "3")
    there = f"/plans/{plan.ref}{QUESTION}#slot-{ref}"
    locked = client.post(f"/plans/{plan.ref}/slots/{ref}/lock", data=sent | {"locked": "1"})
    assert locked.location == there
    page = client.get(link).page
    actions = {form.get("action") for form in page.all("form") if form.get("action")}
    assert f"/plans/{plan.ref}/slots/{ref}/lock{QUESTION}" in actions
    form = {"locked": "0", "edition": plan.edition}
    assert client.post(f"/plans/{plan.ref}/slots/{ref}/lock{QUESTION}", data=form).location == there
