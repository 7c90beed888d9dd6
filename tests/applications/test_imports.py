"""A school officer's import, from the empty workbook to the stored entries."""

import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.applications import import_services, roster_examination
from scheduler.applications.import_services import APPLY_ROSTER
from scheduler.applications.models import (
    Application,
    HistoryEntry,
    ImportState,
    Member,
    MemberRole,
    RosterImport,
)
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.jobs import running
from scheduler.jobs.models import Job, JobState
from scheduler.people.models import Guardian, Person
from tests import factories

HEADINGS = {
    "group": "所属队伍",
    "name": "姓名",
    "sex": "性别",
    "birth_on": "出生日期",
    "document_kind": "证件类型",
    "document_number": "证件号码",
    "roll_number": "学籍号",
    "guardian_name": "监护人姓名",
    "guardian_phone": "监护人手机",
    "consent_held": "已持监护人同意书",
}


@pytest.fixture
def place(session):
    programme = factories.programme()
    category = factories.category(programme, min_members=2, max_members=4)
    school = factories.school()
    officer = factories.officer(school)
    session.commit()
    return {"programme": programme, "category": category, "school": school, "officer": officer}


@pytest.fixture
def officer(place, sign_in):
    return sign_in(place["officer"])


def address(place, page="import"):
    return (
        f"/programmes/{place['programme'].code}/categories/{place['category'].code}"
        f"/schools/{place['school'].code}/{page}"
    )


