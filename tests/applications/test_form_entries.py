"""Coordinators' fields from form and workbook to the review page; who answers, who reads, when."""

import datetime as dt
import io
from contextlib import contextmanager
from types import SimpleNamespace

import openpyxl
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from scheduler import clock
from scheduler.applications import import_services
from scheduler.applications.completeness import Shortfall
from scheduler.applications.current_form import current_form
from scheduler.applications.entry_facts import missing_of
from scheduler.applications.models import Application, HistoryEntry, Member, MemberRole
from scheduler.applications.roster import group_values, member_values
from scheduler.applications.roster_prefill import filled_sheets
from scheduler.applications.workflow import State
from scheduler.people.keys import current_sealer
from scheduler.programmes.form_fields import AskedWhen, Audience, FieldKind, FieldOwner
from scheduler.programmes.form_models import FormField
from scheduler.spreadsheets.writing import FilledSheet, Guide, entry_workbook
from tests import factories
from tests.applications.rosters import group, member

GUIDE = Guide("Guide", "Guide", (), "Sheet", "Column", "Required", "Accepted", "yes")
OF_EVERY_FORM = {"csrf_token", "locale", "theme", "next", "seen"}
GROUP = {
    "name": "云岭合唱团",
    "leader": "林望舒",
    "leader_phone": "138 0013 8000",
    "piece_1_title": "茉莉花",
    "piece_1_duration": "3:45",
}
PUPIL = {
    "name": "陈子涵",
    "sex": "M",
    "birth_on": "2015/3/1",
    "guardian_name": "陈大文",
    "guardian_phone": "13800138000",
    "consent_held": "Y",
}


@pytest.fixture
def place(session):
    """A programme that asks a group for a recording, and each pupil for size and allergy."""
    programme = factories.programme()
    category = factories.category(programme, min_members=1, max_members=2_000)
    school = factories.school()
    field = lambda code, **values: factories.form_field(  # noqa: E731
        programme, code=code, names=factories.names(code.title()), **values
    )
    field("recording", kind=FieldKind.CHOICE, is_required=True)
    field(
        "length",
        kind=FieldKind.DURATION,
        is_required=True,
        condition_field="recording",
        condition_values=["yes"],
    )
    field("shirt", owner=FieldOwner.MEMBER, kind=FieldKind.CHOICE, is_required=True)
    field("allergy", owner=FieldOwner.MEMBER)
    made = SimpleNamespace(
        programme=programme, category=category, school=school, field=field,
        officer=factories.officer(school), coordinator=factories.coordinator(programme),
    )  # fmt: skip
    session.commit()
    return made


@pytest.fixture
def officer(place, sign_in):
    return sign_in(place.officer)


@pytest.fixture
def coordinator(place, sign_in):
    return sign_in(place.coordinator)


@pytest.fixture
def draft(officer, place, session):
    officer.post(entry(place), data=GROUP | {"form:recording": "no"})
    made = session.scalars(select(Application)).one()
    officer.post(f"/applications/{made.ref}/members/new", data=PUPIL | {"form:shirt": "yes"})
    return made


def entry(place):
    return (
        f"/programmes/{place.programme.code}/categories/{place.category.code}"
        f"/schools/{place.school.code}/entries/new"
    )


def pupils(session):
    session.expire_all()
    return session.scalars(
        select(Member).where(Member.role == MemberRole.PUPIL).order_by(Member.id)
    ).all()


def last_step(session):
    session.expire_all()
    return session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()


def test_the_form_asks_and_stores(officer, place, draft, session):
    page = officer.get(entry(place))
    assert "Recording" in page.text
    assert "Only if “Recording” is: Yes." in page.text
    assert draft.answers == {"recording": "no"}
    assert [pupil.answers for pupil in pupils(session)] == [{"shirt": "yes"}]
    shown = officer.get(f"/applications/{draft.ref}/edit").page.values()
    assert shown["form:recording"] == "no"


