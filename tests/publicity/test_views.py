"""Pages of a notice: the coordinator's, and the one that is everybody's for some days."""

import re

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.publicity.models import Objection, ObjectionState, PublicNotice
from tests import factories
from tests.publicity.conftest import END, NOW, PUPIL, publish

FORM = {
    "name": "Wu Min",
    "email": "wu@home.example",
    "reason": "The conductor is not of this school.",
}


@pytest.fixture
def browser(gala, sign_in):
    return sign_in(gala.coordinator)


@pytest.fixture
def public(session, gala):
    """The address of the published notice."""
    publish(gala)
    session.commit()
    return f"/public-notices/{gala.notice.ref}"


def count(session):
    return session.scalar(select(func.count(Objection.id)))


def test_the_whole_way(session, gala, browser, client):
    """Write, preview, publish, read, object, answer: each by the page's own form."""
    data = {
        "name_en": "Accepted groups",
        "text_en": "First paragraph.\r\n\r\nSecond.",
        "categories": [gala.choirs.id],
        "days": 5,
        "day_kind": "working",
        "days_off": "2027-05-20",
    }
    answer = browser.post("/programmes/gala/notices/new", data=data)
    ref = answer.headers["Location"].rpartition("/")[2]
    public = f"/public-notices/{ref}"
    assert client.get(public).status_code == 404
    preview = browser.get(f"/notices/{ref}").text
    assert ("Hill Choir" in preview, "Hill Band" in preview, PUPIL in preview) == (
        True,
        False,
        False,
    )
    hidden = dict(re.findall(r'name="(version|digest)"[^>]*value="([^"]+)"', preview))
    assert browser.post(f"/notices/{ref}/publish", data=hidden).status_code == 303
    page = client.get(public)
    assert page.status_code == 200
    assert "Open until Wed 26 May 2027 00:00 (UTC+8). Object to it" in page.page.text
    assert [a.get("href") for a in page.page.all("a", href="#objection")] == ["#objection"]
    answer = client.post(public, data=FORM)
    assert (answer.status_code, answer.headers["Location"]) == (303, public)
    objection = session.scalars(select(Objection)).one()
    assert objection.ref in client.get(public).text
    listed = browser.get(f"/notices/{ref}/objections?state=open").text
    assert ("Wu Min" in listed, objection.ref in listed) == (True, True)
    data = {"state": "dismissed", "answer": "We asked: he is.", "version": objection.version}
    assert browser.post(f"/objections/{objection.ref}/answer", data=data).status_code == 303
    assert objection.state is ObjectionState.DISMISSED
    page = browser.get(f"/objections/{objection.ref}").text
    assert "We asked: he is." in page
    assert "/programmes/gala/applications?state=all" in page


def test_the_public_page_names_no_pupil_and_no_other_adult(public, client):
    text = client.get(public).text
    assert "adviser of Hill Choir" in text
    for hidden in (PUPIL, "leader of", "conductor of", "Refused Band", "Late Band"):
        assert hidden not in text


def test_nothing_is_indexed(public, client):
    answer = client.get(public)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert client.get("/sitemap.xml").status_code == 404
    assert public not in client.get("/", follow_redirects=True).text


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_gone_at_its_end(session, public, client, method):
    clock.freeze(END)
    answer = getattr(client, method)(public, data=FORM if method == "post" else None)
    assert answer.status_code == 410
    assert "It was open until Tue 25 May 2027 00:00 (UTC+8) and has been taken down." in answer.text
    assert "Hill Choir" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert count(session) == 0


def test_it_is_gone_when_it_was_taken_down(session, gala, public, browser, client):
    data = {"reason": "Wrong list.", "version": gala.notice.version}
    assert browser.post(f"/notices/{gala.notice.ref}/take-down", data=data).status_code == 303
    answer = client.get(public)
    assert (answer.status_code, "Wrong list." in answer.text) == (410, False)
    assert "Wrong list." in browser.get(f"/notices/{gala.notice.ref}").text


def test_a_correction_is_shown_as_such(session, gala, public, client):
    gala.groups["Lake Choir"].group_name = "Great Lake Choir"
    session.flush()
    publish(gala, correction="A name was misspelt.")
    session.commit()
    text = client.get(public).text
    for shown in ("Version 2, corrected on", "A name was misspelt.", "changed in this version"):
        assert shown in text


def test_the_versions_are_for_coordinators_alone(gala, public, browser, client):
    path = f"/notices/{gala.notice.ref}/versions/1"
    assert "Hill Choir" in browser.get(path).text
    assert browser.get(f"/notices/{gala.notice.ref}/versions/2").status_code == 404
    assert client.get(path).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "1 2 3"}, "Please give your name in letters."),
        ({"name": "x" * 81}, "longer than 80"),
        ({"email": "wu"}, "This is not an e-mail address."),
        ({"email": ""}, "Please fill this in."),
        ({"email": "a@b.example\nbcc: c@d.example"}, "This is not an e-mail address."),
        ({"reason": "Bad."}, "Please write at least 10 characters."),
        ({"reason": "x" * 2001}, "longer than 2000"),
        ({"about": "x" * 161}, "longer than 160"),
        ({"phone": "1" * 41}, "longer than 40"),
    ],
)
def test_a_faulty_objection_is_explained_and_nothing_is_lost(session, public, client, wrong, said):
    data = FORM | {"about": "Hill Choir"} | wrong
    answer = client.post(public, data=data)
    assert (answer.status_code, said in answer.text) == (422, True)
    if "about" not in wrong:
        assert 'value="Hill Choir"' in answer.text
    assert count(session) == 0