def upload(client, place, content, name="roster.xlsx"):
    answer = client.post(address(place), data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303
    job = client.get(answer.location)
    assert job.status_code == 302, job.text
    return job.location


def pupil(name, born="2015-03-01", **values):
    defaults = {
        "group": "云岭合唱团",
        "name": name,
        "sex": "女",
        "birth_on": born,
        "guardian_name": "陈家长",
        "guardian_phone": "13800138000",
        "consent_held": "是",
    }
    return defaults | values


def workbook(members, groups=("云岭合唱团",), phones=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "队伍"
    sheet.append(["队名", "领队", "领队手机", "曲目1曲名", "曲目1时长"])
    for number, group in enumerate(groups):
        phone = phones[number] if phones else "13800138000"
        sheet.append([group, "林望舒", phone, "茉莉花", "03:45"])
    sheet = book.create_sheet("成员名单")
    sheet.append(list(HEADINGS.values()))
    for member in members:
        sheet.append([member.get(key) for key in HEADINGS])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def names(session):
    return sorted(session.scalars(select(Person.name).where(Person.is_adult.is_(False))))


def test_a_roster_is_previewed_then_stored(officer, place, session):
    page = upload(officer, place, workbook([pupil("陈子涵"), pupil("李思睿", "2015-04-01")]))
    preview = officer.get(page)
    assert names(session) == []
    assert "陈子涵" in preview.text
    answer = confirm(officer, page)
    assert officer.get(officer.get(answer.location).location).status_code == 200
    assert names(session) == ["李思睿", "陈子涵"]
    application = session.scalars(select(Application)).one()
    assert (application.group_name, application.state) == ("云岭合唱团", "draft")
    roles = session.execute(select(Member.role, func.count()).group_by(Member.role)).all()
    assert sorted(roles) == [(MemberRole.LEADER, 1), (MemberRole.PUPIL, 2)]


def test_the_same_file_again_changes_nothing(officer, place, session):
    content = workbook([pupil("陈子涵"), pupil("李思睿", "2015-04-01")])
    page = upload(officer, place, content)
    confirm(officer, page)
    again = upload(officer, place, content)
    counts = session.scalars(select(RosterImport).order_by(RosterImport.id.desc())).first().counts
    assert counts["members"] == {"new": 0, "changed": 0, "unchanged": 2, "removed": 0}
    assert counts["groups"] == {"new": 0, "changed": 0, "unchanged": 1, "removed": 0}
    assert "nothing to change" in officer.get(again).text


def test_problems_come_back_per_cell_and_nothing_is_stored(officer, place, session):
    wrong = [
        pupil("陈子涵", "01/03/2015"),
        pupil("李思睿", "2015-04-01", document_number=440112201503010010),
    ]
    page = upload(officer, place, workbook(wrong))
    answer = officer.get(page)
    places = [place.text for place in answer.page.all("span", class_="mono")]
    assert places == ["D2", "F3"]
    assert names(session) == []
    marked = officer.get(f"{page}/marked-workbook")
    book = openpyxl.load_workbook(io.BytesIO(marked.data))
    assert book["成员名单"]["D2"].comment is not None
    assert book["成员名单"]["B2"].value == "陈子涵"
    assert book["成员名单"]["B2"].comment is None
    found = session.scalars(select(RosterImport)).one()
    assert found.state is ImportState.PROBLEMS


def version(client, page):
    """What the page's form says of the preview that it shows."""
    return client.get(page).page.values().get("preview", "")


def confirm(client, page, **choices):
    data = {"preview": version(client, page), **choices}
    return client.post(f"{page}/confirm", data=data)


def confirmed(officer, page):
    answer = confirm(officer, page)
    assert answer.status_code == 303
    return officer.get(officer.get(answer.location).location)


def latest(session):
    session.expire_all()
    return session.scalars(select(RosterImport).order_by(RosterImport.id.desc())).first()


TWO = [
    pupil("陈子涵", document_number="EX0000001", document_kind="护照"),
    pupil("李思睿", "2015-04-01"),
]


def test_the_workbook_downloaded_after_an_import_says_nothing_new(officer, place, session):
    confirmed(officer, upload(officer, place, workbook(TWO)))
    content = officer.get(address(place, "entry-workbook")).data
    book = openpyxl.load_workbook(io.BytesIO(content))
    shown = {cell.value for row in book["Members"].iter_rows() for cell in row}
    assert "••••0001" in shown
    assert "EX0000001" not in shown
    upload(officer, place, content)
    assert latest(session).counts["members"] == {
        "new": 0,
        "changed": 0,
        "unchanged": 2,
        "removed": 0,
    }


def test_nothing_of_an_upload_is_readable_in_the_database(officer, place, session):
    upload(officer, place, workbook(TWO))
    found = latest(session)
    secrets = (b"EX0000001", "陈子涵".encode(), b"PK\x03\x04")
    assert not any(secret in kept for secret in secrets for kept in (found.content, found.findings))
    assert "陈子涵" not in str(found.counts)


def test_an_upload_is_removed_with_its_end(officer, place, session):
    confirmed(officer, upload(officer, place, workbook(TWO)))
    found = latest(session)
    assert (found.content, found.findings, found.marked) == (None, None, None)


def test_a_thrown_away_upload_leaves_nothing(officer, place, session):
    page = upload(officer, place, workbook(TWO))
    assert officer.post(f"{page}/discard").status_code == 303
    assert latest(session).content is None
    assert names(session) == []
    assert officer.post(f"{page}/confirm").status_code == 409


def test_a_preview_that_is_no_longer_true_is_not_applied(officer, place, session):
    page = upload(officer, place, workbook(TWO))
    factories.person(place["school"], name="新来的")
    session.commit()
    answer = confirmed(officer, page)
    assert names(session) == ["新来的"]
    assert latest(session).state is ImportState.PREVIEW
    assert "have changed since the preview" in answer.text
    confirmed(officer, page)
    assert names(session) == ["新来的", "李思睿", "陈子涵"]


def test_a_preview_is_confirmed_once(officer, place, session):
    page = upload(officer, place, workbook(TWO))
    shown = {"preview": version(officer, page)}
    confirmed(officer, page)
    assert officer.post(f"{page}/confirm", data=shown).status_code == 409
    assert names(session) == ["李思睿", "陈子涵"]


def test_a_job_that_is_run_twice_applies_once(app, officer, place, session):
    page = upload(officer, place, workbook(TWO))
    confirmed(officer, page)
    job = session.scalars(select(Job).where(Job.kind == APPLY_ROSTER)).one()
    job.state = JobState.QUEUED
    session.commit()
    running.run(job.ref)
    session.expire_all()
    assert names(session) == ["李思睿", "陈子涵"]
    assert session.scalar(select(func.count(HistoryEntry.id))) == 1


def test_a_worker_that_dies_while_applying_leaves_the_state_whole(
    app, officer, place, session, monkeypatch
):
    page = upload(officer, place, workbook(TWO))
    end = import_services.end

    def die(*arguments, **values):
        raise KeyboardInterrupt

    monkeypatch.setattr(import_services, "end", die)  # after everything is written
    confirm(officer, page)
    session.rollback()
    assert names(session) == []
    assert latest(session).state is ImportState.APPLYING
    monkeypatch.setattr(import_services, "end", end)
    job = session.scalars(select(Job).where(Job.kind == APPLY_ROSTER)).one()
    job.state = JobState.QUEUED
    session.commit()
    running.run(job.ref)
    session.expire_all()
    assert names(session) == ["李思睿", "陈子涵"]
    assert latest(session).state is ImportState.DONE


def test_an_interrupted_reading_can_be_taken_up_again(officer, place, session):
    page = upload(officer, place, workbook(TWO))
    found = latest(session)
    found.state = ImportState.READING
    session.get(Job, found.job_id).state = JobState.FAILED
    session.commit()
    assert "taken up again" in officer.get(page).text
    officer.post(f"{page}/check-again")
    assert latest(session).state is ImportState.PREVIEW


def test_a_closed_window_is_told_before_and_refused_at_the_end(officer, place, session):
    page = upload(officer, place, workbook(TWO))
    place["programme"].entry_closes_at = clock.now()
    session.commit()
    answer = confirmed(officer, page)
    assert names(session) == []
    assert "The entry window has closed." in answer.text
    start = officer.get(address(place))
    assert "The entry window has closed." in start.text
    refused = officer.post(address(place), data={"file": (io.BytesIO(b"x"), "x.csv")})
    assert refused.status_code == 409


def test_changes_removals_and_withdrawals_are_told_and_made(officer, place, session):
    groups = ("云岭合唱团", "第二队")
    rows = [
        *TWO,
        pupil("王一", "2014-01-01", group="第二队"),
        pupil("王二", "2014-01-02", group="第二队"),
    ]
    confirmed(officer, upload(officer, place, workbook(rows, groups)))
    changed = [TWO[0] | {"guardian_phone": "13800138009"}, pupil("何三", "2015-05-05")]
    page = upload(officer, place, workbook(changed))
    assert latest(session).counts["members"] == {
        "new": 1,
        "changed": 1,
        "unchanged": 0,
        "removed": 1,
    }
    assert latest(session).counts["groups"]["removed"] == 1
    removed = officer.get(f"{page}?kind=removed")
    assert "李思睿" in removed.text
    assert "何三" not in removed.text
    assert "1 draft is not in this workbook: 第二队" in removed.page.text
    confirm(officer, page, withdraw_left_out="yes")
    states = dict(session.execute(select(Application.group_name, Application.state)).all())
    assert states == {"云岭合唱团": "draft", "第二队": "withdrawn"}
    phones = session.scalars(select(Guardian.phone).order_by(Guardian.phone)).all()
    assert phones == ["+8613800138000", "+8613800138009"]
    history = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "edit")).one()
    assert history.changes == {"members": [2, 2]}
    assert "何三" not in str(history.changes)