def test_a_change_is_in_the_history_from_what_to_what(officer, coordinator, draft, session):
    values = officer.get(f"/applications/{draft.ref}/edit").page.values()
    changed = values | {"form:recording": "yes", "form:length": "3:05"}
    assert officer.post(f"/applications/{draft.ref}/edit", data=changed).status_code == 303
    assert last_step(session).changes == {
        "form:recording": ["no", "yes"],
        "form:length": [None, "185"],
    }
    text = officer.get(f"/applications/{draft.ref}").text
    assert "Recording: from “No” to “Yes”" in text
    assert "Length: from “nothing” to “03:05”" in text


def test_answers_about_pupils_leave_no_words_in_the_history(officer, draft, session):
    (pupil,) = pupils(session)
    address = f"/applications/{draft.ref}/members/{pupil.person.ref}/edit"
    values = officer.get(address).page.values()
    answer = officer.post(address, data=values | {"form:allergy": "peanuts"})
    assert answer.status_code == 303
    assert last_step(session).changes == {"form:allergy": [None, None]}
    page = officer.get(f"/applications/{draft.ref}").text
    assert "Allergy: changed" in page
    assert "Allergy: peanuts" in page


def test_words_about_pupils_are_sealed_at_rest(officer, draft, session):
    (pupil,) = pupils(session)
    address = f"/applications/{draft.ref}/members/{pupil.person.ref}/edit"
    values = officer.get(address).page.values()
    officer.post(address, data=values | {"form:allergy": "peanuts"})
    (pupil,) = pupils(session)
    assert pupil.answers["shirt"] == "yes"
    assert pupil.answers["allergy"].startswith("sealed:")
    assert "peanuts" not in repr(pupil.answers)
    assert officer.get(address).page.values()["form:allergy"] == "peanuts"


def test_an_answer_that_is_none_stands_beside_its_field(officer, place, session):
    wrong = GROUP | {"form:recording": "perhaps", "form:length": "long"}
    answer = officer.post(entry(place), data=wrong)
    assert answer.status_code == 422
    ids = [block.get("id", "") for block in answer.page.all("div")]
    assert [each for each in ids if each.endswith("-error")] == [
        "form:recording-error", "form:length-error",
    ]  # fmt: skip
    assert answer.page.values()["name"] == "云岭合唱团"
    assert session.scalar(select(func.count(Application.id))) == 0


def test_what_is_needed_is_missing_until_it_is_answered(officer, place, draft, session):
    assert missing_of(draft) == ()
    draft.answers = {"recording": "yes"}
    session.commit()
    pupils(session)[0].answers = {}
    session.commit()
    assert [(m.code, m.facts["mark"], m.facts.get("pupils")) for m in missing_of(draft)] == [
        (Shortfall.NOT_ANSWERED, "form:length", None),
        (Shortfall.NOT_ANSWERED_BY_ALL, "form:shirt", 1),
    ]
    page = officer.get(f"/applications/{draft.ref}").text
    assert "“Length” is not answered." in page
    assert "“Shirt” is not answered for every pupil; still open: 1." in page
    assert officer.post(f"/applications/{draft.ref}/submit").status_code == 409
    assert "“Length” is not answered." in officer.get("/applications/my-school").text
    draft.answers = {"recording": "no"}
    session.commit()
    pupils(session)[0].answers = {"shirt": "no"}
    session.commit()
    assert officer.post(f"/applications/{draft.ref}/submit").status_code == 303


def test_a_returned_entry_is_held_up_only_by_what_it_can_answer(place, draft, session):
    place.field("added", is_required=True)
    draft.state, draft.returned_fields = State.RETURNED, ["pieces"]
    session.commit()
    assert missing_of(draft) == ()
    draft.returned_fields = ["form:added"]
    session.commit()
    assert [m.facts["mark"] for m in missing_of(draft)] == ["form:added"]


