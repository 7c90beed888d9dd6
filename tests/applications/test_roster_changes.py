"""What an upload would change: who is paired with whom, and what differs."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.applications.roster_base import StoredRoster
from scheduler.applications.roster_changes import Change
from scheduler.applications.roster_group_columns import piece_keys
from scheduler.applications.roster_keeping import change_lines, changes_again, kept_changes
from scheduler.applications.roster_pupils import find_pupils, pair
from scheduler.applications.roster_records import KEPT, PieceRow
from scheduler.people.identity import DocumentKind, Sex
from tests.applications.rosters import (
    examined,
    group,
    index_of,
    member,
    read,
    stored,
    stored_person,
    told,
)

PASSPORT = {"document_kind": DocumentKind.PASSPORT, "document_number": "EX0000001"}


def changes(groups, members, before, **options):
    problems, found = examined(read(groups, members, **options), before)
    assert not any(problem.is_error for problem in problems), told(problems)
    return found


def counts(found, sheet="members"):
    return {kind: number for kind, number in found.counts()[sheet].items() if number}


def fields(found):
    return [(f.key, f.before, f.after) for m in found.members for f in m.fields]


def test_into_an_empty_school_everything_is_new():
    found = changes([group()], [member(), member("李思睿")], StoredRoster())
    assert (counts(found), counts(found, "groups")) == ({"new": 2}, {"new": 1})
    assert not found.is_nothing


def test_the_same_rows_again_change_nothing():
    groups = [group(), group("第二队")]
    members = [
        member(**PASSPORT),
        member(group="第二队", **PASSPORT),
        member("李", roll_number="G1"),
    ]
    found = changes(groups, members, stored(groups, members))
    assert (counts(found), counts(found, "groups")) == ({"unchanged": 3}, {"unchanged": 2})
    assert found.is_nothing


@given(
    st.permutations([member(), member("李"), member("王", **PASSPORT), member("何", "2014-01-01")])
)
def test_the_order_of_rows_does_not_matter(members):
    before = stored([group()], sorted(members, key=lambda m: m.name))
    assert changes([group()], members, before).is_nothing


@pytest.mark.parametrize(
    ("change", "told_as"),
    [
        ({"part": "S1"}, ("part", None, "S1")),
        ({"grade": "五(3)班"}, ("grade", None, "五(3)班")),
        (
            {"guardian_phone": "+8613800138002"},
            ("guardian_phone", "+8613800138001", "+8613800138002"),
        ),
        ({"sex": Sex.MALE}, ("sex", "F", "M")),
        ({"latin_name": "CHEN ZIHAN"}, ("latin_name", None, "CHEN ZIHAN")),
        ({"health_note": "花生"}, ("health_note", None, KEPT)),
    ],
)
def test_a_change_is_told_field_by_field(change, told_as):
    found = changes([group()], [member(**change)], stored([group()], [member()]))
    assert counts(found) == {"changed": 1}
    assert fields(found) == [told_as]


def test_a_corrected_name_is_found_by_document_or_roll_number():
    for key in (PASSPORT, {"roll_number": "G1"}):
        before = stored([group()], [member("陈子寒", **key)])
        found = changes([group()], [member("陈子涵", **key)], before)
        assert fields(found) == [("name", "陈子寒", "陈子涵")]


def test_a_corrected_document_is_found_by_name_and_birth_date_and_not_shown():
    before = stored([group()], [member(**PASSPORT)])
    found = changes([group()], [member(**PASSPORT | {"document_number": "EX0000002"})], before)
    assert fields(found) == [("document_number", KEPT, KEPT)]
    assert found.pupils[0].values == {"document_number": "EX0000002"}


def test_a_document_decides_before_a_roll_number_before_a_name():
    persons = [
        stored_person(1, member("甲", **PASSPORT)),
        stored_person(2, member("乙", roll_number="G1")),
        stored_person(3, member("陈子涵")),
    ]

    def paired(record):
        sheet = read([group()], [record]).members
        pupils, _ = find_pupils(sheet)
        pairing = pair(sheet, pupils, persons, index_of)
        return {row: person.id for row, person in pairing.stored_by_row.items()}

    assert paired(member(**PASSPORT)) == {2: 1}
    assert paired(member(roll_number="g1")) == {2: 2}
    assert paired(member()) == {2: 3}
    assert paired(member("丁")) == {}


def test_a_row_that_two_stored_pupils_fit_is_a_problem():
    before = stored([group()], [member(roll_number="G1"), member(roll_number="G2")])
    problems, found = examined(read([group()], [member()]), before)
    assert told(problems) == [("B2", "roster_member_ambiguous")]
    assert found is None


def test_a_roll_number_of_another_pupil_is_a_problem():
    before = stored([group()], [member("甲", **PASSPORT), member("乙", roll_number="G1")])
    rows = [member("甲", roll_number="G1", **PASSPORT)]
    problems, _ = examined(read([group()], rows), before)
    assert told(problems) == [("I2", "roster_member_ambiguous")]


def test_namesakes_keep_their_own_lives():
    before = stored([group()], [member(born="2015-03-01"), member(born="2015-03-09")])
    rows = [member(born="2015-03-09", part="A1"), member(born="2015-03-01")]
    found = changes([group()], rows, before)
    assert [(m.change, m.stored.id) for m in found.members] == [
        (Change.CHANGED, 2),
        (Change.UNCHANGED, 1),
    ]


def test_who_is_left_out_is_removed_from_the_group():
    before = stored([group()], [member(), member("李思睿")])
    found = changes([group()], [member()], before)
    assert counts(found) == {"unchanged": 1, "removed": 1}
    assert [m.name for m in found.members if m.change is Change.REMOVED] == ["李思睿"]


def test_a_draft_that_is_left_out_is_removed_and_others_stay():
    before = stored([group(), group("第二队")], [member(), member(group="第二队")])
    found = changes([group()], [member()], before)
    assert counts(found, "groups") == {"unchanged": 1, "removed": 1}
    locked = stored(
        [group(), group("第二队")], [member(), member(group="第二队")], editable=frozenset()
    )
    assert counts(changes([group()], [member()], locked), "groups") == {"unchanged": 1}


def test_a_locked_group_may_be_repeated_but_not_changed():
    locked = stored([group()], [member()], editable=frozenset())
    assert changes([group()], [member()], locked).is_nothing
    for groups, members in (
        ([group(voicing="SSA")], [member()]),
        ([group()], [member(part="S1")]),
        ([group()], [member(), member("李")]),
        ([group()], []),
    ):
        problems, _ = examined(read(groups, members), locked)
        assert "roster_group_locked" in [code for _, code in told(problems)]


def test_of_a_returned_group_only_the_marked_columns_may_change():
    returned = stored([group()], [member()], editable=frozenset({"voicing"}))
    found = changes([group(voicing="SSA")], [member()], returned)
    assert counts(found, "groups") == {"changed": 1}
    problems, _ = examined(read([group(conductor="何伟")], [member()]), returned)
    assert told(problems) == [("G2", "roster_group_locked")]


def test_a_reference_names_a_group_that_changes_its_name():
    before = stored([group()], [member()])
    renamed = group("新名字", reference="A-1")
    found = changes([renamed], [member(group="新名字")], before)
    assert [(g.change, [f.key for f in g.fields]) for g in found.groups] == [
        (Change.CHANGED, ["name"])
    ]
    assert counts(found) == {"unchanged": 1}


def test_a_reference_that_does_not_exist_is_a_problem():
    problems, _ = examined(read([group(reference="A-9")], [member()]))
    assert told(problems) == [("A2", "roster_group_reference_unknown")]


def test_the_works_are_compared_piece_by_piece():
    before = stored([group()], [member()])
    longer = group(pieces=(PieceRow("茉莉花", None, 226), PieceRow("梁祝", None, 60)))
    found = changes([longer], [member()], before)
    assert [(f.key, f.before, f.after) for f in found.groups[0].fields] == [
        ("piece_1_duration", "03:45", "03:46"),
        ("piece_2_title", None, "梁祝"),
        ("piece_2_duration", None, "01:00"),
    ]


def test_works_beyond_the_tables_columns_stay():
    first, third = PieceRow("茉莉花", None, 225), PieceRow("彩云追月", None, 80)
    three = (first, PieceRow("梁祝", None, 60), third)
    before = stored([group(pieces=three)], [member()])
    keys = ("name", "leader", "leader_phone", *piece_keys(1), *piece_keys(2))
    found = changes([group(pieces=(first,))], [member()], before, group_keys=keys)
    assert [f.key for f in found.groups[0].fields] == ["piece_2_title", "piece_2_duration"]
    assert found.groups[0].record.pieces == (first, third)


def test_what_is_masked_stays_as_it_is_stored():
    before = stored([group()], [member(health_note="花生", **PASSPORT)])
    masked = member(
        document_kind=DocumentKind.PASSPORT, document_number=f"{KEPT}0001", health_note=KEPT
    )
    assert changes([group()], [masked], before).is_nothing


def test_a_mask_that_fits_no_stored_number_is_a_problem():
    before = stored([group()], [member(**PASSPORT)])
    for row, rest in (
        (replace(member(), document_number=f"{KEPT}9999"), before),
        (replace(member("李", "2015-03-02"), document_number=f"{KEPT}0001"), before),
    ):
        problems, _ = examined(read([group()], [row]), rest)
        assert ("G2", "roster_document_not_stored") in told(problems)


def test_a_corrected_name_or_birth_date_is_found_by_the_masked_number():
    before = stored([group()], [member(**PASSPORT), member("何三", "2015-03-02")])
    for row, told_as in (
        (member("陈子函"), ("name", "陈子涵", "陈子函")),
        (member(born="2015-03-09"), ("birth_on", "2015-03-01", "2015-03-09")),
    ):
        kind = DocumentKind.PASSPORT
        masked = replace(row, document_kind=kind, document_number=f"{KEPT}0001")
        found = changes([group()], [masked, member("何三", "2015-03-02")], before)
        assert fields(found) == [told_as]


def test_a_masked_number_does_not_take_a_pupil_who_has_a_row_of_her_own():
    before = stored([group()], [member(**PASSPORT)])
    copied = replace(member("李"), document_number=f"{KEPT}0001")
    own = replace(member(), document_kind=DocumentKind.PASSPORT, document_number=f"{KEPT}0001")
    problems, _ = examined(read([group()], [copied, own]), before)
    assert told(problems) == [("G2", "roster_document_not_stored")]


def test_a_blank_cell_empties_and_a_missing_column_says_nothing():
    before = stored([group()], [member(part="S1", remark="x", guardian_email="a@example.com")])
    found = changes([group()], [member()], before)
    assert sorted(key for key, _, _ in fields(found)) == ["guardian_email", "part", "remark"]
    keys = ("group", "name", "sex", "birth_on", "guardian_name", "guardian_phone", "consent_held")
    assert changes([group()], [member()], before, member_keys=keys).is_nothing


def test_a_file_of_members_alone_touches_only_their_groups():
    before = stored([group(), group("第二队")], [member(), member("李", group="第二队")])
    found = changes(None, [member(part="S1")], before)
    assert (found.groups, counts(found)) == ((), {"changed": 1})
    problems, _ = examined(read(None, [member(group="第三队")]), before)
    assert told(problems) == [("A2", "roster_group_unknown")]


def test_a_file_of_groups_alone_leaves_the_members():
    before = stored([group()], [member()])
    found = changes([group(voicing="SSA")], None, before)
    assert (counts(found, "groups"), found.members) == ({"changed": 1}, ())


def test_a_pupil_new_to_a_second_group_is_the_person_of_the_first():
    groups = [group(), group("第二队")]
    before = stored(groups, [member()])
    found = changes(groups, [member(), member(group="第二队", part="A1")], before)
    assert [m.change for m in found.members] == [Change.UNCHANGED, Change.NEW]
    assert [p.person.id for p in found.pupils] == [1]


def test_a_pupil_whom_the_school_has_in_another_category_is_not_made_again():
    elsewhere = stored_person(7, member())
    before = stored([group()], [], extra_persons=[elsewhere])
    found = changes([group()], [member()], before)
    assert counts(found) == {"new": 1}
    assert found.pupils[0].person is elsewhere


def test_a_preview_is_kept_and_read_again_without_loss():
    groups = [group(), group("第二队", advisers=("何伟",), conductor="何伟", conductor_is_own=True)]
    before = stored(groups, [member(**PASSPORT), member("李", group="第二队")])
    rows = [
        member(sex=Sex.MALE, health_note="花生", **PASSPORT),
        member("王", "2014-05-05", group="第二队"),
    ]
    found = changes([group(voicing="SSA"), groups[1]], rows, before)
    kept = json.loads(json.dumps(kept_changes(found)))
    assert replace(found, problems=()) == changes_again(kept, before)
    assert [(line.change, line.name) for line in change_lines(kept)] == [
        (Change.CHANGED, "云岭合唱团"),
        (Change.CHANGED, "陈子涵"),
        (Change.NEW, "王"),
        (Change.REMOVED, "李"),
    ]


def test_sealed_values_are_never_in_the_lines_of_a_preview():
    before = stored([group()], [member(**PASSPORT)])
    new = member(health_note="花生", **PASSPORT | {"document_number": "EX0000002"})
    lines = list(change_lines(kept_changes(changes([group()], [new], before))))
    shown = [value for line in lines for f in line.fields for value in (f.before, f.after)]
    assert set(shown) == {KEPT, None}


def test_birth_dates_are_days():
    found = changes([group()], [member(born="2015-03-09")], stored([group()], []))
    kept = json.loads(json.dumps(kept_changes(found)))
    (pupil,) = changes_again(kept, stored([group()], [])).pupils
    assert pupil.values["birth_on"] == dt.date(2015, 3, 9)