def test_a_submitted_group_can_be_uploaded_again_but_not_changed(officer, place, session):
    confirmed(officer, upload(officer, place, workbook(TWO)))
    session.scalars(select(Application)).one().state = "submitted"
    session.commit()
    upload(officer, place, workbook(TWO))
    assert latest(session).counts["members"]["unchanged"] == 2
    upload(officer, place, workbook([*TWO, pupil("何三", "2015-05-05")]))
    assert latest(session).state is ImportState.PROBLEMS


def test_two_documents_that_were_mixed_up_can_be_exchanged(officer, place, session):
    passport = {"document_kind": "护照"}

    def rows(first, second):
        return [
            pupil("陈子涵", roll_number="G1", document_number=first, **passport),
            pupil("李思睿", "2015-04-01", roll_number="G2", document_number=second, **passport),
        ]

    confirmed(officer, upload(officer, place, workbook(rows("EX0000001", "EX0000002"))))
    page = upload(officer, place, workbook(rows("EX0000002", "EX0000001")))
    # By document they are each other; the roll numbers say so, and nothing is guessed.
    assert latest(session).state is ImportState.PROBLEMS
    assert "Several pupils fit this row" in officer.get(page).text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_members_as_csv_go_to_the_groups_there_are(officer, place, session, encoding):
    confirmed(officer, upload(officer, place, workbook(TWO)))
    rows = [HEADINGS.values(), [TWO[1].get(key, "") for key in HEADINGS]]
    text = "\n".join(",".join(map(str, row)) for row in rows)
    upload(officer, place, text.encode(encoding), "members.csv")
    assert latest(session).counts["members"] == {
        "new": 0,
        "changed": 0,
        "unchanged": 1,
        "removed": 1,
    }


