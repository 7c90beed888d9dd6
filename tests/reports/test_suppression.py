"""Small numbers of pupils: hidden, and not to be reckoned from the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.reports.suppression import hide_small


@pytest.mark.parametrize(
    ("numbers", "cells", "total"),
    [
        ([10, 20], ["10", "20"], "30"),
        ([0, 20], ["0", "20"], "20"),
        ([3, 20, 9], ["<5", "20", "–"], "32"),
        ([3, 2, 20], ["<5", "<5", "20"], "25"),
        ([4], ["<5"], "<5"),
        ([1, 2], ["<5", "<5"], "<5"),
        ([0, 0], ["0", "0"], "0"),
        ([5, 5], ["5", "5"], "10"),
    ],
)
def test_what_is_shown(numbers, cells, total):
    found = hide_small([(str(place), number) for place, number in enumerate(numbers)])
    assert [str(count) for _, count in found.cells] == cells
    assert str(found.total) == total


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_no_small_number_can_be_reckoned(numbers):
    found = hide_small([(str(place), number) for place, number in enumerate(numbers)])
    shown = [count.shown for _, count in found.cells]
    assert not any(number is not None and 0 < number < 5 for number in [*shown, found.total.shown])
    if found.total.shown is not None:
        assert sum(number is None for number in shown) != 1
