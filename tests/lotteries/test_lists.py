"""The published texts: one form to the byte, read back exactly, and every change noticed."""

import pytest

from scheduler.lotteries.draw import Entry
from scheduler.lotteries.lists import (
    FrozenList,
    ListProblem,
    digest_of,
    list_text,
    one_line,
    read_list,
    result_of,
)

FROZEN = FrozenList(
    heads={
        "lottery": "L-1",
        "programme": "festival-2027",
        "frozen": "2027-05-01T02:00:00Z",
        "seed-at": "2027-05-03T13:15:00Z",
        "seed-source": "China Welfare Lottery 双色球, draw 2027050, all seven numbers in order",
    },
    places={("CHAMBER", "*"): 1, ("CHAMBER", "GZ"): 1},
    entries=(
        Entry("R-C", "R-C", "CHAMBER", "GZ"),
        Entry("R-A", "R-A", "CHAMBER", "HK"),
        Entry("R-B", "R-A", "CHAMBER", "HK"),
    ),
)
TEXT = """\
ambassador-scheduler lottery list 1
lottery L-1
programme festival-2027
frozen 2027-05-01T02:00:00Z
seed-at 2027-05-03T13:15:00Z
seed-source China Welfare Lottery 双色球, draw 2027050, all seven numbers in order
places CHAMBER * 1
places CHAMBER GZ 1
entry R-A R-A CHAMBER HK
entry R-B R-A CHAMBER HK
entry R-C R-C CHAMBER GZ
"""


def test_the_list_has_one_form():
    assert list_text(FROZEN) == TEXT


def test_reading_gives_back_what_was_written():
    read = read_list(TEXT)
    assert (read.heads, read.places) == (FROZEN.heads, FROZEN.places)
    assert sorted(read.entries, key=str) == sorted(FROZEN.entries, key=str)


def test_the_result_has_one_form():
    assert (
        result_of(TEXT, " 03  08\n11 ")
        == f"""\
ambassador-scheduler lottery result 1
lottery L-1
list-sha256 {digest_of(TEXT)}
seed 03 08 11
1 R-C R-C CHAMBER GZ place GZ
2 R-A R-A CHAMBER HK waiting -
3 R-B R-A CHAMBER HK waiting -
"""
    )


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT[:-1],
        TEXT + "\n",
        "\ufeff" + TEXT,
        TEXT.replace("entry R-C R-C CHAMBER GZ\n", "entry R-C R-C CHAMBER\n"),
        TEXT.replace("places CHAMBER * 1\n", "") + "places CHAMBER * 1\n",
        TEXT.replace("entry R-B R-A", "entry R-A R-A"),
        TEXT + "entry R-C R-C CHAMBER HK\n",
        TEXT + "entry R-D  R-D CHAMBER HK\n",
        TEXT.replace("frozen", "thawed"),
        TEXT.replace("list 1", "list 2"),
        "",
        "something else",
    ],
)
def test_a_changed_list_is_not_read(changed):
    with pytest.raises(ListProblem):
        read_list(changed)


def test_blanks_and_line_breaks_are_one_blank():
    assert one_line(" 03  08\n\t11 ") == "03 08 11"