def test_problems_without_end_are_counted_but_not_all_kept(officer, place, session, monkeypatch):
    monkeypatch.setattr(roster_examination, "MOST_PROBLEMS", 3)
    page = upload(officer, place, workbook([pupil("陈子涵", "x") for _ in range(5)]))
    answer = officer.get(page)
    assert latest(session).counts["errors"] == 4
    assert "There are 2 problems more" in answer.text
    assert officer.get(f"{page}/marked-workbook").status_code == 200


def test_a_file_that_cannot_be_read_is_a_problem_of_the_whole_file(officer, place, session):
    page = upload(officer, place, b"%PDF-1.7 not a workbook")
    answer = officer.get(page)
    assert "The whole file" in answer.text
    assert "of another kind (PDF)" in answer.text
    assert officer.get(f"{page}/marked-workbook").status_code == 404


def test_an_empty_upload_is_told_beside_the_field(officer, place):
    answer = officer.post(address(place), data={"file": (io.BytesIO(b""), "x.xlsx")})
    assert answer.status_code == 422
    assert "file-error" in answer.text
    assert officer.post(address(place), data={}).status_code == 422


def test_long_lists_of_problems_have_pages(officer, place):
    page = upload(officer, place, workbook([pupil("陈", f"soon {n}") for n in range(120)]))
    first, second = officer.get(page), officer.get(f"{page}?page=2")
    assert "D2" in first.text
    assert "D121" in second.text
    assert "D121<" not in first.text


def test_equal_problems_are_one_line_with_their_places(officer, place):
    page = upload(officer, place, workbook([pupil("陈", "soon") for n in range(9)]))
    answer = officer.get(page)
    assert answer.page.text.count("“soon” is not a date.") == 1
    assert "D2, D3, D4, D5, D6, D7 and 3 more" in answer.page.text
    assert "9 problems have to be solved" in answer.page.text


def test_uploads_that_wait_are_all_listed_with_their_state(officer, place):
    for number in range(5):
        upload(officer, place, workbook([pupil("陈", "soon")]), f"roster-{number}.xlsx")
    page = officer.get(address(place)).page
    assert all(f"roster-{number}.xlsx Problems found" in page.text for number in range(5))
    (first, *others) = [f for f in page.all("form") if f.get("action").endswith("/discard")]
    assert len(others) == 4
    officer.post(first.get("action"))
    assert "roster-4.xlsx" not in officer.get(address(place)).page.text


def test_the_guide_and_the_form_tell_the_limits(officer, place, session):
    place["category"].max_works, place["category"].max_minutes = 2, 8
    session.commit()
    content = officer.get(address(place, "entry-workbook")).data
    told = [row[0].value for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].rows]
    form = officer.get(address(place, "entries/new")).page.text
    for sentence in (
        "A group has 2 to 4 pupils.",
        "It brings at most 2 works, together at most 8 minutes.",
    ):
        assert sentence in told
        assert sentence in form
    assert "up to 20 MB" in officer.get(address(place)).page.text


def test_neighbours_and_coordinators_have_no_business_here(officer, place, sign_in, session):
    page = upload(officer, place, workbook(TWO))
    neighbour = sign_in(factories.officer(factories.school()))
    coordinator = sign_in(factories.coordinator(place["programme"]))
    session.commit()
    for client in (neighbour, coordinator):
        for path in (
            page,
            f"{page}/marked-workbook",
            address(place),
            address(place, "entry-workbook"),
        ):
            assert client.get(path).status_code == 403
        assert client.post(f"{page}/confirm").status_code == 403


