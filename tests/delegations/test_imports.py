"""A guest school's pupils by workbook: its own, and nobody else's, on both sides."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.applications.guest_models import PartState
from scheduler.applications.models import Application, ImportState, Member, RosterImport
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.people.models import Person
from scheduler.programmes.kinds import CategoryKind
from tests import factories
from tests.delegations.conftest import GUEST, LEAD, OTHER

HEADINGS = ["所属队伍", "姓名", "性别", "出生日期", "监护人姓名", "监护人手机", "已持监护人同意书"]
NEW = ["湾区合唱团", "王新生", "女", "2015-03-01", "王大文", "13800138000", "是"]
KEPT = ["湾区合唱团", GUEST, "女", "2016-03-01", f"{GUEST}之母", "13800138000", "是"]


@pytest.fixture
def guest(joint, sign_in, session):
    person = session.scalars(select(Person).where(Person.name == GUEST)).one()
    person.latin_name = "CHEN KESHENG"
    session.commit()
    return sign_in(joint.guest_officer)


def members(*rows, headings=HEADINGS):
    return [("成员名单", [headings, *rows])]


GROUPS = ("队伍", [["队名", "领队", "领队手机", "曲目1曲名", "曲目1时长"]])


def written(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def start(joint):
    return f"/guest-parts/{joint.part.ref}/import"


def upload(client, joint, content, name="pupils.xlsx"):
    content = content if isinstance(content, bytes) else written(content)
    answer = client.post(start(joint), data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).location


def version_of(client, page):
    return client.get(page).page.one("input", name="preview").get("value")


def confirm(client, page):
    version = version_of(client, page)
    return client.post(f"{page}/confirm", data={"preview": version})


def latest(session):
    session.expire_all()
    return session.scalars(select(RosterImport).order_by(RosterImport.id.desc())).first()


def pupils(session, joint):
    session.expire_all()
    rows = session.execute(
        select(Person.school_id, Person.name)
        .join(Member, Member.person_id == Person.id)
        .where(Member.application_id == joint.entry.id, Person.is_adult.is_(False))
        .order_by(Member.id)
    )
    return [tuple(row) for row in rows]


def test_the_workbook_has_the_member_sheet_alone_with_the_schools_own_pupils(joint, guest, session):
    joint.guest_officer.locale = "zh_Hans"
    answer = guest.get(f"/guest-parts/{joint.part.ref}/entry-workbook")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [(s.title, s.sheet_state) for s in book] == [
        ("使用指南", "visible"),
        ("lists", "hidden"),
        ("成员名单", "visible"),
    ]
    rows = list(book["成员名单"].iter_rows(values_only=True))
    assert rows[0][:3] == ("姓名", "拼音/英文名", "性别")
    assert [row[0] for row in rows[1:]] == [GUEST]
    text = " ".join(str(c.value) for s in book for line in s.iter_rows() for c in line)
    assert [each for each in (LEAD, OTHER, "林望舒") if each in text] == []
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "read:workbook")).one()
    assert (noted.subject_ref, noted.facts["people"]) == (joint.guest.code, 1)


def test_the_workbook_comes_back_unchanged(joint, guest, session):
    content = guest.get(f"/guest-parts/{joint.part.ref}/entry-workbook").data
    page = upload(guest, joint, content)
    assert latest(session).counts["members"] == {
        "new": 0,
        "changed": 0,
        "unchanged": 1,
        "removed": 0,
    }
    assert "There is nothing to change." in guest.get(page).text


def test_pupils_are_previewed_then_stored_and_the_same_file_again_changes_nothing(
    joint, guest, session
):
    before = pupils(session, joint)
    content = written(members(KEPT, NEW))
    page = upload(guest, joint, content)
    shown = guest.get(page).text
    assert "王新生" in shown
    assert [each for each in (LEAD, OTHER, "林望舒") if each in shown] == []
    assert pupils(session, joint) == before
    done = guest.get(confirm(guest, page).location).location
    assert "Say on the entry's page when your pupils are complete." in guest.get(done).page.text
    assert pupils(session, joint) == [*before, (joint.guest.id, "王新生")]
    audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "roster:import")).one()
    assert (audited.subject_ref, audited.facts["entry"]) == (joint.guest.code, joint.entry.ref)
    upload(guest, joint, content)
    assert latest(session).counts["members"] == {
        "new": 0,
        "changed": 0,
        "unchanged": 2,
        "removed": 0,
    }


def test_a_pupil_left_out_is_removed_and_other_schools_pupils_stay(joint, guest, session):
    page = upload(guest, joint, members(NEW))
    assert latest(session).counts["members"]["removed"] == 1
    confirm(guest, page)
    assert pupils(session, joint) == [
        (joint.lead.id, LEAD),
        (joint.other.id, OTHER),
        (joint.guest.id, "王新生"),
    ]


def test_the_order_in_which_pupils_come_is_not_changed_by_a_file(joint, guest, session):
    confirm(guest, upload(guest, joint, members(KEPT, NEW)))
    places = select(Member.position).join(Person).where(Person.school_id == joint.guest.id)
    before = session.scalars(places.order_by(Person.name)).all()
    headings = [*HEADINGS, "声部"]
    page = upload(guest, joint, members([*NEW, "A1"], [*KEPT, "S2"], headings=headings))
    confirm(guest, page)
    session.expire_all()
    assert session.scalars(places.order_by(Person.name)).all() == before


def test_problems_are_placed_by_cell_and_nothing_is_stored(joint, guest, session):
    before = pupils(session, joint)
    wrong = [*NEW]
    wrong[3], wrong[0] = "01/03/2015", "别的合唱团"
    page = upload(guest, joint, members(KEPT, wrong))
    shown = guest.get(page).page
    assert [place.text for place in shown.all("span", class_="mono")] == ["A3", "D3"]
    assert "Here your school takes part in the group “湾区合唱团”." in guest.get(page).text
    assert guest.get(f"{page}/marked-workbook").status_code == 200
    assert pupils(session, joint) == before


@pytest.mark.parametrize("with_members", [True, False])
def test_a_group_sheet_is_refused(joint, guest, session, with_members):
    group = [GROUPS[0], [*GROUPS[1], ["湾区合唱团", "夺位人", "13900139000", "茉莉花", "03:45"]]]
    page = upload(guest, joint, [group, *(members(KEPT) if with_members else [])])
    found = latest(session)
    assert (found.state, found.counts["errors"]) == (ImportState.PROBLEMS, 1)
    assert "The group itself belongs to the lead school" in guest.get(page).text


def test_a_csv_does_as_well_and_needs_no_group(joint, guest, session):
    lines = [HEADINGS[1:], KEPT[1:], NEW[1:]]
    content = "\n".join(",".join(line) for line in lines).encode("utf-8-sig")
    confirm(guest, upload(guest, joint, content, "pupils.csv"))
    assert pupils(session, joint)[-1] == (joint.guest.id, "王新生")


def test_the_other_schools_count_for_the_groups_size(joint, guest, session):
    second = [*NEW]
    second[1] = "王二生"
    page = upload(guest, joint, members(KEPT, NEW, second))
    assert "“湾区合唱团” has 5 members; at most 4 are accepted." in guest.get(page).text
    page = upload(guest, joint, members(NEW, second))
    assert latest(session).state is ImportState.PREVIEW


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_of_a_tour_that_plans_nothing_apart_only_other_groups_are_warned_of(
    joint, guest, session, is_elsewhere
):
    """The entry itself, which another school leads, is none of them."""
    joint.category.kind = CategoryKind.STUDY_TOUR
    if is_elsewhere:
        tour = factories.category(joint.programme, kind=CategoryKind.STUDY_TOUR)
        person = session.scalars(select(Person).where(Person.name == GUEST)).one()
        factories.member(factories.application(tour, joint.guest, group_name="Robins"), person)
    session.commit()
    changed = [*KEPT]
    changed[2] = "男"
    page = guest.get(upload(guest, joint, members(changed))).page.text
    assert latest(session).counts["members"]["changed"] == 1
    assert "another school's group" not in page
    assert ("The pupil is also in the group “Robins”" in page) is is_elsewhere


def test_a_file_that_names_others_pupils_makes_them_no_members_of_the_guest(joint, guest, session):
    """The same name, birth date and even document of the lead's pupil: a person of the guest."""
    theirs = session.scalars(select(Person).where(Person.name == LEAD)).one()
    before = (theirs.id, theirs.school_id, theirs.latin_name, theirs.document_last_four)
    rows = [KEPT, ["湾区合唱团", LEAD, "女", "2016-03-01", "外人", "13900139000", "是"]]
    page = upload(guest, joint, members(*rows))
    assert latest(session).counts["members"]["new"] == 1
    confirm(guest, page)
    session.expire_all()
    assert (theirs.id, theirs.school_id, theirs.latin_name, theirs.document_last_four) == before
    assert pupils(session, joint)[-1] == (joint.guest.id, LEAD)


