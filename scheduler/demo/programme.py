"""The demo's programme: categories with places, venues with hours, ways, attendance windows."""

import datetime as dt
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.demo.festival import Festival
from scheduler.demo.writing import add_all
from scheduler.organisations.models import Region
from scheduler.programmes.kinds import DEFAULTS
from scheduler.programmes.models import (
    AttendanceWindow,
    Category,
    CategoryKind,
    Programme,
    Venue,
    VenueClosure,
    VenueHours,
    VenueTravel,
)

CODE = "festival-2027"
NAMES = {
    "en": "Little Ambassadors Choral and Western Instrument Festival 2027",
    "zh_Hans": "2027小小使者合唱与西洋器乐展演",
    "zh_Hant_HK": "2027小小使者合唱及西洋樂器展演",
}
OPENED_BEFORE = dt.timedelta(days=30)
CLOSES_AFTER = dt.timedelta(days=60)

# Local opening hours of every stage: day of the festival, from, until.
HOURS = (
    (1, dt.time(8, 30), dt.time(12, 30)),
    (1, dt.time(13, 30), dt.time(18, 0)),
    (1, dt.time(18, 30), dt.time(20, 30)),
    (2, dt.time(8, 30), dt.time(12, 0)),
)
TRAVEL_MINUTES = (20, 25, 35, 30, 40, 25)
LATIN_VENUES = {
    "V1": "Huangpu Bay Grand Theatre",
    "V2": "Science City Concert Hall",
    "V3": "Zhu'an School Auditorium",
    "V4": "Riverside Youth Palace Studio Theatre",
}
PRIMARY_BORN = (dt.date(2015, 1, 1), dt.date(2018, 12, 31))
JUNIOR_BORN = (dt.date(2011, 1, 1), dt.date(2014, 12, 31))
MIXED_BORN = (dt.date(2009, 1, 1), dt.date(2014, 12, 31))
ANY_AGE = (None, None)

# code, kind, places, smallest, largest, minutes, changeover, born, en, zh_Hans, zh_Hant_HK.
# Sizes and minutes are the event's own (domain.md section 12.1, oddities).
CATEGORIES: tuple[tuple[Any, ...], ...] = (
    ("CHOIR_TREBLE_P", "choir", 12, 30, 40, 8, 4, PRIMARY_BORN,
     "Primary treble choir", "小学童声合唱", "小學童聲合唱"),
    ("CHOIR_TREBLE_J", "choir", 8, 30, 40, 8, 4, JUNIOR_BORN,
     "Junior treble choir", "初中童声合唱", "初中童聲合唱"),
    ("CHOIR_MIXED_JH", "choir", 6, 30, 40, 8, 4, MIXED_BORN,
     "Mixed choir", "中学混声合唱", "中學混聲合唱"),
    ("CHOIR_SMALL", "small_choir", 3, 8, 15, 5, 3, PRIMARY_BORN,
     "Primary small choir", "小学小合唱", "小學小合唱"),
    ("WIND_BAND", "wind", 4, 35, 53, 9, 11, ANY_AGE,
     "Wind band", "管乐团", "管樂團"),
    ("SYMPHONY", "orchestra", 3, 40, 65, 9, 13, ANY_AGE,
     "Symphony orchestra", "交响乐团", "交響樂團"),
    ("STRING_ORCH", "strings", 5, 20, 40, 8, 8, ANY_AGE,
     "String orchestra", "弦乐团", "弦樂團"),
    ("CHAMBER", "chamber", 8, 3, 10, 6, 4, ANY_AGE,
     "Chamber ensemble", "重奏", "重奏"),
)  # fmt: skip
WITH_CONDUCTOR = {"choir", "wind", "orchestra", "strings"}
WITH_ACCOMPANIST = {"choir"}


def add_programme(festival: Festival, series_id: int, *, now: dt.datetime) -> int:
    """Add the programme; entry opened a month before `now` and stays open for two more."""
    zone = ZoneInfo(festival.zone)
    row = {
        "code": CODE,
        "names": NAMES,
        "series_id": series_id,
        "timezone": festival.zone,
        "starts_on": festival.dates[0],
        "ends_on": festival.dates[-1],
        "entry_opens_at": at_local_hour(now - OPENED_BEFORE, 9, zone),
        "entry_closes_at": at_local_hour(now + CLOSES_AFTER, 18, zone),
        "roster_revision": 1,
        "is_demo": True,
        "created_at": at_local_hour(now - OPENED_BEFORE, 8, zone),
    }
    return add_all(Programme, [row])[0]