def test_old_uploads_are_removed(officer, place, session, frozen):
    upload(officer, place, workbook(TWO))
    frozen(hours=25)
    assert import_services.remove_old(now=clock.now()) == 1
    session.commit()
    assert latest(session).content is None


def test_a_workbook_with_pupils_leaves_a_note_of_who_took_it(officer, place, session):
    confirmed(officer, upload(officer, place, workbook(TWO)))
    officer.get(address(place, "entry-workbook"))
    note = session.scalars(select(AuditEntry).where(AuditEntry.action == "read:workbook")).one()
    assert (note.account_id, note.subject_ref, note.facts) == (
        place["officer"].id,
        place["school"].code,
        {"people": 2},
    )


def test_one_pupil_in_two_uploads_is_one_person(officer, place, session):
    other = dict(place, category=factories.category(place["programme"]))
    session.commit()
    first = upload(officer, place, workbook([TWO[1]]))
    second = upload(officer, other, workbook([TWO[1]]))
    confirmed(officer, first)
    confirmed(officer, second)  # made before the pupil was stored: previewed anew
    assert latest(session).counts["is_renewed"]
    confirmed(officer, second)
    assert names(session) == ["李思睿"]
    assert session.scalar(select(func.count(Member.id)).where(Member.role == "pupil")) == 2


def test_two_rosters_of_one_school_applied_at_once_enter_a_pupil_once(app, place, session, sign_in):
    other = dict(place, category=factories.category(place["programme"]))
    clients = [sign_in(factories.officer(place["school"])) for _ in range(2)]
    session.commit()
    rounds = zip(clients, (place, other), strict=True)
    pages = [upload(client, at, workbook([TWO[1]])) for client, at in rounds]
    versions = [version(client, page) for client, page in zip(clients, pages, strict=True)]
    session.rollback()
    with ThreadPoolExecutor(2) as threads:
        answers = list(
            threads.map(
                lambda client, page, shown: (
                    client.post(f"{page}/confirm", data={"preview": shown}).status_code
                ),
                clients,
                pages,
                versions,
            )
        )
    assert answers == [303, 303]
    assert names(session) == ["李思睿"]
    states = sorted(session.scalars(select(RosterImport.state)))
    assert states == [ImportState.DONE, ImportState.PREVIEW]


def leaders(session):
    rows = select(Application.group_name, Person.phone).select_from(Member)
    rows = rows.join(Application).join(Person)
    query = rows.where(Member.role == MemberRole.LEADER).order_by(Application.id)
    return [tuple(row) for row in session.execute(query)]


def test_a_leader_of_the_same_name_in_a_new_row_changes_no_other_entry(officer, place, session):
    first = workbook([pupil("陈子涵"), pupil("李思睿", "2015-04-01")])
    confirm(officer, upload(officer, place, first))
    application = session.scalars(select(Application)).one()
    application.state = State.SUBMITTED
    session.commit()
    second = workbook([], ["珠江合唱团"], ["13900139000"])
    page = upload(officer, place, second)
    assert "taken as two people" in officer.get(page).text
    confirm(officer, page)
    assert leaders(session) == [
        ("云岭合唱团", "+8613800138000"),
        ("珠江合唱团", "+8613900139000"),
    ]
    again = officer.get(upload(officer, place, second)).text
    assert "nothing to change" in again


def test_a_leader_whose_number_changes_in_every_row_stays_one_person(officer, place, session):
    groups = ["云岭合唱团", "珠江合唱团"]
    confirm(officer, upload(officer, place, workbook([], groups)))
    new = workbook([], groups, ["13900139000", "13900139000"])
    confirm(officer, upload(officer, place, new))
    assert leaders(session) == [(name, "+8613900139000") for name in groups]
    assert session.scalar(select(func.count(Person.id))) == 1


def test_of_a_returned_entry_the_open_part_is_named(officer, place, session):
    confirm(officer, upload(officer, place, workbook([pupil("陈子涵")])))
    application = session.scalars(select(Application)).one()
    application.state, application.returned_fields = State.RETURNED, ["pieces"]
    session.commit()
    changed = workbook([pupil("陈子涵", guardian_phone="13900139000")])
    text = officer.get(upload(officer, place, changed)).text
    assert "This entry was returned: only “Repertoire” can be changed." in text
    assert "has been submitted" not in text