def test_the_pages_of_the_guests_upload_are_the_guests_alone(joint, guest, sign_in, session):
    page = upload(guest, joint, members(KEPT, NEW))
    version = version_of(guest, page)
    for officer in (joint.lead_officer, joint.neighbour_officer, joint.coordinator):
        stranger = sign_in(officer)
        for address in (page, f"{page}/marked-workbook", start(joint)):
            answer = stranger.get(address)
            assert (address, answer.status_code in {403, 404}) == (address, True)
            assert "王新生" not in answer.text
        workbook = f"/guest-parts/{joint.part.ref}/entry-workbook"
        assert stranger.get(workbook).status_code in {403, 404}
        for step in ("confirm", "check-again", "discard"):
            answer = stranger.post(f"{page}/{step}", data={"preview": version})
            assert (step, answer.status_code in {403, 404}) == (step, True)
        refused = stranger.post(start(joint), data={"file": (io.BytesIO(b"x"), "x.csv")})
        assert refused.status_code in {403, 404}
    assert latest(session).state is ImportState.PREVIEW


def test_a_guests_upload_does_not_stand_among_those_of_the_schools_own_groups(
    joint, guest, session
):
    upload(guest, joint, members(KEPT, NEW), "gast.xlsx")
    own = (
        f"/programmes/{joint.programme.code}/categories/{joint.category.code}"
        f"/schools/{joint.guest.code}/import"
    )
    assert "gast.xlsx" not in guest.get(own).text
    assert "gast.xlsx" in guest.get(start(joint)).text


