"""The tour and the tournament: what each entry says, against instants that were reckoned by hand.

The festival's feeds are compared in tests/demo. A tour flies over eight hours of difference and
stays for the night on which British clocks go forward; a tournament's courts are full all day.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.calendars import links, services
from scheduler.calendars.entries import (
    Audience,
    EntryDraft,
    EntryKind,
    EntryText,
    Scope,
    Subject,
)
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from tests.calendars import octets
from tests.calendars.drafts import NOW
from tests.calendars.icaljs import needs_icaljs
from tests.calendars.readers import check_readers, stored_times

KEY = "a secret of the tests"
EVERYBODY = Audience("person", "P-ADA")
CHINA, BRITAIN = "Asia/Shanghai", "Europe/London"

# What, in which zone, local times as they are said to families, and the same in UTC.
TOUR = [
    ("Flight to London", CHINA, "2027-03-20 13:30", "2027-03-21 03:15", "0320T0530", "0320T1915"),
    ("Coach to Bristol", BRITAIN, "2027-03-20 20:30", "2027-03-20 23:00", "0320T2030", "0320T2300"),
    ("Joint rehearsal", BRITAIN, "2027-03-23 14:00", "2027-03-23 16:00", "0323T1400", "0323T1600"),
    ("Hand-over", BRITAIN, "2027-03-24 18:00", "2027-03-24 18:30", "0324T1800", "0324T1830"),
    ("Hand-back", BRITAIN, "2027-03-27 09:00", "2027-03-27 09:30", "0327T0900", "0327T0930"),
    ("Hotel", BRITAIN, "2027-03-27 22:00", "2027-03-28 08:00", "0327T2200", "0328T0700"),
    ("Museum", BRITAIN, "2027-03-28 10:00", "2027-03-28 13:00", "0328T0900", "0328T1200"),
    ("Flight home", BRITAIN, "2027-03-28 21:40", "2027-03-29 09:50", "0328T2040", "0329T0850"),
]
COURTS = 10
ROUNDS = 9
FIRST_DAY = dt.datetime(2027, 8, 20, 8, 30, tzinfo=ZoneInfo(CHINA))
"""00:30 in UTC, on each of three days; a match has 75 minutes."""


def draft(key, starts_at, ends_at, zone, **changes):
    texts = {"en": EntryText(key), "zh_Hans": EntryText(f"{key} 行程")}
    return EntryDraft(key, starts_at, ends_at, zone, texts, frozenset({EVERYBODY}), **changes)


def local(said, zone):
    return dt.datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone))


def tour():
    """The tour's entries, with a day that families have to themselves."""
    for name, zone, starts, ends, _, _ in TOUR:
        times = (
            dt.datetime.fromisoformat(each).replace(tzinfo=ZoneInfo(zone))
            for each in (starts, ends)
        )
        yield draft(name, *times, zone, kind=EntryKind.VISIT)
    friday = dt.datetime(2027, 3, 26, tzinfo=ZoneInfo(BRITAIN))
    yield draft("Good Friday", friday, friday + dt.timedelta(days=1), BRITAIN, is_all_day=True)


def tournament():
    for day in range(3):
        for number in range(ROUNDS):
            for court in range(1, COURTS + 1):
                starts = FIRST_DAY + dt.timedelta(days=day, minutes=75 * number)
                name = f"Day {day + 1} round {number + 1} court {court}"
                yield draft(name, starts, starts + dt.timedelta(minutes=75), CHINA)


def feed_of(drafts, zone):
    """Somebody's feed and the entries in it, by what they are called."""
    subject = Subject(EVERYBODY, {"en": "Timetable"}, zone)
    link = links.personal_links([subject], secret_key=KEY, now=NOW)[EVERYBODY]
    services.publish(Scope("plan", zone), drafts, now=NOW)
    return link.subscription.body, list(db.session.scalars(select(CalendarEntry)))


def times_of(block):
    return octets.values(block, b"DTSTART")[0], octets.values(block, b"DTEND")[0]


def told(body):
    return {
        octets.values(block, b"SUMMARY")[0].decode(): times_of(block)
        for block in octets.events(body).values()
    }


def stamp(short):
    return f"2027{short}00Z".encode()


@needs_icaljs
def test_a_tour_over_two_zones_and_a_change_of_clocks(session):
    body, entries = feed_of(tour(), BRITAIN)

    assert told(body) == {
        **{name: (stamp(starts), stamp(ends)) for name, _, _, _, starts, ends in TOUR},
        "Good Friday": (b"20270326", b"20270327"),
    }
    assert check_readers([body], {each.uid: stored_times(each) for each in entries}) == 9


@needs_icaljs
def test_a_tournament_on_ten_courts(session):
    body, entries = feed_of(tournament(), CHINA)
    first, last = told(body)["Day 1 round 1 court 1"], told(body)["Day 3 round 9 court 10"]

    assert first == (stamp("0820T0030"), stamp("0820T0145"))
    assert last == (stamp("0822T1030"), stamp("0822T1145"))
    assert octets.complaints(body) == []
    assert check_readers([body], {each.uid: stored_times(each) for each in entries}) == 270
