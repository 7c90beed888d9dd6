"""An owner's calendars on the page: more of them, changed, ended, and never another's."""

import pytest

from scheduler.calendars import links, own_calendars, services
from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import EntryKind
from scheduler.calendars.own_calendar_pages import ref_of
from tests.calendars.drafts import NOW, OTHER_PUPIL, PLAN, PUPIL, performance, pupil
from tests.support.pages import text_of


@pytest.fixture
def secret_key(app):
    return app.secret_key


@pytest.fixture
def link(session, secret_key, frozen):
    frozen(2027, 3, 1, 8)
    found = links.personal_links([pupil(), pupil(OTHER_PUPIL)], secret_key=secret_key, now=NOW)
    services.publish(
        PLAN, [performance(), performance("r", hour=8, kind=EntryKind.REHEARSAL)], now=NOW
    )
    session.commit()
    return found[PUPIL]


@pytest.fixture
def path(link, secret_key):
    return links.personal_path(link, secret_key)


def filled(**changes):
    wanted = {"label": "Mum's phone", "locale": "zh_Hans", "kinds": ["rehearsal"]}
    return {**wanted, "alarm_minutes": "60", **changes}


def test_one_more_calendar_is_made_as_it_was_chosen(client, link, path):
    answer = client.post(f"{path}/calendars/new", data=filled())
    assert answer.location.endswith(path)
    first, made = own_calendars.calendars_of(PUPIL)
    assert (first.label, made.label, made.locale) == ("", "Mum's phone", "zh_Hans")
    assert made.choice == Choice(frozenset({EntryKind.REHEARSAL}), 60, has_cancelled=False)
    assert made.body.count(b"BEGIN:VEVENT") == 1
    page = client.get(path).page
    assert "Mum's phone" in [text_of(each) for each in page.all("summary")]


def test_all_kinds_means_those_to_come_as_well(client, link, path):
    kinds = [str(kind) for kind in EntryKind]
    client.post(f"{path}/calendars/new", data=filled(kinds=kinds, has_cancelled="y"))
    assert own_calendars.calendars_of(PUPIL)[1].choice == Choice(alarm_minutes=60)


def test_what_is_missing_is_said_beside_its_field(client, link, path):
    answer = client.post(f"{path}/calendars/new", data=filled(label="", kinds=[]))
    assert answer.status_code == 422
    said = [text_of(each).strip() for each in answer.page.all("p", class_="field-error")]
    assert said == ["Please fill this in.", "Please choose at least one."]
    assert len(own_calendars.calendars_of(PUPIL)) == 1


def test_a_calendar_is_changed_and_keeps_its_address(client, link, path):
    ref, digest = ref_of(link.subscription), link.subscription.token_digest
    shown = client.get(f"{path}/calendars/{ref}").page
    assert shown.one("select", id="alarm_minutes") is not None
    client.post(f"{path}/calendars/{ref}", data=filled(locale="en", kinds=["performance"]))
    changed = own_calendars.calendars_of(PUPIL)[0]
    assert (changed.token_digest, changed.label, changed.revision) == (digest, "Mum's phone", 1)
    assert b"SEQUENCE:1\r\n" in changed.body


def test_an_ended_calendar_is_gone_and_the_page_stays(client, link, path, secret_key):
    feed = links.feed_path(link.subscription, secret_key)
    client.post(f"{path}/calendars/new", data=filled())
    client.post(f"{path}/calendars/{ref_of(link.subscription)}/end")
    assert client.get(feed).status_code == 410
    page = client.get(path)
    assert page.status_code == 200
    assert "Mum's phone" in page.page.text


def test_an_ended_calendar_stays_empty_whatever_is_chosen_later(client, link, path):
    client.post(f"{path}/calendars/{ref_of(link.subscription)}/end")
    client.post(f"{path}/language", data={"locale": "zh_Hans"})
    assert (link.subscription.body, link.subscription.body_gzip) == (b"", b"")


def test_nobody_touches_anothers_calendar(client, link, path):
    other = own_calendars.calendars_of(OTHER_PUPIL)[0]
    other.label = "Secret of Ben"
    for method, place in (("get", ""), ("post", ""), ("post", "/end")):
        answer = getattr(client, method)(f"{path}/calendars/{ref_of(other)}{place}")
        assert answer.status_code in {400, 404}
        assert "Secret of Ben" not in answer.text
    assert other.revoked_at is None