def at_local_hour(instant: dt.datetime, hour: int, zone: ZoneInfo) -> dt.datetime:
    """Return the instant of an hour on the local day that an instant falls on."""
    return dt.datetime.combine(instant.astimezone(zone), dt.time(hour), zone).astimezone(dt.UTC)


def add_categories(programme_id: int) -> dict[str, int]:
    """Add the categories; return their ids by code."""
    rows = [_category(programme_id, number, *spec) for number, spec in enumerate(CATEGORIES)]
    return dict(zip((row["code"] for row in rows), add_all(Category, rows), strict=True))


def _category(
    programme_id: int, number: int, code: str, kind: str, places: int, smallest: int, largest: int,
    minutes: int, changeover: int, born: tuple[dt.date | None, dt.date | None], *names: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "programme_id": programme_id,
        "code": code,
        "names": dict(zip(("en", "zh_Hans", "zh_Hant_HK"), names, strict=True)),
        "kind": CategoryKind(kind),
        "position": number + 1,
        "places": places,
        "min_members": smallest,
        "max_members": largest,
        "max_minutes": minutes,
        "changeover_minutes": changeover,
        "born_from": born[0],
        "born_to": born[1],
        "is_primary": born == PRIMARY_BORN,
        "is_joint": DEFAULTS[CategoryKind(kind)].is_joint,
        "needs_conductor": kind in WITH_CONDUCTOR,
        "needs_accompanist": kind in WITH_ACCOMPANIST,
    }


def add_venues(festival: Festival, programme_id: int) -> None:
    """Add the venues with their hours and closures, and the minutes between them."""
    zone = ZoneInfo(festival.zone)
    ids = add_all(
        Venue,
        [
            {
                "programme_id": programme_id,
                "code": venue.key,
                "name": venue.name,
                "name_latin": LATIN_VENUES[venue.key],
                "address": "广州市黄埔区",
                "seats": venue.seats,
                "stage_capacity": venue.stage_max,
                "warmup_rooms": venue.warmups,
            }
            for venue in festival.venues
        ],
    )
    hours = [
        {
            "venue_id": venue_id,
            "opens_at": dt.datetime.combine(festival.dates[day], opens, zone),
            "closes_at": dt.datetime.combine(festival.dates[day], closes, zone),
        }
        for venue_id in ids
        for day, opens, closes in HOURS
    ]
    add_all(VenueHours, hours)
    closures = [
        {
            "venue_id": venue_id,
            "starts_at": start.replace(tzinfo=zone),
            "ends_at": end.replace(tzinfo=zone),
            "reason": "设备检修 Stage machinery inspection",
        }
        for venue_id, venue in zip(ids, festival.venues, strict=True)
        for start, end in venue.closed
    ]
    add_all(VenueClosure, closures)
    ways = zip(combinations(ids, 2), TRAVEL_MINUTES, strict=True)
    add_all(
        VenueTravel,
        [{"from_venue_id": a, "to_venue_id": b, "minutes": minutes} for (a, b), minutes in ways],
    )


def add_attendance_windows(festival: Festival, programme_id: int) -> None:
    """Hong Kong and Macao cross the border both ways; overseas groups land on Friday morning."""
    zone = ZoneInfo(festival.zone)
    friday, sunday = festival.dates[0], festival.dates[-1]
    border = (
        dt.datetime.combine(friday, dt.time(10, 30), zone),
        dt.datetime.combine(sunday, dt.time(17), zone),
    )
    overseas = (dt.datetime.combine(friday, dt.time(12), zone), None)
    windows = {Region.HONG_KONG: border, Region.MACAO: border, Region.OVERSEAS: overseas}
    add_all(
        AttendanceWindow,
        [
            {
                "programme_id": programme_id,
                "region": region,
                "earliest_at": earliest,
                "latest_at": latest,
            }
            for region, (earliest, latest) in windows.items()
        ],
    )
