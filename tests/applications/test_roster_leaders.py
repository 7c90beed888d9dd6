"""Team leaders of one name in a workbook: never another entry's leader, never in silence."""

from scheduler.applications.roster_leaders import Led, leader_problems
from tests.applications import rosters
from tests.applications.rosters import group

MINE = ("+8613800138000", None)


def problems(*groups, stored=(), covered=()):
    roster = rosters.read(groups)
    found = leader_problems(roster.groups, stored, covered)
    return [(problem.place, problem.is_error, problem.facts["group"]) for problem in found]


def test_equal_contacts_are_one_person():
    assert problems(group("A"), group("B"), stored=[Led("A-1", "C", "林望舒", *MINE)]) == []


def test_rows_that_contradict_each_other_are_told():
    other = group("B", leader_phone="+8613900139000")
    assert problems(group("A"), other, group("C")) == [("D3", False, "A"), ("D4", False, "B")]


def test_a_stored_leader_with_another_contact_is_told():
    led = Led("A-1", "珠江", "林望舒", "+8613900139000", None)
    assert problems(group("A"), stored=[led]) == [("D2", False, "珠江")]
    assert problems(group("A"), stored=[led], covered={"A-1"}) == []


def test_a_stranger_of_another_name_is_nothing():
    assert problems(group("A"), stored=[Led("A-1", "C", "何伟", "+8613900139000", None)]) == []
