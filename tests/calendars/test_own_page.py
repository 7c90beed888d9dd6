"""One's own page behind a secret link: what it shows, in which language and time, and to whom."""

import datetime as dt
import io
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
from flask import render_template_string

from scheduler.calendars import links, services
from scheduler.calendars.addresses import shared_addresses
from scheduler.calendars.choices import Choice
from scheduler.calendars.entries import EntryText, Subject
from scheduler.calendars.own_calendars import change_calendar
from tests.calendars import octets
from tests.calendars.drafts import (
    NOW,
    OTHER_PUPIL,
    OTHER_VENUE,
    PLAN,
    PUPIL,
    VENUE,
    performance,
    pupil,
    venue,
)
from tests.support.pages import Page

LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def secret_key(app):
    return app.secret_key


@pytest.fixture
def link(session, secret_key, frozen):
    """A pupil's link to two performances; a third belongs to somebody else."""
    frozen(2027, 3, 1, 8)
    made = links.personal_links([pupil()], secret_key=secret_key, now=NOW)[PUPIL]
    afternoon = performance("performance:B", hour=14, texts={"en": EntryText("Closing concert")})
    theirs = performance(
        "performance:C",
        hour=11,
        texts={"en": EntryText("Performance: Lotus Choir")},
        audiences=frozenset({OTHER_PUPIL}),
    )
    services.publish(PLAN, [performance(), afternoon, theirs], now=NOW)
    session.commit()
    return made


@pytest.fixture
def path(link, secret_key):
    return links.personal_path(link, secret_key)


def texts(page, tag):
    return [" ".join("".join(element.itertext()).split()) for element in page.all(tag)]


def headings(page):
    return texts(page, "h3")


def test_it_shows_ones_own_entries_by_day_and_time(client, path):
    page = client.get(path).page

    assert page.h1 == "Spring Festival of Choirs"
    assert texts(page, "h2") == [
        "Sat 10 April 2027",
        "In your own calendar",
        "This page on your phone",
        "Language of page and calendar",
    ]
    assert headings(page) == ["Performance: Jasmine Choir", "Closing concert"]
    assert texts(page, "time") == ["09:00–09:25", "14:00–14:25"]
    assert "Shanghai, UTC+8" in page.text
    assert "Lotus" not in page.text
    assert "P-ADA" not in page.text


def test_it_speaks_the_language_of_the_link(client, session, secret_key, frozen):
    frozen(2027, 3, 1, 8)
    made = links.personal_links([pupil(locale="zh_Hans")], secret_key=secret_key, now=NOW)[PUPIL]
    services.publish(PLAN, [performance()], now=NOW)
    path = links.personal_path(made, secret_key)
    page = client.get(path, headers={"Accept-Language": "en"}).page

    assert page.h1 == "春季合唱节"
    assert page.one("html").get("lang") == "zh-Hans"
    assert headings(page) == ["演出:茉莉花合唱团"]
    assert texts(page, "h2")[0] == "2027年4月10日(周六)"


def test_a_reader_in_another_zone_sees_the_own_time_too(client, session, secret_key, frozen):
    frozen(2027, 3, 1, 8)
    abroad = Subject(PUPIL, {"en": "Festival"}, "Europe/London")
    made = links.personal_links([abroad], secret_key=secret_key, now=NOW)[PUPIL]
    services.publish(PLAN, [performance()], now=NOW)
    page = client.get(links.personal_path(made, secret_key)).page

    assert "02:00–02:25 London" in page.text


def test_it_marks_what_was_cancelled(client, session, path):
    services.publish(PLAN, [performance()], now=LATER)
    page = client.get(path).page

    assert headings(page) == ["Performance: Jasmine Choir", "Closing concert Cancelled"]
    assert texts(page, "s") == ["Closing concert"]


def test_it_says_when_there_is_nothing_yet(client, session, secret_key):
    made = links.personal_links([pupil()], secret_key=secret_key, now=NOW)[PUPIL]
    page = client.get(links.personal_path(made, secret_key)).page

    assert headings(page) == []
    assert "Nothing is planned yet" in page.text


