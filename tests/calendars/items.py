"""Items for the tests: named examples, and any item at all for Hypothesis."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from scheduler.calendars.ical import FeedHead, Item, Status

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEAD = FeedHead("海珠区小学合唱团 timetable", "From Ambassador Scheduler", "Asia/Shanghai")
PERFORMANCE = Item(
    uid="6f6a1f0e-5d9e-4a53-9a55-0c6b8b3f5a01",
    sequence=3,
    modified_at=dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.UTC),
    starts=dt.datetime(2027, 4, 10, 9, 0, tzinfo=SHANGHAI),
    ends=dt.datetime(2027, 4, 10, 9, 25, tzinfo=SHANGHAI),
    summary="Performance: 流花小学合唱团, “Jasmine; Moon”",
    location="Main hall\nCity Theatre, 星海音乐厅",
    description=(
        "Sat 10 April 2027, 09:00–09:25 (Shanghai time, UTC+8)\nWarm-up at 08:30 in Room 2\\3"
    ),
    geo=(23.113042, 113.319031),
    url="https://scheduler.example.org/programmes/festival",
    categories=("Performance", "Choir, primary"),
)

_zones = st.sampled_from(
    ["Asia/Shanghai", "Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu"]
).map(ZoneInfo)
texts = st.text(st.characters(codec="utf-8"), max_size=200) | st.text(
    '\\nN;,^:" 走台\r\n\u2028\U0001f3b5', max_size=200
)
# No backslashes: icalendar 7.3 undoes the escapes of CATEGORIES twice when it reads.
_words = texts.map(lambda text: text.replace("\\", ""))
_instants = st.integers(1_704_067_200, 1_988_064_000).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)
)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Any item: any script and any awkward character, instants in any zone, or whole days."""
    starts = draw(_instants)
    if draw(st.booleans()):
        first: dt.date = starts.astimezone(draw(_zones))
        last = starts + dt.timedelta(seconds=draw(st.integers(1, 400_000)))
    else:
        first = starts.date()
        last = first + dt.timedelta(days=draw(st.integers(1, 20)))
    return Item(
        uid=str(draw(st.uuids())),
        sequence=draw(st.integers(0, 2**31 - 1)),
        modified_at=draw(_instants),
        starts=first,
        ends=last,
        summary=draw(texts),
        location=draw(texts),
        description=draw(texts),
        status=draw(st.sampled_from(Status)),
        is_busy=draw(st.booleans()),
        geo=draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
        url="https://scheduler.example.org/entries/" + draw(st.text("abc-01", max_size=80)),
        categories=tuple(draw(st.lists(_words, max_size=3))),
    )


feeds = st.lists(items(), max_size=4, unique_by=lambda item: item.uid)