def test_retired_fields_and_those_of_other_categories_are_not_missing(place, draft, session):
    place.field("other", is_required=True, categories=["ELSEWHERE"])
    place.field("gone", is_required=True, retired_at=clock.now())
    place.field("staff", is_required=True, audience=Audience.STAFF)
    place.field("later", is_required=True, asked_when=AskedWhen.ACCEPTED)
    assert missing_of(draft) == ()
    draft.state, draft.places_held = State.ACCEPTED, 1
    assert [m.facts["mark"] for m in missing_of(draft)] == ["form:later"]


def test_reviewers_see_answers_and_mark_a_field(officer, coordinator, place, draft, session):
    officer.post(f"/applications/{draft.ref}/submit")
    case = coordinator.get(f"/applications/{draft.ref}/case")
    assert "Shirt: Yes" in case.text
    assert "form:recording" in case.text
    marked = {
        "action": "return", "version": draft.version,
        "return-fields": ["form:recording"], "return-reason": "Please look again.",
    }  # fmt: skip
    session.expire_all()
    marked["version"] = draft.version
    assert coordinator.post(f"/applications/{draft.ref}/decision", data=marked).status_code == 303
    session.expire_all()
    assert (draft.state, draft.returned_fields) == (State.RETURNED, ["form:recording"])
    assert "Marked: Recording." in coordinator.get(f"/applications/{draft.ref}/case").text
    assert "(Recording)" in officer.get("/applications/my-school").text
    asked = "nothing has been changed yet: Recording."
    assert asked in officer.get("/applications/my-school").page.text
    assert asked in officer.get(f"/applications/{draft.ref}").page.text
    page = officer.get(f"/applications/{draft.ref}/edit").page
    assert set(page.values()) - OF_EVERY_FORM == {"form:recording"}
    everything = GROUP | {"name": "别的名字", "form:recording": "yes", "form:length": "1:00"}
    assert officer.post(f"/applications/{draft.ref}/edit", data=everything).status_code == 303
    session.expire_all()
    assert (draft.group_name, draft.answers) == ("云岭合唱团", {"recording": "yes"})
    assert asked not in officer.get(f"/applications/{draft.ref}").page.text


def test_a_field_of_pupils_can_be_marked_alone(officer, place, draft, session):
    draft.state, draft.returned_fields = State.RETURNED, ["form:shirt"]
    session.commit()
    (pupil,) = pupils(session)
    edit = officer.get(f"/applications/{draft.ref}/edit")
    assert (edit.status_code, edit.location) == (302, f"/applications/{draft.ref}/answers")
    address = f"/applications/{draft.ref}/members/{pupil.person.ref}/answers"
    assert address in officer.get(edit.location).text
    assert list(officer.get(address).page.values().keys() & {"form:shirt", "form:allergy"}) == [
        "form:shirt"
    ]
    assert officer.post(address, data={"form:shirt": "no"}).status_code == 303
    assert pupils(session)[0].answers == {"shirt": "no"}
    assert officer.get(f"/applications/{draft.ref}/members/new").status_code == 302


# Who is asked, and when


def test_what_is_asked_once_accepted_is_asked_then_and_after_the_window(
    officer, place, draft, session
):
    place.field("passport", asked_when=AskedWhen.ACCEPTED, is_required=True)
    address = f"/applications/{draft.ref}/answers"
    assert officer.get(address).status_code == 200  # the draft's own questions
    assert "form:passport" not in officer.get(address).text
    draft.state, draft.places_held = State.ACCEPTED, 1
    place.programme.entry_closes_at = clock.now() - dt.timedelta(days=1)
    session.commit()
    page = officer.get(f"/applications/{draft.ref}").text
    assert "“Passport” is not answered." in page
    assert address in page
    own = officer.get("/applications/my-school").text
    assert "“Passport” is not answered." in own
    assert address in own
    assert officer.post(address, data={"form:passport": "with the leader"}).status_code == 303
    session.expire_all()
    assert draft.answers == {"recording": "no", "passport": "with the leader"}
    assert (draft.state, last_step(session).to_state) == (State.ACCEPTED, State.ACCEPTED)
    assert last_step(session).changes == {"form:passport": [None, "with the leader"]}


