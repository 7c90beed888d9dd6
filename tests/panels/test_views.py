"""What each person sees of a panel, and what nobody but the coordinator may know."""

import pytest

from scheduler.applications import decision_jobs
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.panels import videos
from scheduler.panels.models import Stage
from scheduler.programmes.kinds import Allocation
from tests import factories
from tests.panels.conftest import SECRETS, secret_case


@pytest.fixture
def secret(jury, monkeypatch):
    """An assignment of the first reviewer, whose entry and video tell whose it is."""
    monkeypatch.setattr(videos, "_finders", [lambda _: ["https://video.example/4711"]])
    case = secret_case(jury)
    made = factories.assignment(jury.reviewers[0], case)
    db.session.commit()
    return made


def test_the_coordinator_sees_the_secrets(jury, secret, sign_in):
    client = sign_in(jury.coordinator)
    text = client.get(f"/panels/{jury.panel.ref}/cases/{secret.application.ref}").page.text
    assert "Bridge End School" in text
    assert "Hidden Larks" in text


def test_a_blind_reviewer_sees_category_works_and_video_but_not_whose_it_is(jury, secret, sign_in):
    client = sign_in(secret.reviewer.account)
    path = f"/reviews/{secret.ref}"
    answers = [
        client.get("/"),
        client.get("/reviews"),
        client.get("/reviews?sort=category&direction=descending"),
        client.get(path),
        client.post(path, data={"mark_1": "11", "version": "1"}),
        client.post(path, data={"mark_1": "9", "version": "7", "step": "draft"}),
        client.post(f"{path}/conflict", data={}),
    ]
    texts = "\n".join(answer.get_data(as_text=True) for answer in answers)
    assert [secret_word for secret_word in SECRETS if secret_word in texts] == []
    shown = client.get(path).page.text
    assert secret.application.pieces[0].title in shown
    assert "Video 1" in shown
    assert "video.example" not in shown


def test_a_reviewer_without_any_role_finds_the_way_from_the_first_page(jury, secret, sign_in):
    home = sign_in(secret.reviewer.account).get("/").page.text
    assert "0 of 1" in home
    assert "no role yet" not in home


def test_an_open_panel_shows_the_school(jury, secret, sign_in):
    jury.level.is_blind = False
    db.session.commit()
    assert (
        "Bridge End School" in sign_in(secret.reviewer.account).get(f"/reviews/{secret.ref}").text
    )


