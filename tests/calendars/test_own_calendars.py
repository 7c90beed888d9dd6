"""What an owner chose for one calendar: what it holds, how it is marked, who is followed in it."""

import dataclasses
import datetime as dt

import pytest

from scheduler.calendars import links, own_calendars, services
from scheduler.calendars.choices import Choice, Naming, initial
from scheduler.calendars.entries import Audience, EntryKind, Subject
from scheduler.calendars.ical import Item, render_item
from scheduler.calendars.own_octets import Own, own_octets
from tests.calendars import octets
from tests.calendars.drafts import NOW, OTHER_PUPIL, PLAN, PUPIL, VENUE, performance, pupil

LATER = NOW + dt.timedelta(days=1)
KEY = "a secret of the tests"
EVERYTHING = Choice()
MOTHER = Audience("guardian", "G-MUM")


def rehearsal():
    return performance("rehearsal:A", hour=8, kind=EntryKind.REHEARSAL)


def published(now=NOW, *drafts):
    services.publish(PLAN, drafts or (performance(), rehearsal()), now=now)


def calendar(choice=EVERYTHING, subject=None, label="Mum's phone"):
    return own_calendars.add_calendar(subject or pupil(), label, choice, secret_key=KEY, now=NOW)


def mother():
    return Subject(MOTHER, {"en": "Both children"}, "Asia/Shanghai")


def lines(subscription, name):
    unfolded = subscription.body.decode().replace("\r\n ", "")
    return [line for line in unfolded.split("\r\n") if line.startswith(f"{name}:")]


def test_two_calendars_of_one_person_differ(session):
    everything = calendar()
    some = calendar(Choice(kinds=frozenset({EntryKind.REHEARSAL}), alarm_minutes=60))
    published()
    assert everything.body.count(b"BEGIN:VEVENT") == 2
    assert some.body.count(b"BEGIN:VEVENT") == 1
    assert lines(some, "TRIGGER") == ["TRIGGER:-PT60M"]
    assert b"VALARM" not in everything.body
    assert set(lines(some, "UID")) < set(lines(everything, "UID"))
    assert octets.complaints(some.body) == []


def test_what_is_cancelled_stays_away_where_that_was_chosen(session):
    shown, hidden = calendar(), calendar(Choice(has_cancelled=False))
    published()
    published(LATER, rehearsal())
    assert sorted(lines(shown, "STATUS")) == ["STATUS:CANCELLED", "STATUS:CONFIRMED"]
    assert lines(hidden, "STATUS") == ["STATUS:CONFIRMED"]


def test_an_alarm_does_not_ring_for_what_is_cancelled(session):
    ringing = calendar(Choice(alarm_minutes=15))
    published()
    published(LATER, rehearsal())
    assert lines(ringing, "TRIGGER") == ["TRIGGER:-PT15M"]


def test_a_changed_choice_raises_the_marks_of_this_calendar_alone(session):
    mine, other = calendar(), calendar()
    published()
    before = other.body
    own_calendars.change_calendar(mine, "Mum", "en", Choice(alarm_minutes=30), now=LATER)
    assert (mine.label, set(lines(mine, "SEQUENCE"))) == ("Mum", {"SEQUENCE:1"})
    assert set(lines(mine, "LAST-MODIFIED")) == {f"LAST-MODIFIED:{LATER:%Y%m%dT%H%M%SZ}"}
    assert lines(mine, "DTSTAMP") == [
        line.replace("LAST-MODIFIED", "DTSTAMP") for line in lines(mine, "LAST-MODIFIED")
    ]
    assert other.body == before
    published(LATER + dt.timedelta(hours=1), performance(hour=15), rehearsal())
    assert sorted(lines(mine, "SEQUENCE")) == ["SEQUENCE:1", "SEQUENCE:2"]


def test_another_name_alone_changes_no_octet(session):
    mine = calendar()
    published()
    etag = mine.etag
    own_calendars.change_calendar(mine, "Dad's Outlook", "en", Choice(), now=LATER)
    assert (mine.label, mine.etag) == ("Dad's Outlook", etag)


def test_an_ended_calendar_leaves_the_others_alone(session):
    mine, other = calendar(), calendar()
    published()
    own_calendars.end_calendar(mine, now=LATER)
    assert (mine.body, mine.revoked_at) == (b"", LATER)
    assert own_calendars.calendars_of(PUPIL) == [other]
    assert other.body.count(b"BEGIN:VEVENT") == 2