def test_a_submitted_entry_is_asked_nothing(officer, draft, session):
    draft.state = State.SUBMITTED
    session.commit()
    address = f"/applications/{draft.ref}/answers"
    assert officer.get(address).status_code == 404
    assert officer.post(address, data={"form:recording": "yes"}).status_code == 404
    session.expire_all()
    assert draft.answers == {"recording": "no"}


def test_staff_note_what_schools_never_see(officer, coordinator, place, draft, session, sign_in):
    place.field("secret", audience=Audience.STAFF)
    draft.state = State.SUBMITTED
    session.commit()
    address = f"/applications/{draft.ref}/answers"
    assert address in coordinator.get(f"/applications/{draft.ref}/case").text
    assert coordinator.post(address, data={"form:secret": "Quxi"}).status_code == 303
    assert (
        "Secret: from “nothing” to “Quxi”"
        in coordinator.get(f"/applications/{draft.ref}/case").text
    )
    leader = sign_in(factories.leader(draft))
    for reader in (officer, leader):
        text = reader.get(f"/applications/{draft.ref}").text
        assert "Quxi" not in text
        assert "Secret" not in text
        assert place.coordinator.name not in text
    assert officer.post(address, data={"form:secret": "changed"}).status_code == 404
    sheets = filled_sheets(
        place.school, place.category, current_sealer(), "en",
        current_form(place.category, place.school),
    )  # fmt: skip
    assert "form:secret" not in sheets[0].rows[0]


def test_a_leader_answers_what_leaders_are_asked(place, draft, session, sign_in, officer):
    place.field("hotel", audience=Audience.LEADER)
    place.field("money", audience=Audience.OFFICER)
    draft.answers = {**draft.answers, "money": "Quxi"}
    session.commit()
    pupils(session)[0].answers = {"shirt": "yes"}
    leader = sign_in(factories.leader(draft))
    page = leader.get(f"/applications/{draft.ref}/answers")
    assert set(page.page.values()) - OF_EVERY_FORM == {"form:hotel"}
    sent = {"form:hotel": "two nights", "form:money": "much", "form:recording": "yes"}
    assert leader.post(f"/applications/{draft.ref}/answers", data=sent).status_code == 303
    session.expire_all()
    assert draft.answers == {"recording": "no", "money": "Quxi", "hotel": "two nights"}
    text = leader.get(f"/applications/{draft.ref}").text
    assert "two nights" in text
    assert "Quxi" not in text
    assert "Shirt: Yes" not in text
    assert "Shirt: Yes" in officer.get(f"/applications/{draft.ref}").text


@pytest.mark.parametrize("page", ["edit", "answers"])
def test_a_second_tab_does_not_overwrite_what_the_first_answered(
    officer, place, draft, session, page
):
    place.field("stay")
    place.field("later", kind=FieldKind.CHOICE)
    session.commit()
    address = f"/applications/{draft.ref}/{page}"
    first, second = (officer.get(address).page.values() for _ in range(2))
    assert officer.post(address, data=first | {"form:later": "yes"}).status_code == 303
    session.expire_all()
    kept = dict(draft.answers)
    assert kept["later"] == "yes"

    late = officer.post(address, data=second | {"form:stay": "a night"})
    assert late.status_code == 422
    assert "Nothing was overwritten" in late.page.text
    assert "Stored now: Yes" in late.page.text
    session.expire_all()
    assert draft.answers == kept
    again = late.page.values()
    assert (again["form:stay"], again.get("form:later")) == ("a night", "")
    assert officer.post(address, data=again).status_code == 303
    session.expire_all()
    assert draft.answers == {"recording": "no", "stay": "a night"}


def test_a_district_reads_about_the_group_and_not_about_pupils(place, draft, session, sign_in):
    district = factories.district()
    place.school.district = district
    draft.state = State.SUBMITTED
    session.commit()
    text = sign_in(factories.reviewer(district)).get(f"/applications/{draft.ref}/case").text
    assert "Recording" in text
    assert "Shirt" not in text.partition("History")[0].replace(">Shirt</label>", "")