def test_it_is_kept_out_of_caches_searches_and_referrers(client, path):
    headers = client.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_its_links_lead_to_the_own_feed(client, app, link, path, secret_key):
    page = client.get(path).page
    feed_path = links.feed_path(link.subscription, secret_key)
    host = urlsplit(app.config["PUBLIC_URL"]).netloc
    links_shown = [anchor.get("href") for anchor in page.all("a", class_="btn")]
    addresses = links_shown[links_shown.index(f"webcal://{host}{feed_path}") :]

    assert addresses[0] == f"webcal://{host}{feed_path}"
    assert parse_qs(urlsplit(addresses[1]).query) == {"cid": [addresses[0]]}
    assert parse_qs(urlsplit(addresses[2]).query) == {
        "url": [app.config["PUBLIC_URL"] + feed_path],
        "name": ["Spring Festival of Choirs"],
    }
    https = app.config["PUBLIC_URL"] + feed_path
    assert page.one("input", id="feed-address-1").get("value") == https
    assert client.get(feed_path).data == link.subscription.body


def test_every_address_is_short_enough_for_google(client, path):
    addresses = [anchor.get("href") for anchor in client.get(path).page.all("a", class_="btn")]

    assert [address for address in addresses if len(address) >= 256] == []


def drawn(address):
    picture = io.BytesIO()
    segno.make(address, error="m").save(
        picture, kind="svg", border=3, light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    return picture.getvalue()


def test_its_code_leads_to_itself(client, app, path):
    answer = client.get(client.get(path).page.one("img", alt="QR code of this page").get("src"))

    assert answer.mimetype == "image/svg+xml"
    assert answer.data == drawn(app.config["PUBLIC_URL"] + path)


def test_a_feeds_code_holds_its_webcal_address(client, app, link, secret_key):
    feed_path = links.feed_path(link.subscription, secret_key)
    answer = client.get(feed_path.removesuffix(".ics") + "/qr.svg")
    host = urlsplit(app.config["PUBLIC_URL"]).netloc

    assert answer.data == drawn(f"webcal://{host}{feed_path}")


@pytest.mark.parametrize("token", ["x", "a" * 32, "走台"])
@pytest.mark.parametrize("rest", ["", "/qr.svg"])
def test_an_unknown_link_opens_nothing(client, link, token, rest):
    assert client.get(f"/my/{token}{rest}").status_code == 404


def test_the_feeds_token_does_not_open_the_page(client, link, secret_key):
    token = links.feed_path(link.subscription, secret_key).removeprefix("/calendars/")

    assert client.get(f"/my/{token.removesuffix('.ics')}").status_code == 404


def test_a_revoked_link_ends_page_and_feed(client, session, link, path, secret_key):
    assert links.revoke_links([PUPIL, OTHER_PUPIL], now=LATER) == 1

    assert client.get(path).status_code == 404
    assert client.get(links.feed_path(link.subscription, secret_key)).status_code == 410


def test_another_language_is_chosen_for_page_and_feed(client, session, link, path):
    before = link.subscription.body
    answer = client.post(f"{path}/language", data={"locale": "zh_Hans"})
    page = client.get(path).page

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert page.h1 == "春季合唱节"
    session.refresh(link.subscription)
    after = link.subscription.body
    assert octets.complaints(after) == []
    assert list(octets.events(after)) == list(octets.events(before))
    assert "NAME:春季合唱节\r\n".encode() in after
    assert "SUMMARY:演出:茉莉花合唱团\r\n".encode() in after


def test_the_switch_of_the_frame_turns_the_page_but_not_the_feed(client, session, link, path):
    before = link.subscription.body
    client.post("/preferences/language", data={"locale": "zh_Hans", "next": path})

    assert client.get(path).page.one("html").get("lang") == "zh-Hans"
    session.refresh(link.subscription)
    assert (link.subscription.locale, link.subscription.body) == ("en", before)
    client.post(f"{path}/language", data={"locale": "zh_Hant_HK"})
    assert client.get(path).page.one("html").get("lang") == "zh-Hant-HK"


def test_release_note_and_changes_stand_on_the_page(client, session, link, path, frozen):
    services.announce(PLAN, number=1, notes="Bring water.", now=NOW)
    session.commit()
    first = client.get(path).page
    assert "Release 1 of Mon 1 March 2027 16:00 (UTC+8). Bring water." in first.text
    assert headings(first) == ["Performance: Jasmine Choir", "Closing concert"]

    afternoon = performance("performance:B", hour=14, texts={"en": EntryText("Closing concert")})
    added = performance("performance:D", hour=18, texts={"en": EntryText("Dinner")})
    services.publish(PLAN, [performance(hour=10), afternoon, added], now=LATER)
    services.announce(PLAN, number=2, notes="", now=LATER)
    session.commit()
    second = client.get(path).page
    assert "Bring water." not in second.text
    assert headings(second) == [
        "Performance: Jasmine Choir Changed",
        "Closing concert",
        "Dinner New",
    ]


@pytest.mark.parametrize("following", ["/", "/my/unknown", "/somewhere?back=/my/", ""])
def test_the_switch_used_elsewhere_leaves_the_link_alone(client, session, link, following):
    client.post("/preferences/language", data={"locale": "zh_Hans", "next": following})

    session.refresh(link.subscription)
    assert link.subscription.locale == "en"


@pytest.mark.parametrize("locale", ["", "de", "zh_Hans; DROP"])
def test_an_unknown_language_changes_nothing(client, session, link, path, locale):
    answer = client.post(f"{path}/language", data={"locale": locale})

    assert answer.status_code == 303
    session.refresh(link.subscription)
    assert link.subscription.locale == "en"


def test_the_language_of_an_unknown_link_cannot_be_chosen(client, link):
    assert client.post("/my/unknown/language", data={"locale": "zh_Hans"}).status_code == 404


# Links and shared feeds as services


def test_links_are_made_once_and_renamed(session, secret_key):
    first = links.personal_links([pupil()], secret_key=secret_key, now=NOW)[PUPIL]
    renamed = Subject(PUPIL, {"en": "Festival 2027"}, "Asia/Shanghai")
    second = links.personal_links([renamed], secret_key=secret_key, now=LATER)[PUPIL]

    assert second.id == first.id
    assert b"X-WR-CALNAME:Festival 2027\r\n" in second.subscription.body
    assert second.subscription.modified_at == LATER


def test_shared_feeds_exist_once_per_language(session, secret_key):
    first = links.shared_feeds([venue()], secret_key=secret_key, now=NOW)
    second = links.shared_feeds([venue(), venue(OTHER_VENUE)], secret_key=secret_key, now=LATER)

    assert [feed.locale for feed in first] == ["en", "zh_Hans", "zh_Hant_HK"]
    assert [(feed.audience, feed.locale) for feed in second] == [
        (audience, locale)
        for audience in (VENUE, OTHER_VENUE)
        for locale in ("en", "zh_Hans", "zh_Hant_HK")
    ]
    assert [feed.id for feed in second[:3]] == [feed.id for feed in first]
    assert links.shared_feed(VENUE, "zh_Hans").id == first[1].id
    assert links.shared_feed(VENUE, "pt") is None


def box(app, addresses):
    """The box as a page of another room shows it."""
    template = (
        '{% from "calendars/subscribe_box.html" import subscribe_box with context %}'
        "{{ subscribe_box(addresses) }}"
    )
    with app.test_request_context():
        return render_template_string(template, addresses=addresses)


def test_pages_of_other_rooms_show_a_shared_feed(client, app, session, secret_key):
    links.shared_feeds([venue()], secret_key=secret_key, now=NOW)
    addresses = shared_addresses(VENUE, "zh_Hans")
    page = Page(box(app, addresses), is_fragment=True)
    feed_path = urlsplit(addresses.https).path

    assert addresses.name == "星海音乐厅"
    assert client.get(feed_path).data == links.shared_feed(VENUE, "zh_Hans").body
    assert page.one("img", alt="QR code").get("src") == feed_path.removesuffix(".ics") + "/qr.svg"
    assert page.problems() == []


def test_a_page_without_a_feed_shows_no_box(app, session):
    assert box(app, shared_addresses(OTHER_VENUE, "en")).strip() == ""


def test_a_feed_is_written_only_in_languages_we_speak(session, link):
    with pytest.raises(ValueError):
        change_calendar(link.subscription, "", "de", Choice(), now=NOW)


def test_a_personal_link_is_found_by_its_person(session, link):
    assert links.personal_link(PUPIL).id == link.id
    assert links.personal_link(OTHER_PUPIL) is None
