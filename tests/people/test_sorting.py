"""Keys by which persons are sorted."""

import pytest

from scheduler.people.sorting import LONGEST_KEY, sort_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("单予安", "shan yu an"),
        ("仇小雨", "qiu xiao yu"),
        ("曾可", "zeng ke"),
        ("解小北", "xie xiao bei"),
        ("區樂兒", "ou le er"),
        ("万俟青", "moqi qing"),
        ("欧阳若晨", "ou yang ruo chen"),
        ("吕思睿", "lyu si rui"),
        ("王女略", "wang nyu lue"),
        ("龚䶮", "gong yan"),
        ("沈𬭎远", "shen hong yuan"),
        ("𠮷川", "ji chuan"),
        ("买买提江·艾力", "mai mai ti jiang ai li"),
        ("Maya Lim", "maya lim"),
        ("Inês  Açores", "ines acores"),
        ("", ""),
    ],
)
def test_a_name_sorts_by_its_reading(name, key):
    assert sort_key(name) == key


def test_the_latin_name_of_the_papers_wins():
    assert sort_key("李浩賢", "LEE Ho Yin") == "lee ho yin"


def test_a_key_fits_its_column():
    assert len(sort_key("欧" * 80)) <= LONGEST_KEY