def test_an_answer_stays_when_its_condition_ceases_to_hold_and_pages_say_so(
    officer, coordinator, draft, session
):
    values = officer.get(f"/applications/{draft.ref}/edit").page.values()
    changed = values | {"form:recording": "yes", "form:length": "3:05"}
    officer.post(f"/applications/{draft.ref}/edit", data=changed)
    assert "(no longer asked)" not in officer.get(f"/applications/{draft.ref}").page.text
    values = officer.get(f"/applications/{draft.ref}/edit").page.values()
    officer.post(f"/applications/{draft.ref}/edit", data=values | {"form:recording": "no"})
    session.expire_all()
    assert draft.answers == {"recording": "no", "length": "185"}
    officer.post(f"/applications/{draft.ref}/submit")
    for reader, address in ((officer, ""), (coordinator, "/case")):
        text = reader.get(f"/applications/{draft.ref}{address}").page.text
        assert text.count("(no longer asked)") == 1
        assert "Length 03:05 (no longer asked)" in text


def test_a_retired_field_is_shown_where_it_was_answered(officer, place, draft, session):
    officer_page = f"/applications/{draft.ref}"
    field = session.scalars(select(FormField).where(FormField.code == "recording")).one()
    field.retired_at = clock.now()
    session.commit()
    assert "Recording" in officer.get(officer_page).text
    values = officer.get(f"{officer_page}/edit").page.values()
    assert "form:recording" not in values
    officer.post(f"{officer_page}/edit", data=values | {"voicing": "SSA"})
    session.expire_all()
    assert (draft.voicing, draft.answers) == ("SSA", {"recording": "no"})


# By workbook


def roster(place, group_records, member_records):
    form = current_form(place.category, place.school)
    sheets = [
        FilledSheet(form.group_sheet, [group_values(g, "zh_Hans", form) for g in group_records]),
        FilledSheet(form.member_sheet, [member_values(m, "zh_Hans", form) for m in member_records]),
    ]
    return entry_workbook(sheets, GUIDE, "zh_Hans")


def applied(place, content, session):
    """Read, check and apply an upload as the jobs do; return the counts of the preview."""
    sealer, now = current_sealer(), clock.now()
    form = current_form(place.category, place.school)
    actor = place.officer.actor
    made = import_services.begin(
        actor, school=place.school, category=place.category, file_name="r.xlsx",
        content=content, locale="en", sealer=sealer, now=now,
    )  # fmt: skip
    found = import_services.examine_import(made, sealer, today=now.date(), form=form)
    assert [str(p.code) for p in found.problems if p.is_error] == []
    import_services.keep_findings(made, found, None, sealer)
    counts = dict(made.counts)
    import_services.confirm(made, import_services.preview_version(made))
    assert import_services.apply(made, actor, sealer, now=now, form=form) is True
    session.commit()
    return counts


def kinds(counts, sheet):
    return {kind: count for kind, count in counts[sheet].items() if count}


def test_the_same_answers_by_workbook_and_the_second_time_nothing(place, session):
    entered = group(answers=(("recording", "yes"), ("length", "185")))
    rows = [member("甲甲", answers=(("allergy", "=1+1"), ("shirt", "no"))), member("乙乙")]
    content = roster(place, [entered], rows)
    assert kinds(applied(place, content, session), "members") == {"new": 2}
    made = session.scalars(select(Application)).one()
    assert made.answers == {"recording": "yes", "length": "185"}
    assert [sorted(p.answers) for p in pupils(session)] == [["allergy", "shirt"], []]
    again = applied(place, content, session)
    assert (kinds(again, "groups"), kinds(again, "members")) == ({"unchanged": 1}, {"unchanged": 2})


