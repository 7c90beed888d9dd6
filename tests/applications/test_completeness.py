"""What keeps an entry from being submitted."""

from dataclasses import replace

import pytest

from scheduler.applications.completeness import (
    Entry,
    Limits,
    Shortfall,
    missing_from,
)

LIMITS = Limits(30, 40, max_works=2, max_minutes=8, needs_conductor=True, needs_accompanist=True)
WHOLE = Entry(
    pupils=30,
    works=2,
    seconds=480,
    has_leader=True,
    has_conductor=True,
    has_accompanist=True,
    without_consent=0,
)


def codes(entry, limits=LIMITS):
    return [(each.code, each.facts) for each in missing_from(entry, limits)]


@pytest.mark.parametrize("pupils", [30, 40])
def test_a_whole_entry_lacks_nothing(pupils):
    assert codes(replace(WHOLE, pupils=pupils)) == []


@pytest.mark.parametrize(
    ("changes", "code", "facts"),
    [
        ({"pupils": 29}, Shortfall.TOO_FEW_MEMBERS, {"pupils": 29, "least": 30}),
        ({"pupils": 41}, Shortfall.TOO_MANY_MEMBERS, {"pupils": 41, "most": 40}),
        ({"works": 0}, Shortfall.NO_WORKS, {}),
        ({"works": 3}, Shortfall.TOO_MANY_WORKS, {"works": 3, "most": 2}),
        ({"seconds": 481}, Shortfall.TOO_LONG, {"duration": "8:01", "most": 8}),
        ({"has_leader": False}, Shortfall.LEADER_NOT_NAMED, {}),
        ({"has_conductor": False}, Shortfall.CONDUCTOR_NOT_NAMED, {}),
        ({"has_accompanist": False}, Shortfall.ACCOMPANIST_NOT_NAMED, {}),
        ({"without_consent": 2}, Shortfall.CONSENT_NOT_DECLARED, {"pupils": 2}),
    ],
)
def test_each_thing_that_can_be_missing(changes, code, facts):
    assert codes(replace(WHOLE, **changes)) == [(code, facts)]


def test_roles_are_asked_for_only_where_the_category_needs_them():
    limits = replace(LIMITS, needs_conductor=False, needs_accompanist=False)
    entry = replace(WHOLE, has_conductor=False, has_accompanist=False)
    assert codes(entry, limits) == []


def test_advisers_and_chaperones_are_counted():
    limits = replace(LIMITS, min_advisers=1, max_advisers=2, min_chaperones=2)
    codes = [
        [missing.code for missing in missing_from(replace(WHOLE, **values), limits)]
        for values in (
            {"advisers": 0, "chaperones": 2},
            {"advisers": 3, "chaperones": 1},
            {"advisers": 2, "chaperones": 2},
        )
    ]
    assert codes == [
        [Shortfall.TOO_FEW_ADVISERS],
        [Shortfall.TOO_MANY_ADVISERS, Shortfall.TOO_FEW_CHAPERONES],
        [],
    ]


def test_no_work_is_missed_where_nothing_is_performed():
    limits = replace(LIMITS, has_works=False, needs_conductor=False, needs_accompanist=False)
    assert missing_from(replace(WHOLE, works=0, seconds=0), limits) == ()