def test_there_is_an_end_to_calendars(session):
    for _ in range(own_calendars.MOST_CALENDARS):
        calendar()
    with pytest.raises(own_calendars.TooManyError):
        calendar()
    assert len(own_calendars.calendars_of(PUPIL)) == own_calendars.MOST_CALENDARS


def test_a_replaced_link_ends_all_calendars_of_its_person(session):
    link = links.personal_links([pupil()], secret_key=KEY, now=NOW)[PUPIL]
    named = calendar()
    of_another = calendar(subject=pupil(OTHER_PUPIL))
    links.revoke_links([PUPIL], now=LATER)
    assert (link.subscription.revoked_at, named.revoked_at) == (LATER, LATER)
    assert of_another.revoked_at is None


def test_a_guardian_finds_all_children_in_one_calendar(session):
    both = calendar(Choice(naming=Naming.NAMES), mother())
    own_calendars.follow(MOTHER, {PUPIL: "Ada", OTHER_PUPIL: "Ben"}, now=NOW)
    alone = performance("performance:B", hour=14, audiences=frozenset({OTHER_PUPIL, VENUE}))
    published(NOW, performance(), alone)
    assert lines(both, "SUMMARY") == [
        "SUMMARY:Ada\\, Ben: Performance: Jasmine Choir",
        "SUMMARY:Ben: Performance: Jasmine Choir",
    ]
    assert octets.complaints(both.body) == []


def test_names_are_cut_to_their_first_letter_unless_chosen_otherwise(session):
    own_calendars.follow(MOTHER, {PUPIL: "Ada", OTHER_PUPIL: "Ben"}, now=NOW)
    short, none = calendar(Choice(), mother()), calendar(Choice(naming=Naming.NONE), mother())
    published(NOW, performance())
    assert lines(short, "SUMMARY") == ["SUMMARY:A.\\, B.: Performance: Jasmine Choir"]
    assert lines(none, "SUMMARY") == ["SUMMARY:Performance: Jasmine Choir"]
    assert b"Ada" not in short.body + none.body


def test_who_is_followed_no_more_is_gone_at_once(session):
    both = calendar(Choice(naming=Naming.NAMES), mother())
    own_calendars.follow(MOTHER, {PUPIL: "Ada", OTHER_PUPIL: "Ben"}, now=NOW)
    published(NOW, performance(audiences=frozenset({OTHER_PUPIL})), rehearsal())
    assert both.body.count(b"BEGIN:VEVENT") == 2
    assert own_calendars.stop_following([OTHER_PUPIL], now=LATER) == 1
    assert lines(both, "SUMMARY") == ["SUMMARY:Ada: Performance: Jasmine Choir"]
    assert lines(both, "SEQUENCE") == ["SEQUENCE:2"]
    assert not own_calendars.follow(MOTHER, {PUPIL: "Ada"}, now=LATER)


def test_initials():
    assert [initial(name) for name in ("Ada", "文", " 大文", "", "Élodie")] == [
        "A.",
        "文",
        "大",
        "",
        "É.",
    ]


@pytest.mark.parametrize("title", ["Jasmine Choir", "茉莉花合唱团,第二组;" * 9, "a\\b" * 40])
def test_an_owners_octets_equal_a_rendering(title):
    item = Item(
        uid="c3f0",
        sequence=3,
        modified_at=NOW,
        starts=NOW,
        ends=LATER,
        summary=title,
        description="One\nTwo",
        color="royalblue",
    )
    own = Own(word="Ada, 文", alarm_minutes=120, revision=2, since=LATER)
    wished = dataclasses.replace(
        item, sequence=5, modified_at=LATER, summary=f"Ada, 文: {title}", alarm_minutes=120
    )
    assert own_octets(render_item(item), own) == render_item(wished)
    assert own_octets(render_item(item), Own()) == render_item(item)


def test_marks_never_fall_behind_the_entrys_own():
    item = Item("c3f0", 3, LATER, NOW, LATER, "Choir")
    own = Own(revision=1, since=NOW)
    assert own_octets(render_item(item), own) == render_item(dataclasses.replace(item, sequence=4))