def test_the_workbook_that_goes_out_changes_nothing_when_it_comes_back(place, session):
    entered = group(answers=(("recording", "yes"), ("length", "185")))
    rows = [member("甲甲", answers=(("allergy", "花生"), ("shirt", "no")))]
    applied(place, roster(place, [entered], rows), session)
    form = current_form(place.category, place.school)
    for locale in ("en", "zh_Hans", "zh_Hant_HK"):
        sheets = filled_sheets(place.school, place.category, current_sealer(), locale, form)
        back = applied(place, entry_workbook(sheets, GUIDE, locale), session)
        assert (kinds(back, "groups"), kinds(back, "members")) == (
            {"unchanged": 1}, {"unchanged": 1},
        )  # fmt: skip


def test_an_answer_changed_by_workbook_is_one_step_of_the_history(place, session):
    applied(place, roster(place, [group()], [member("甲甲")]), session)
    changed = [member("甲甲", answers=(("shirt", "yes"),))]
    counts = applied(
        place, roster(place, [group(answers=(("recording", "no"),))], changed), session
    )
    assert (kinds(counts, "groups"), kinds(counts, "members")) == ({"changed": 1}, {"changed": 1})
    assert last_step(session).changes == {
        "form:recording": [None, "no"], "form:shirt": [None, None],
    }  # fmt: skip


def test_a_wrong_answer_is_marked_in_the_workbook_with_what_is_accepted(officer, place, session):
    wrong = {**member_values(member("甲甲"), "zh_Hans"), "form:shirt": "中号"}
    form = current_form(place.category, place.school)
    sheets = [
        FilledSheet(form.group_sheet, [group_values(group(), "zh_Hans", form)]),
        FilledSheet(form.member_sheet, [wrong]),
    ]
    content = entry_workbook(sheets, GUIDE, "zh_Hans")
    started = officer.post(
        entry(place).replace("/entries/new", "/import"),
        data={"file": (io.BytesIO(content), "roster.xlsx")},
    )
    page = officer.get(started.location).location
    shown = officer.get(page).text
    assert "Shirt(简)" in shown
    assert "Yes / No" in shown
    book = openpyxl.load_workbook(io.BytesIO(officer.get(f"{page}/marked-workbook").data))
    sheet = book["成员名单"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Shirt(简)")
    assert "Yes / No" in sheet.cell(2, column).comment.text
    assert session.scalar(select(func.count(Application.id))) == 0


def test_later_fields_come_by_workbook_once_a_group_is_accepted(place, session):
    place.field("bus", owner=FieldOwner.MEMBER, asked_when=AskedWhen.ACCEPTED)
    applied(place, roster(place, [group()], [member("甲甲")]), session)
    assert (
        "form:bus" not in current_form(place.category, place.school).member_sheet.column_by_heading
    )
    made = session.scalars(select(Application)).one()
    made.state, made.places_held = State.ACCEPTED, 1
    place.programme.entry_closes_at = clock.now() - dt.timedelta(days=1)
    session.commit()
    counts = applied(
        place, roster(place, [group()], [member("甲甲", answers=(("bus", "B2"),))]), session
    )
    assert kinds(counts, "members") == {"changed": 1}
    assert pupils(session)[0].answers["bus"].startswith("sealed:")
    assert last_step(session).to_state is State.ACCEPTED


@contextmanager
def counting():
    run = []

    def note(_connection, _cursor, statement, *_):
        run.append(statement.partition("\n")[0])

    event.listen(Engine, "before_cursor_execute", note)
    yield run
    event.remove(Engine, "before_cursor_execute", note)


def test_more_rows_with_answers_cost_no_more_queries(place, session):
    costs = []
    for size in (3, 60):
        rows = [
            member(f"陈{chr(0x4E00 + number)}", answers=(("shirt", "yes"), ("allergy", "x")))
            for number in range(size)
        ]
        content = roster(place, [group()], rows)
        applied(place, content, session)
        changed = [
            member(f"陈{chr(0x4E00 + number)}", answers=(("shirt", "no"),))
            for number in range(size)
        ]
        with counting() as run:
            applied(place, roster(place, [group()], changed), session)
        costs.append(len(run))
    assert costs[0] == costs[1]