def test_another_reviewers_case_is_not_found(jury, secret, sign_in):
    client = sign_in(jury.reviewers[1].account)
    path = f"/reviews/{secret.ref}"
    answers = [client.get(path), client.post(path), client.post(f"{path}/conflict")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert secret.application.ref not in client.get("/reviews").text


@pytest.mark.parametrize("who", ["reviewer", "officer", "city"])
def test_only_coordinators_see_the_ranking(jury, secret, sign_in, who):
    account = {
        "reviewer": secret.reviewer.account,
        "officer": factories.officer(secret.application.school),
        "city": factories.city_reviewer(jury.programme),
    }[who]
    client = sign_in(account)
    ref = jury.panel.ref
    paths = [f"/panels/{ref}", f"/panels/{ref}/ranking",
             f"/panels/{ref}/cases/{secret.application.ref}"]  # fmt: skip
    assert [client.get(path).status_code for path in paths] == [403, 403, 403]


def test_marks_are_given_and_the_bar_moves(jury, secret, sign_in):
    client = sign_in(secret.reviewer.account)
    data = {"mark_1": "8.5", "mark_2": "17", "comment": "Clear.", "version": "1", "step": "submit"}
    answer = client.post(f"/reviews/{secret.ref}", data=data, follow_redirects=True)
    assert "1 of 1" in answer.page.text
    db.session.refresh(secret)
    assert (secret.stage, sorted(m.hundredths for m in secret.marks)) == (Stage.JUDGED, [850, 1700])


def test_a_bad_mark_is_said_beside_its_field_and_nothing_is_lost(jury, secret, sign_in):
    client = sign_in(secret.reviewer.account)
    data = {"mark_1": "8.555", "mark_2": "ten", "comment": "Kept.", "version": "1"}
    answer = client.post(f"/reviews/{secret.ref}", data=data)
    assert answer.status_code == 422
    assert "no more than two decimals" in answer.page.text
    assert "Kept." in answer.text
    db.session.refresh(secret)
    assert secret.marks == []


def test_a_missing_mark_is_said_beside_its_field(jury, secret, sign_in):
    client = sign_in(secret.reviewer.account)
    data = {"mark_1": "8", "version": "1", "step": "submit"}
    answer = client.post(f"/reviews/{secret.ref}", data=data)
    assert (answer.status_code, "Please give a mark, or keep a draft." in answer.page.text) == (
        409,
        True,
    )


def test_schools_read_comments_once_they_are_published_and_never_marks(jury, secret, sign_in):
    judged = factories.assignment(
        jury.reviewers[1], secret.application, [7.25, 13], comment="Fine phrasing."
    )
    db.session.commit()
    client = sign_in(factories.officer(secret.application.school))
    path = f"/applications/{secret.application.ref}"
    assert "Fine phrasing." not in client.get(path).text
    sign_in(jury.coordinator).post(f"/panels/{jury.panel.ref}/comments", data={"show": "yes"})
    text = client.get(path).page.text
    assert "Fine phrasing." in text
    assert judged.reviewer.account.name not in text
    assert "7.25" not in text


def test_a_coordinator_sets_up_a_whole_panel(jury, sign_in):
    client = sign_in(jury.coordinator)
    other = factories.category(jury.programme)
    db.session.commit()
    code = jury.programme.code
    data = {"name": "Second", "level": "city", "per_case": "1", "categories": [other.code]}
    answer = client.post(f"/programmes/{code}/panels/new", data=data)
    path = answer.headers["Location"]
    client.post(f"{path}/criteria/new", data={"name_en": "Sound", "weight": "2", "max_mark": "10"})
    client.post(f"{path}/reviewers", data={"email": "juror@arts.example"})
    case = factories.application(other, factories.school(), state=State.SUBMITTED, level=jury.level)
    db.session.commit()
    answer = client.post(f"{path}/assign", follow_redirects=True)
    assert "1 assignment was made." in answer.page.text
    assert "juror@arts.example" in answer.page.text
    assert case.ref in client.get(f"{path}/ranking").text


def test_the_form_says_what_is_done_with_the_first(jury, secret, sign_in):
    factories.assignment(jury.reviewers[1], secret.application, [7, 13])
    db.session.commit()
    page = sign_in(jury.coordinator).get(f"/panels/{jury.panel.ref}/ranking").page
    assert "With these: Nominate " in f"{page.text} "


def test_a_page_of_decisions_from_another_ranking_is_refused(jury, secret, sign_in):
    factories.assignment(jury.reviewers[1], secret.application, [7, 13])
    db.session.commit()
    path = f"/panels/{jury.panel.ref}/categories/{jury.category.code}/decisions"
    data = {"count": "1", "rest": "leave", "seen": "A-OTHER.1"}
    answer = sign_in(jury.coordinator).post(path, data=data)
    assert (answer.status_code, "Nothing was applied" in answer.page.text) == (409, True)
    data["seen"] = secret.application.seen
    answer = sign_in(jury.coordinator).post(path, data=data)
    assert "1 of 1 decisions were applied." in answer.page.text


def test_the_ranking_is_taken_along_by_coordinators_alone(jury, secret, sign_in):
    factories.assignment(jury.reviewers[1], secret.application, [7.5, 15])
    db.session.commit()
    data = {"list": "ranking", "place": jury.panel.ref, "format": "csv", "filters": ""}
    lines = sign_in(jury.coordinator).post("/exports/download", data=data).text.splitlines()
    figures = "Submitted,0.0000,75.00,0.00,1,Yes"
    assert lines[1].endswith(
        f",1,{secret.application.ref},Hidden Larks,Bridge End School,{figures}"
    )
    assert len(lines) == 1 + 5
    client = sign_in(secret.reviewer.account)
    assert client.post("/exports/download", data=data).status_code == 403


def test_many_decisions_from_the_ranking_are_a_job(jury, secret, sign_in, monkeypatch):
    monkeypatch.setattr(decision_jobs, "AT_ONCE", 0)
    factories.assignment(jury.reviewers[1], secret.application, [7, 13])
    db.session.commit()
    path = f"/panels/{jury.panel.ref}/categories/{jury.category.code}/decisions"
    data = {"count": "1", "rest": "leave", "seen": secret.application.seen}
    client = sign_in(jury.coordinator)
    answer = client.post(path, data=data)
    assert (answer.status_code, answer.location.startswith("/jobs/")) == (303, True)
    page = client.get(answer.location, follow_redirects=True).page
    assert "1 of 1 decisions were applied." in page.text
    assert "Nominated" in page.text


def test_who_may_not_open_the_ranking_reads_of_the_panel_without_a_link(jury, secret, sign_in):
    category = secret.application.category
    category.allocation = Allocation.RANKED
    city = factories.city_reviewer(jury.programme)
    db.session.commit()
    path = f"/programmes/{jury.programme.code}/categories/{category.code}/ranking"
    page = sign_in(city).get(path).page
    assert "A panel judges this category at this level." in page.text
    assert [a for a in page.all("a") if a.get("href").startswith("/panels/")] == []
