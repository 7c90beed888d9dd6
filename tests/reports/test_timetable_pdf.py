"""The timetable on paper: sizes of sheets, what stands on which, and who may have it."""

import io

import pytest
from pypdf import PdfReader

from tests import factories
from tests.scheduling.conftest import Festival
from tests.scheduling.releasing import release

MM = 72 / 25.4
WHOLE = "/programmes/small/timetable/pdf"
SCHOOL = "/programmes/small/timetable/schools/HILL/pdf"


@pytest.fixture
def festival(session):
    made = Festival()
    made.hill_choir.group_name = "岭南少年合唱团"
    made.twice.name = "Nobody Elsewhere"
    made.hall.address = "1 Harbour Road"
    plan = made.draft()
    session.commit()
    release(plan, made.coordinator.actor)
    return made


def sheets(answer):
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    sizes = {tuple(round(float(side) / MM) for side in page.mediabox[2:]) for page in pages}
    return sizes, [page.extract_text().replace("\0", "") for page in pages]


def test_a_day_has_its_lanes_and_a_sheet_for_each_venue(festival, sign_in):
    sizes, texts = sheets(sign_in(festival.lake_officer).get(WHOLE))
    assert (sizes, len(texts)) == ({(420, 297)}, 3)
    names = ("岭南少年合唱团", "Lake Choir", "Hill Band", "Lake Band")
    assert [[name in text for name in names] for text in texts] == [
        [True] * 4,
        [True, True, False, False],
        [False, False, True, True],
    ]
    assert not any("Nobody Elsewhere" in text for text in texts)
    assert "10:00–10:10" in texts[1]
    assert all("Release 1 of" in text for text in texts)


def test_of_one_venue_there_is_its_sheet_alone(festival, sign_in):
    _, texts = sheets(sign_in(festival.lake_officer).get(f"{WHOLE}?venue=ROOM"))
    assert ["Hill Band" in text for text in texts] == [True]
    empty = sign_in(festival.lake_officer).get(f"{WHOLE}?day=2027-07-20")
    assert empty.status_code == 404


def test_a_leader_s_sheet_holds_the_own_school_s_groups(festival, sign_in):
    sizes, texts = sheets(sign_in(festival.hill_officer).get(SCHOOL))
    text = "\n".join(texts)
    assert sizes == {(210, 297)}
    for known in ("岭南少年合唱团", "Hill Band", "09:00", "09:25–09:50", "1 Harbour Road"):
        assert known in text
    assert "Lake" not in text
    assert sign_in(festival.lake_officer).get(SCHOOL).status_code == 403


def test_without_a_release_there_is_nothing_to_print(sign_in, session):
    programme = factories.programme(code="bare")
    coordinator = factories.coordinator(programme)
    session.commit()
    assert sign_in(coordinator).get("/programmes/bare/timetable/pdf").status_code == 404