def test_applying_a_guests_upload_begins_no_group_of_the_guest(joint, guest, session):
    confirm(guest, upload(guest, joint, members(NEW)))
    assert session.scalar(select(func.count(Application.id))) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("ready", "Your pupils are marked as complete."),
        ("withdrawn", "Your school takes no part in this entry (any more)."),
        ("removed", "Your school takes no part in this entry (any more)."),
        ("submitted", "The entry&#39;s members cannot be changed now."),
    ],
)
def test_a_part_that_closed_meanwhile_refuses_the_upload(joint, guest, session, change, sentence):
    page = upload(guest, joint, members(KEPT, NEW))
    before = pupils(session, joint)
    if change == "submitted":
        joint.entry.state, joint.entry.submitted_at = State.SUBMITTED, clock.now()
    else:
        joint.part.state = PartState(change)
    session.commit()
    confirm(guest, page)
    assert pupils(session, joint) == before
    assert latest(session).state is ImportState.PREVIEW
    assert sentence in guest.get(page).text


def test_a_closed_part_takes_no_upload(joint, guest, session):
    joint.part.state = PartState.READY
    session.commit()
    answer = guest.post(start(joint), data={"file": (io.BytesIO(b"x"), "x.csv")})
    assert answer.status_code == 409
    assert "Your pupils are marked as complete." in guest.get(start(joint)).text
    joint.part.state = PartState.REMOVED
    session.commit()
    assert guest.get(start(joint)).status_code == 404


def test_a_pupil_of_a_full_group_can_still_be_changed(joint, guest, session):
    """Two guests fill the group; changing one of them makes it no larger."""
    session.delete(session.scalars(select(Member).join(Person).where(Person.name == LEAD)).one())
    for number in range(2):
        factories.member(joint.entry, factories.person(joint.guest, name=f"陈{number}生"))
    session.commit()
    person = session.scalars(select(Person).where(Person.name == GUEST)).one()
    edit = f"/guest-parts/{joint.part.ref}/members/{person.ref}/edit"
    data = guest.get(edit).page.values() | {"part": "S2"}
    assert guest.post(edit, data=data).status_code == 303
