"""Any history of releases keeps the promises that calendar programs rely on."""

import datetime as dt
import itertools
import uuid

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.calendars import links, services
from scheduler.calendars.entries import Audience, EntryText, Scope
from tests.calendars import octets
from tests.calendars.drafts import NOW, performance, pupil

KEY = "a secret of the tests"
KEYS = ("performance:A", "performance:B", "rehearsal:A")

# What a source may say of one thing in one release; None: it does not say it.
_saying = st.none() | st.fixed_dictionaries(
    {
        "hour": st.integers(9, 11),
        "hall": st.sampled_from(["Main hall", "Small hall", "大厅"]),
        "is_tentative": st.booleans(),
        "is_for_us": st.booleans(),
    }
)
releases = st.lists(st.fixed_dictionaries(dict.fromkeys(KEYS, _saying)), min_size=2, max_size=6)


def drafts(release, person):
    return [
        performance(
            key,
            hour=said["hour"],
            texts={"en": EntryText(key, said["hall"]), "zh_Hans": EntryText("演出", said["hall"])},
            is_tentative=said["is_tentative"],
            audiences=frozenset({person if said["is_for_us"] else Audience("person", "else")}),
        )
        for key, said in release.items()
        if said is not None
    ]


def versions(history):
    """Publish a history; return what stood in our feed after each release."""
    person = Audience("person", uuid.uuid4().hex)
    scope = Scope("plan", person.key)
    feed = links.personal_links([pupil(person)], secret_key=KEY, now=NOW)[person].subscription
    for number, release in enumerate(history):
        now = NOW + dt.timedelta(hours=number)
        services.publish(scope, drafts(release, person), now=now)
        yield feed.body, feed.etag, feed.modified_at


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=releases)
def test_every_history_keeps_the_promises(session, history):
    for before, after in itertools.pairwise(versions(history)):
        assert octets.complaints(after[0]) == []
        assert octets.outside_events(after[0]) == octets.outside_events(before[0]) or is_empty(
            before[0], after[0]
        )
        assert (before[0] == after[0]) == (before[1] == after[1]) == (before[2] == after[2])
        assert broken_promises(octets.events(before[0]), octets.events(after[0])) == []


def is_empty(*feeds):
    """An empty feed carries a time zone, so its rest differs from that of a full one."""
    return any(octets.events(feed) == {} for feed in feeds)


def broken_promises(before, after):
    """What went wrong with the entries that are in both versions."""
    broken = []
    for uid in before.keys() & after.keys():
        old, new = counters(before[uid]), counters(after[uid])
        if before[uid] == after[uid]:
            continue
        if not (new["SEQUENCE"] > old["SEQUENCE"] and new["MODIFIED"] > old["MODIFIED"]):
            broken.append(f"{uid!r} changed without counting up: {old} {new}")
        if old["SUMMARY"].removeprefix(b"Cancelled: ") != new["SUMMARY"].removeprefix(
            b"Cancelled: "
        ):
            broken.append(f"{uid!r} became another thing")
    return broken


def counters(block):
    return {
        "SEQUENCE": int(octets.values(block, b"SEQUENCE")[0]),
        "MODIFIED": octets.values(block, b"LAST-MODIFIED")[0],
        "SUMMARY": octets.values(block, b"SUMMARY")[0],
    }
