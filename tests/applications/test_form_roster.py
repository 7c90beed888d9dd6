"""Coordinators' fields in rosters: rows as records and back, headings, comparison, one answer."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.applications.answers import Surroundings, read_answer
from scheduler.applications.form_plan import FormPlan
from scheduler.applications.roster import group_values, member_values, read_group, read_member
from scheduler.applications.roster_base import StoredGroup, StoredMember, StoredRoster
from scheduler.applications.roster_changes import Change
from scheduler.applications.roster_file import read_roster
from scheduler.applications.workflow import State
from scheduler.errors import Refused
from scheduler.languages import LOCALES
from scheduler.programmes.form_fields import (
    AskedWhen,
    Audience,
    Condition,
    FieldKind,
    FieldOwner,
    FieldSpec,
    Option,
)
from scheduler.spreadsheets.workbook import read_workbook
from scheduler.spreadsheets.writing import FilledSheet, Guide, entry_workbook
from tests.applications.rosters import READING, examined, group, member, stored
from tests.applications.test_roster import groups, members, texts

GUIDE = Guide("Guide", "Guide", (), "Sheet", "Column", "Required", "Accepted", "yes")
AROUND = Surroundings((("P-1", "林望舒"), ("P-2", "何伟")), frozenset({"bilibili.com"}))


def spec(code, kind, owner=FieldOwner.GROUP, **values):
    names = {"en": f"{code} in English", "zh_Hans": f"{code}简体", "zh_Hant_HK": f"{code}繁體"}
    if kind is FieldKind.CHOICE:
        values.setdefault(
            "options",
            (
                Option("s", {"en": "Small", "zh_Hans": "小", "zh_Hant_HK": "細"}),
                Option("l", {"en": "Large", "zh_Hans": "大"}),
                Option("old", {"en": "Huge", "zh_Hans": "特大"}, is_retired=True),
            ),
        )
    return FieldSpec(code, owner, kind, names, **values)


PLAN = FormPlan(
    tuple(spec(f"{owner}-{kind}", kind, owner) for owner in FieldOwner for kind in FieldKind),
    AROUND,
)
FORM_READING = replace(READING, form=PLAN)

answers = {
    FieldKind.TEXT: texts,
    FieldKind.NUMBER: st.integers(-(10**9), 10**9).map(str)
    | st.decimals(-1000, 1000, places=2)
    .map(lambda n: f"{n:f}".rstrip("0").rstrip("."))
    .filter(lambda text: text != "-0"),
    FieldKind.CHOICE: st.sampled_from(["s", "l", "old"]),
    FieldKind.DATE: st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)).map(dt.date.isoformat),
    FieldKind.DURATION: st.integers(0, 59_999).map(str),
    FieldKind.VIDEO: st.from_regex(
        r"https://(www\.)?bilibili\.com/[a-z0-9/]{0,20}", fullmatch=True
    ),
    FieldKind.PERSON: st.sampled_from(["P-1", "P-2"]),
}


def answered(owner):
    """Any set of answers to the fields of the workbook, as records carry them."""
    strategies = {f"{owner}-{kind}": strategy for kind, strategy in answers.items()}
    return st.fixed_dictionaries({}, optional=strategies).map(lambda d: tuple(sorted(d.items())))


@given(groups, answered(FieldOwner.GROUP), st.sampled_from(list(LOCALES)))
def test_a_group_with_answers_written_and_read_again_is_the_same(record, given_answers, locale):
    record = replace(record, answers=given_answers)
    values = group_values(record, locale, PLAN)
    again = read_group(values, FORM_READING).record
    assert again == record
    assert group_values(again, locale, PLAN) == values


@given(members, answered(FieldOwner.MEMBER), st.sampled_from(list(LOCALES)))
def test_a_member_with_answers_written_and_read_again_is_the_same(record, given_answers, locale):
    record = replace(record, answers=given_answers)
    values = member_values(record, locale, PLAN)
    again = read_member(values, FORM_READING).record
    assert again == record
    assert member_values(again, locale, PLAN) == values


@pytest.mark.parametrize("locale", list(LOCALES))
def test_a_workbook_carries_answers_under_headings_of_each_language(locale):
    entered = group(answers=(("group-choice", "l"), ("group-duration", "225")))
    pupil = member(answers=(("member-date", "2027-03-01"), ("member-text", "00123")))
    sheets = [
        FilledSheet(PLAN.group_sheet, [group_values(entered, locale, PLAN)]),
        FilledSheet(PLAN.member_sheet, [member_values(pupil, locale, PLAN)]),
    ]
    found = read_roster(read_workbook(entry_workbook(sheets, GUIDE, locale)), FORM_READING)
    assert found.problems == ()
    assert [placed.record for placed in found.groups.rows] == [entered]
    assert [placed.record for placed in found.members.rows] == [pupil]
    assert not any("file" in key for key in found.groups.keys | found.members.keys)


def test_a_csv_carries_answers_too():
    pupil = member(answers=(("member-choice", "s"), ("member-person", "P-2")))
    values = member_values(pupil, "zh_Hans", PLAN)
    columns = [c for c in PLAN.member_sheet.columns if values[c.key]]
    lines = [
        ",".join(c.heading("zh_Hans") for c in columns),
        ",".join(values[c.key] for c in columns),
    ]
    content = "\r\n".join(lines).encode("gb18030")
    book = read_workbook(content, known_headings=PLAN.known_headings)
    (placed,) = read_roster(book, FORM_READING).members.rows
    assert placed.record == pupil


def test_without_its_column_a_field_says_nothing_and_a_blank_cell_takes_back():
    before = (("group-choice", "s"), ("group-text", "kept"))
    kept = StoredRoster((StoredGroup(1, "A-1", group(answers=before), all_keys(), is_draft=True),))
    change = compare_groups(kept, group(), keys={"name", "form:group-choice"})
    assert [(f.key, f.before, f.after) for f in change.fields] == [("form:group-choice", "s", None)]


def test_equal_answers_are_no_change():
    same = (("group-choice", "s"),)
    kept = StoredRoster((StoredGroup(1, "A-1", group(answers=same), all_keys(), is_draft=True),))
    assert compare_groups(kept, group(answers=same)).change is Change.UNCHANGED


def test_an_answer_of_a_member_is_new_changed_or_unchanged():
    roster = stored([group()], [member("甲甲"), member("乙乙")])
    first, second = (
        StoredMember(
            m.id, m.group_id, m.person_id, {**m.values, "answers": (("member-choice", "s"),)}
        )
        for m in roster.members
    )
    roster = replace(roster, members=(first, second))
    rows = [
        member("甲甲", answers=(("member-choice", "l"),)),
        member("乙乙", answers=(("member-choice", "s"),)),
        member("丙丙", answers=(("member-choice", "s"),)),
    ]
    problems, changes = examined(read_form([group()], rows), roster)
    assert problems == []
    assert [(c.name, c.change) for c in changes.members] == [
        ("甲甲", Change.CHANGED),
        ("乙乙", Change.UNCHANGED),
        ("丙丙", Change.NEW),
    ]
    (field,) = changes.members[0].fields
    assert (field.key, field.before, field.after) == ("form:member-choice", "s", "l")
    assert changes.members[0].values["answers"] == {"member-choice": "l"}


def test_answers_outside_the_file_stay_with_the_member():
    roster = stored([group()], [member()])
    (only,) = roster.members
    kept = (("member-choice", "s"), ("staff-note", "seen"))
    roster = replace(roster, members=(replace(only, values={**only.values, "answers": kept}),))
    _, changes = examined(read_form([group()], [member(answers=(("member-choice", "l"),))]), roster)
    assert changes.members[0].values["answers"] == {"member-choice": "l", "staff-note": "seen"}


@pytest.mark.parametrize(
    ("editable", "is_refused"),
    [({"members"}, False), ({"form:member-choice"}, False), ({"name"}, True)],
)
def test_a_locked_group_takes_only_what_is_open(editable, is_refused):
    roster = stored([group()], [member()], editable=frozenset(editable))
    _, changes = examined(read_form([group()], [member(answers=(("member-choice", "l"),))]), roster)
    assert ("roster_group_locked" in [str(p.code) for p in changes.problems]) is is_refused


def test_what_is_needed_and_blank_is_a_warning_only_where_it_is_asked():
    size = spec("size", FieldKind.CHOICE, is_required=True)
    colour = spec(
        "colour", FieldKind.TEXT, is_required=True, condition=Condition("size", frozenset({"l"}))
    )
    reading = replace(READING, form=FormPlan((size, colour)))

    def missing(**cells):
        values = {"form:size": None, "form:colour": None, **group_values(group(), "en"), **cells}
        found = read_group(values, reading)
        assert found.record is not None
        return [problem.key for problem in found.problems]

    assert missing() == ["form:size"]
    assert missing(**{"form:size": "Small"}) == []
    assert missing(**{"form:size": "大"}) == ["form:colour"]


def test_a_retired_field_staffs_own_and_a_later_one_are_not_in_the_workbook():
    fields = (
        spec("now", FieldKind.TEXT),
        spec("gone", FieldKind.TEXT, is_retired=True),
        spec("staff", FieldKind.TEXT, audience=Audience.STAFF),
        spec("later", FieldKind.TEXT, asked_when=AskedWhen.ACCEPTED),
    )
    plan = FormPlan(fields)
    assert [s.code for s in plan.columns(FieldOwner.GROUP)] == ["now"]
    later = FormPlan(fields, asks_later=True)
    assert [s.code for s in later.columns(FieldOwner.GROUP)] == ["now", "later"]
    assert [s.code for s in later.entry_fields(FieldOwner.GROUP)] == ["now"]


def test_what_is_open_in_each_state():
    plan = FormPlan(
        (
            spec("group", FieldKind.TEXT),
            spec("shirt", FieldKind.TEXT, FieldOwner.MEMBER),
            spec("later", FieldKind.TEXT, asked_when=AskedWhen.ACCEPTED),
            spec("staff", FieldKind.TEXT, audience=Audience.STAFF),
        )
    )
    assert plan.editable_marks(State.DRAFT, []) == {"form:group", "form:shirt"}
    assert plan.editable_marks(State.SUBMITTED, []) == set()
    assert plan.editable_marks(State.RETURNED, ["form:group"]) == {"form:group"}
    assert plan.editable_marks(State.RETURNED, ["members"]) == {"form:shirt"}
    assert plan.editable_marks(State.ACCEPTED, []) == {"form:later"}


@pytest.mark.parametrize(
    ("kind", "written", "answer"),
    [
        (FieldKind.NUMBER, "１２.50", "12.5"),
        (FieldKind.NUMBER, 12.0, "12"),
        (FieldKind.NUMBER, "-0", "0"),
        (FieldKind.CHOICE, " large ", "l"),
        (FieldKind.CHOICE, "特大", "old"),
        (FieldKind.DATE, "2027年3月1日", "2027-03-01"),
        (FieldKind.DATE, dt.datetime(2027, 3, 1), "2027-03-01"),
        (FieldKind.DURATION, "7'30\"", "450"),
        (FieldKind.DURATION, dt.time(7, 30), "450"),
        (FieldKind.PERSON, "何 伟", "P-2"),
        (
            FieldKind.VIDEO,
            "https://www.bilibili.com/video/BV1",
            "https://www.bilibili.com/video/BV1",
        ),
        (FieldKind.TEXT, "\u3000a\u202eb\u00a0", "ab"),
        (FieldKind.TEXT, "\u202e", None),
        *((kind, None, None) for kind in FieldKind),
        *((kind, " ", None) for kind in FieldKind),
    ],
)
def test_one_answer_is_read_as_people_write_it(kind, written, answer):
    assert read_answer(spec("x", kind), written, AROUND) == answer


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        (FieldKind.NUMBER, "about 12", "answer_not_a_number"),
        (FieldKind.NUMBER, "1e3", "answer_not_a_number"),
        (FieldKind.NUMBER, "0", "answer_number_too_small"),
        (FieldKind.NUMBER, "100.1", "answer_number_too_large"),
        (FieldKind.CHOICE, "medium", "cell_not_a_choice"),
        (FieldKind.DATE, "01/03/2027", "person_date_ambiguous"),
        (FieldKind.DURATION, "8", "cell_not_a_duration"),
        (FieldKind.PERSON, "谁", "answer_nobody_of_this_name"),
        (FieldKind.VIDEO, "http://www.bilibili.com/x", "answer_not_a_link"),
        (FieldKind.VIDEO, "javascript:alert(1)", "answer_not_a_link"),
        (FieldKind.VIDEO, "https://user@bilibili.com/x", "answer_not_a_link"),
        (FieldKind.VIDEO, "https://bilibili.com:8443/x", "answer_not_a_link"),
        (FieldKind.VIDEO, "https://bilibili.com\\@evil.example/x", "answer_not_a_link"),
        (FieldKind.VIDEO, "https://[bilibili.com/", "answer_not_a_link"),
        (FieldKind.VIDEO, "https://evil.example/bilibili.com", "answer_host_not_allowed"),
        (FieldKind.VIDEO, "https://notbilibili.com/x", "answer_host_not_allowed"),
        (FieldKind.TEXT, "x" * 101, "cell_too_long"),
    ],
)
def test_what_is_no_answer_is_refused(kind, written, code):
    limits = {"least": 1, "most": 100} if kind in {FieldKind.NUMBER, FieldKind.TEXT} else {}
    with pytest.raises(Refused) as refused:
        read_answer(spec("x", kind, **limits), written, AROUND)
    assert str(refused.value.code) == code


def all_keys():
    return frozenset(column.key for column in PLAN.group_sheet.columns)


def compare_groups(roster, record, keys=None):
    from scheduler.applications.roster_changes import group_change
    from scheduler.applications.roster_file import Placed

    return group_change(Placed(1, record), roster.groups[0], frozenset(keys or all_keys()))


def read_form(group_records, member_records):
    sheets = [
        FilledSheet(PLAN.group_sheet, [group_values(g, "en", PLAN) for g in group_records]),
        FilledSheet(PLAN.member_sheet, [member_values(m, "en", PLAN) for m in member_records]),
    ]
    return read_roster(read_workbook(entry_workbook(sheets, GUIDE, "en")), FORM_READING)