def test_of_a_decided_entry_it_is_said_that_it_is_decided(officer, place, session):
    confirm(officer, upload(officer, place, workbook([pupil("陈子涵")])))
    entry = session.scalars(select(Application)).one()
    entry.state, entry.places_held = State.ACCEPTED, 1
    session.commit()
    text = officer.get(upload(officer, place, workbook([pupil("陈子涵", sex="男")]))).text
    assert "This entry has been decided on and cannot be changed by a workbook." in text


def states(session):
    return dict(session.execute(select(Application.group_name, Application.state)).all())


def test_a_draft_that_the_workbook_does_not_have_stays(officer, place, session):
    confirmed(officer, upload(officer, place, workbook(TWO)))
    page = upload(officer, place, workbook([], ["第二队"]))
    preview = officer.get(page)
    assert "1 draft is not in this workbook: 云岭合唱团" in preview.page.text
    assert confirm(officer, page).status_code == 303
    assert states(session) == {"云岭合唱团": "draft", "第二队": "draft"}
    assert names(session) == ["李思睿", "陈子涵"]
    assert latest(session).counts["groups"] == {
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
    }


def test_a_preview_shows_how_new_rows_were_read(officer, place):
    rows = [pupil("陈子涵", "2015/3/1", document_kind="护照", document_number="EX0000001")]
    text = officer.get(upload(officer, place, workbook(rows))).page.text
    assert "Sex Female" in text
    assert "Birth date 2015-03-01" in text
    assert "Guardian's mobile +8613800138000" in text
    assert "Piece 1 duration 03:45" in text
    assert "Document number ••••" in text
    assert "EX0000001" not in text


def test_rows_that_stay_bring_no_warnings(officer, place):
    old = pupil("陈子涵", guardian_phone="12345678901")
    page = upload(officer, place, workbook([old]))
    assert "No operator has such numbers" in officer.get(page).text
    confirmed(officer, page)
    new = pupil("李思睿", "2015-04-01", guardian_phone="12345678902")
    text = officer.get(upload(officer, place, workbook([old, new]))).text
    assert "12345678902" in text
    assert "12345678901" not in text


def test_members_before_any_group_are_told_once(officer, place):
    rows = [dict(zip(HEADINGS, HEADINGS.values(), strict=True)), pupil("陈子涵"), pupil("李思睿")]
    content = "\n".join(",".join(row.get(key) or "" for key in HEADINGS) for row in rows)
    answer = officer.get(upload(officer, place, content.encode(), "members.csv"))
    assert answer.text.count("Upload the table of groups first") == 1
    assert "There is no group" not in answer.text


def test_a_column_that_is_not_there_is_told_once(officer, place):
    content = "所属队伍,姓名,性别,出生日期,已持监护人同意书\n云岭合唱团,陈子涵,女,2015-03-01,是\n"
    content += "云岭合唱团,李思睿,女,2015-03-02,是\n"
    confirmed(officer, upload(officer, place, workbook([])))
    answer = officer.get(upload(officer, place, content.encode(), "members.csv"))
    assert "The column “Guardian” is missing." in answer.text
    assert "家长" in answer.text
    assert "This must be filled in" not in answer.text
    assert answer.text.count("Neither a mobile number nor") == 1


def test_a_namesake_without_a_number_is_told(officer, place):
    twice = [
        pupil("陈子涵"),
        pupil("陈子涵", "2015-03-10"),
        pupil("陈子涵", "2015-05-05", sex="男"),
    ]
    answer = officer.get(upload(officer, place, workbook(twice)))
    assert answer.text.count("A pupil of the same name is born on 2015-03-01.") == 1
    elsewhere = [pupil("李一"), pupil("李一", "2014-11-12", group="第二队")]
    two = ["云岭合唱团", "第二队"]
    assert "same name" not in officer.get(upload(officer, place, workbook(elsewhere, two))).text
    slip = [pupil("李一"), pupil("李一", "2014-03-01", group="第二队")]
    assert "same name" in officer.get(upload(officer, place, workbook(slip, two))).text
    sure = [pupil("李一", roll_number="G1"), pupil("李一", "2015-03-10", roll_number="G2")]
    assert "same name" not in officer.get(upload(officer, place, workbook(sure))).text
