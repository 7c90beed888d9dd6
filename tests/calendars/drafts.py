"""What a source might publish: a small festival's entries, and changes of them."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from scheduler.calendars.entries import Audience, EntryDraft, EntryText, Scope, Subject

PLAN = Scope("plan", "festival")
SHANGHAI = ZoneInfo("Asia/Shanghai")
PUPIL = Audience("person", "P-ADA")
OTHER_PUPIL = Audience("person", "P-BEN")
VENUE = Audience("venue", "V1")
OTHER_VENUE = Audience("venue", "V2")
NOW = dt.datetime(2027, 3, 1, 8, 0, tzinfo=dt.UTC)


def performance(key="performance:A", hour=9, minute=0, **changes):
    """A performance of 25 minutes on 10 April in venue V1, in which both pupils sing."""
    starts_at = dt.datetime(2027, 4, 10, hour, minute, tzinfo=SHANGHAI)
    draft = EntryDraft(
        key=key,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=25),
        zone="Asia/Shanghai",
        texts={
            "en": EntryText(
                "Performance: Jasmine Choir",
                "Main hall, City Theatre, 1 Qingbo Road, Guangzhou",
                ("Warm-up in Room 2",),
                "Performance",
            ),
            "zh_Hans": EntryText(
                "演出:茉莉花合唱团",
                "大厅, 星海音乐厅, 晴波路1号, 广州",
                ("2号热身室",),
                "演出",
            ),
        },
        audiences=frozenset({PUPIL, OTHER_PUPIL, VENUE}),
        url="https://scheduler.example.org/programmes/festival",
        geo=(23.113042, 113.319031),
    )
    return dataclasses.replace(draft, **changes)


def pupil(audience=PUPIL, locale="en"):
    """The subject of a personal link."""
    names = {"en": "Spring Festival of Choirs", "zh_Hans": "春季合唱节"}
    return Subject(audience, names, "Asia/Shanghai", locale)


def venue(audience=VENUE):
    """The subject of shared feeds."""
    return Subject(audience, {"en": "City Theatre", "zh_Hans": "星海音乐厅"}, "Asia/Shanghai")