def test_what_is_typed_is_shown_as_text(session, gala, public, client, browser):
    data = FORM | {"name": "<b>Wu</b>", "reason": "<script>alert(1)</script> and more words"}
    client.post(public, data=data)
    ref = session.scalars(select(Objection.ref)).one()
    text = browser.get(f"/objections/{ref}").text
    assert ("&lt;b&gt;Wu" in text, "<script>alert" in text) == (True, False)


def test_one_mailbox_objects_five_times_a_day(session, public, client):
    sent = [
        client.post(public, data=FORM | {"reason": f"Reason number {number} of many."}).status_code
        for number in range(7)
    ]
    assert sent == [303] * 5 + [429] * 2
    assert count(session) == 5


def test_faulty_forms_use_up_nothing(session, public, client):
    for _ in range(8):
        assert client.post(public, data=FORM | {"reason": "Bad."}).status_code == 422
    assert client.post(public, data=FORM).status_code == 303


def test_one_address_of_the_network_objects_twenty_times_an_hour(session, public, client):
    sent = [
        client.post(public, data=FORM | {"email": f"wu{number}@home.example"}).status_code
        for number in range(22)
    ]
    assert sent == [303] * 20 + [429] * 2


@pytest.fixture
def guarded_app(app_with):
    """The application as it runs, with its guard against forms of other sites."""
    return app_with(WTF_CSRF_ENABLED=True)


def test_a_form_of_another_site_is_refused(session, public, guarded_app):
    client = guarded_app.test_client()
    assert client.post(public, data=FORM).status_code == 400
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(public).text).group(1)
    assert client.post(public, data=FORM | {"csrf_token": token}).status_code == 303
    assert count(session) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text_en": ""}, "Please fill this in."),
        ({"days": 0}, "Please enter a whole number from 1 to 60."),
        ({"days_off": "2027-05-01\nMay Day"}, "This is no date: May"),
        ({"categories": []}, "Choose at least one category."),
        ({"day_kind": "moon"}, "Not a valid choice"),
    ],
)
def test_a_faulty_notice_is_explained(session, gala, browser, wrong, said):
    data = {
        "name_en": "Accepted groups",
        "text_en": "Text.",
        "categories": [gala.choirs.id],
        "days": 7,
        "day_kind": "calendar",
    }
    answer = browser.post("/programmes/gala/notices/new", data=data | wrong)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'value="Accepted groups"' in answer.text
    assert session.scalar(select(func.count(PublicNotice.id))) == 1


def test_a_correction_without_words_is_refused_beside_the_field(gala, public, browser):
    preview = browser.get(f"/notices/{gala.notice.ref}").text
    hidden = dict(re.findall(r'name="(version|digest)"[^>]*value="([^"]+)"', preview))
    answer = browser.post(f"/notices/{gala.notice.ref}/publish", data=hidden)
    assert (answer.status_code, "State what is corrected" in answer.text) == (422, True)
    words = hidden | {"correction": "A name was misspelt."}
    told = browser.post(f"/notices/{gala.notice.ref}/publish", data=words, follow_redirects=True)
    assert "The correction is public now." in told.text


def test_a_notice_that_is_over_has_no_form(session, gala, public, sign_in):
    clock.freeze(END)
    browser = sign_in(gala.coordinator)
    assert browser.get(f"/notices/{gala.notice.ref}/edit").status_code == 409
    page = browser.get(f"/notices/{gala.notice.ref}").text
    assert ("The notice is over" in page, "Publish" in page) == (True, False)


def test_long_lists_are_paged_and_searched(session, gala, client):
    for number in range(120):
        factories.application(
            gala.choirs, factories.school(name=f"School {number:03}."), state="accepted"
        )
    publish(gala)
    session.commit()
    path = f"/public-notices/{gala.notice.ref}"
    pages = [
        len(re.findall(r'<th scope="row"', client.get(f"{path}?page={n}").text)) for n in (1, 2)
    ]
    assert pages == [100, 23]
    found = client.get(f"{path}?q=school+077").text
    assert ("School 077." in found, "School 078." in found) == (True, False)


def test_objections_are_paged(session, gala, public, browser):
    for _ in range(60):
        factories.objection(gala.notice, received_at=NOW)
    session.commit()
    path = f"/notices/{gala.notice.ref}/objections"
    pages = [
        len(re.findall(r"/objections/O-", browser.get(f"{path}?page={n}").text)) for n in (1, 2)
    ]
    assert pages == [50, 10]
    assert "No objection" in browser.get(f"{path}?state=upheld").text


def test_a_neighbour_answers_nothing(session, gala, public, sign_in):
    stranger = sign_in(factories.coordinator(factories.programme()))
    objection = factories.objection(gala.notice)
    session.commit()
    data = {"state": "upheld", "answer": "Yes.", "version": 1}
    assert stranger.post(f"/objections/{objection.ref}/answer", data=data).status_code == 403
    assert stranger.get(f"/objections/{objection.ref}").status_code == 403
    assert objection.state is ObjectionState.OPEN


def test_the_form_says_beforehand_how_much_is_asked_of_a_reason(public, client):
    page = client.get(public).page
    assert "Facts that can be checked, in at least 10 characters." in page.text
