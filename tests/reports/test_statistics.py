"""The statistics: exact numbers, within the reader's reach, the same on page and in the file."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from scheduler.applications.workflow import Action, State
from scheduler.organisations.models import Region
from tests import factories
from tests.reports.conftest import group
from tests.support.pages import text_of

DAY = dt.datetime(2027, 3, 1, 20, tzinfo=dt.UTC)  # 04:00 of 2 March in Shanghai
PATH = "/programmes/festival/statistics"


@pytest.fixture
def story(festival):
    """One accepted after two days, one rejected after four, one draft."""
    decided(festival.larks, State.ACCEPTED, Action.ACCEPT, days=2)
    decided(festival.robins, State.REJECTED, Action.REJECT, days=4)
    group(festival.category, festival.school, "Drafted", state=State.DRAFT)
    festival.category.places_taken = 1
    festival.other.region = Region.HONG_KONG
    return festival


def decided(application, state, action, *, days):
    factories.history_entry(application, at=DAY)
    at = DAY + dt.timedelta(days=days)
    application.state, application.places_held = state, int(state is State.ACCEPTED)
    factories.history_entry(application, at=at, action=action, to_state=state)


def tables(page):
    """Each drawing's table by its heading."""
    found = {}
    for section in page.all("section", class_="plot"):
        rows = [row for body in section.iter("tbody") for row in body.iter("tr")]
        title = text_of(next(section.iter("h2")))
        found[title] = {text_of(row[0]): text_of(row[1]) for row in rows}
    return found


def figures(page):
    items = page.one("ul", class_="stats")
    return {text_of(item[1]): text_of(item[0]) for item in items}


def test_a_coordinator_reads_exact_numbers(story, sign_in):
    page = sign_in(story.coordinator).get(PATH).page
    found = tables(page)
    assert found["First submissions by day"] == {"Tue 2 March 2027": "2"}
    assert found["From draft to decision"] == {
        "Begun": "3",
        "Submitted at least once": "2",
        "Decided at least once": "2",
        "Now: Draft": "1",
        "Now: Submitted": "0",
        "Now: Returned for changes": "0",
        "Now: Place offered": "0",
        "Now: Accepted": "1",
        "Now: Waitlisted": "0",
        "Now: Rejected": "1",
        "Now: Withdrawn": "0",
    }
    assert list(found["Places filled"].values()) == ["1 of 3"]
    assert list(found["By category"].values()) == ["3"]
    assert found["By district"] == {story.district.name: "2", story.other.district.name: "1"}
    assert found["By region"]["Hong Kong, China"] == "1"
    assert found["By stage of school"] == {"Primary": "3"}
    assert figures(page) == {
        "Entries": "3",
        "Accepted": "1",
        "Pupils": "<5",
        "Median days to the first decision": "3",
    }


def test_pupils_are_counted_once_and_small_numbers_hidden(story, sign_in):
    for _ in range(6):
        factories.member(story.larks, factories.person(story.school))
    twice = factories.person(story.school, birth_on=dt.date(2012, 1, 1))
    factories.member(story.larks, twice)
    page = sign_in(story.coordinator).get(PATH).page
    # Seven young ones and the one in the draft: eight; one older, who must not be reckoned.
    assert tables(page)["Pupils entered, by age"] == {
        "under 14": "–",
        "14 to 17": "<5",
        "18 or older": "0",
        "age not given": "0",
    }
    assert figures(page)["Pupils"] == "9"


def test_filters_limit_everything(story, sign_in):
    client = sign_in(story.coordinator)
    page = client.get(f"{PATH}?district={story.other.district.code}").page
    assert tables(page)["By district"] == {story.other.district.name: "1"}
    assert figures(page)["Median days to the first decision"] == "4"
    nothing = client.get(f"{PATH}?category=none").page
    assert figures(nothing)["Entries"] == "0"
    assert "Nothing to count yet." in nothing.text


def test_a_reviewer_counts_the_own_district_without_drafts(story, sign_in):
    page = sign_in(story.reviewer).get(PATH).page
    assert tables(page)["By district"] == {story.district.name: "1"}
    assert story.other.district.name not in page.text
    other = f"{PATH}?district={story.other.district.code}"
    assert figures(sign_in(story.reviewer).get(other).page)["Entries"] == "0"


def test_others_have_no_statistics(story, sign_in):
    for account in (story.officer, story.leader, story.administrator):
        assert sign_in(account).get(PATH).status_code == 403
        assert sign_in(account).get(f"{PATH}/workbook").status_code == 403
    stranger = factories.coordinator(factories.programme())
    assert sign_in(stranger).get(PATH).status_code == 404
    elsewhere = factories.reviewer(factories.district())
    assert sign_in(elsewhere).get(PATH).status_code == 404


def test_the_workbook_holds_the_numbers_of_the_page(story, sign_in):
    client = sign_in(story.coordinator)
    book = load_workbook(io.BytesIO(client.get(f"{PATH}/workbook").data))
    sheets = {
        sheet.title: dict(sheet.iter_rows(min_row=2, values_only=True))
        for sheet in book.worksheets[1:]
    }
    page = tables(client.get(PATH).page)
    assert {
        title: {label: str(number) for label, number in rows.items()}
        for title, rows in sheets.items()
    } == {title[:31]: rows for title, rows in page.items()}


def test_drawings_describe_themselves(story, sign_in):
    page = sign_in(story.coordinator).get(PATH).page
    drawings = [node for node in page.elements if node.tag.endswith("}svg") and node.get("role")]
    assert len(drawings) == 9
    for drawing in drawings:
        first, second = drawing.get("aria-labelledby").split()
        named = {node.get("id"): text_of(node) for node in drawing.iter() if node.get("id")}
        assert named[first]
        assert named[second]


def test_a_long_time_is_drawn_by_weeks(story, sign_in):
    late = group(story.category, story.school, "Late")
    factories.history_entry(late, at=DAY + dt.timedelta(days=45))
    found = tables(sign_in(story.coordinator).get(PATH).page)["First submissions by week"]
    assert next(iter(found.items())) == ("Mon 1 March 2027", "2")
    assert list(found.items())[-1] == ("Mon 12 April 2027", "1")
    assert len(found) == 7
