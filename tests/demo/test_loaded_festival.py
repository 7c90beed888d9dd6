"""Schools, venues and entries of the loaded demo."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from scheduler import clock
from scheduler.access.permissions import Role
from scheduler.accounts import passwords
from scheduler.accounts.models import Account, RoleGrant
from scheduler.applications.change_models import LastDecidedOn
from scheduler.applications.findings import CODE_BY_FAULT, findings_by_id
from scheduler.applications.models import (
    Application,
    HistoryEntry,
    Member,
    MemberRole,
    Nomination,
    Piece,
)
from scheduler.applications.workflow import TRANSITIONS, Action, State
from scheduler.database import transaction
from scheduler.demo import accounts, seed
from scheduler.demo.festival import read
from scheduler.demo.form import CHOIRS
from scheduler.demo.programme import CODE
from scheduler.lotteries.draw import Outcome
from scheduler.lotteries.lists import drawn_from
from scheduler.lotteries.models import Lottery, LotteryEntry, LotteryState
from scheduler.organisations.models import District, Region, School
from scheduler.panels.models import Assignment, Panel, PanelReviewer
from scheduler.panels.ranking import ranking_of
from scheduler.programmes.approval import ApprovalLevel, Quota
from scheduler.programmes.form_models import FormField
from scheduler.programmes.kinds import OrganisationRole
from scheduler.programmes.milestones import milestones_of
from scheduler.programmes.models import AttendanceWindow, Category, Programme, Venue
from scheduler.programmes.parts import parts_by_role
from scheduler.publicity.models import (
    NoticeLine,
    NoticeState,
    Objection,
    ObjectionState,
    PublicNotice,
)
from scheduler.workdays.services import calendar_for
from tests.demo.conftest import LOADED_AT

ZONE = ZoneInfo("Asia/Shanghai")
RANKED = ("G63", "G62")


def local(instant):
    return f"{instant.astimezone(ZONE):%a %H:%M}" if instant else None


def count(demo, model):
    return demo.scalar(select(func.count()).select_from(model))


def test_there_are_40_schools_of_four_regions(demo):
    regions = Counter(demo.scalars(select(School.region)))
    assert regions == {
        Region.GUANGZHOU: 26,
        Region.HONG_KONG: 6,
        Region.MACAO: 3,
        Region.OVERSEAS: 5,
    }


def test_the_guangzhou_schools_have_their_districts(demo):
    assert count(demo, District) == 11
    query = select(func.count()).where(School.district_id.is_(None)).group_by(School.region)
    assert sorted(demo.scalars(query)) == [3, 5, 6]


def test_the_organisations_are_named_in_the_order_of_a_notice(demo):
    festival = demo.scalars(select(Programme).where(Programme.code == CODE)).one()
    roles = parts_by_role(festival.organisations)
    assert [role for role, _parts in roles] == list(OrganisationRole)
    assert [parts[0].organisation.code for _role, parts in roles] == [
        "YPEB",
        "YMEB",
        "LAC",
        "HYAA",
        "CMF",
    ]
    assert festival.series.code == "festival"
    assert [level.names["zh_Hans"] for level in festival.levels] == [
        "一等展示等级",
        "二等展示等级",
        "三等展示等级",
    ]


def test_what_is_due_when_follows_the_moment_of_loading(demo):
    festival = demo.scalars(select(Programme).where(Programme.code == CODE)).one()
    shown = {
        each.code: f"{each.at.astimezone(ZONE):%m-%d %H}"
        for each in milestones_of(festival, festival.dates, calendar_for(festival.timezone))
    }
    assert list(shown.items()) == [
        ("notice", "10-23 09"),
        ("entry_opens", "10-24 09"),
        ("entry_closes", "01-22 18"),
        ("review_opens", "01-23 09"),
        ("district_review_until", "02-07 18"),
        ("municipal_review_until", "02-28 18"),
        ("review_closes", "03-07 18"),
        ("public_notice_from", "03-10 09"),
        ("confirm_by", "03-21 18"),
        ("leaders_meeting", "06-12 10"),
        ("consents_until", "06-20 18"),
        ("roster_freeze", "07-02 18"),
        ("substitutions_until", "07-12 18"),
        ("starts", "07-16 12"),
    ]


def test_exactly_five_pupils_of_g18_are_too_young(demo):
    ids = list(demo.scalars(select(Application.id)))
    found = {
        key: {finding.person_ref for finding in findings}
        for key, each in findings_by_id(ids).items()
        if (findings := [one for one in each if one.code in CODE_BY_FAULT.values()])
    }
    g18 = demo.scalars(select(Application.id).where(Application.ref == "G18")).one()
    pupils = read().groups
    both = set(pupils["G18"].members) & set(pupils["G04"].members)
    assert (len(both), found) == (5, {g18: both})


def test_the_applications_decided_on_are_61(demo):
    states = Counter(demo.scalars(select(Application.state)))
    assert {
        state: states[state]
        for state in states
        if state
        not in {
            State.DRAFT,
            State.SUBMITTED,
            State.RETURNED,
        }
    } == {
        State.ACCEPTED: 48,
        State.WAITLISTED: 6,
        State.REJECTED: 5,
        State.WITHDRAWN: 2,
    }


def test_something_is_left_to_do(demo):
    states = Counter(demo.scalars(select(Application.state)))
    assert (states[State.DRAFT], states[State.SUBMITTED], states[State.RETURNED]) == (1, 3, 1)


def test_the_accepted_fill_all_places_but_one(demo):
    free = {
        category.code: category.places_free
        for category in demo.scalars(select(Category))
        if category.places_free
    }
    assert free == {"CHOIR_SMALL": 1}


def test_places_taken_are_the_accepted_groups(demo):
    query = (
        select(Category.code, Category.places_taken, func.count())
        .join(Application)
        .where(Application.state == State.ACCEPTED)
        .group_by(Category.id)
    )
    rows = [tuple(row) for row in demo.execute(query)]
    assert len(rows) == 8
    assert [(code, accepted) for code, _, accepted in rows] == [
        (code, taken) for code, taken, _ in rows
    ]


def test_waitlists_stand_only_where_no_place_is_free(demo):
    query = select(Category.code, Application.waitlist_position).join(Application)
    waiting = query.where(Application.state == State.WAITLISTED)
    assert sorted(tuple(row) for row in demo.execute(waiting)) == [
        ("CHAMBER", 1),
        ("CHOIR_TREBLE_J", 1),
        ("CHOIR_TREBLE_P", 1),
        ("CHOIR_TREBLE_P", 2),
        ("CHOIR_TREBLE_P", 3),
        ("STRING_ORCH", 1),
    ]


def test_every_history_is_one_that_the_workflow_allows(demo):
    entries = list(demo.scalars(select(HistoryEntry)))
    steps = [(e.from_state, e.action, e.to_state) for e in entries if e.action != Action.CREATE]
    assert [(f, a, t) for f, a, t in steps if TRANSITIONS.get((f, a)) is not t] == []


def test_every_history_ends_in_the_application_s_state_before_the_demo_was_loaded(demo):
    last = {}
    for entry in demo.scalars(select(HistoryEntry).order_by(HistoryEntry.at, HistoryEntry.id)):
        last[entry.application_id] = entry
    states = {a.id: a.state for a in demo.scalars(select(Application))}
    assert {key: entry.to_state for key, entry in last.items()} == states
    assert max(entry.at for entry in last.values()) < LOADED_AT


def test_a_place_that_was_left_went_to_the_first_on_the_waitlist(demo):
    query = (
        select(HistoryEntry.action)
        .join(Application)
        .where(Application.ref == "G26")
        .order_by(HistoryEntry.id)
    )
    assert list(demo.scalars(query)) == [
        Action.CREATE,
        Action.SUBMIT,
        Action.WAITLIST,
        Action.ACCEPT,
    ]


def test_every_group_plays_two_works_within_its_limit(demo):
    query = (
        select(Category.max_minutes, func.count(), func.sum(Piece.duration_seconds))
        .select_from(Piece)
        .join(Application)
        .join(Category, Application.category_id == Category.id)
        .group_by(Application.id, Category.id)
    )
    rows = list(demo.execute(query))
    assert {works for _, works, _ in rows} == {2}
    assert [row for row in rows if row[2] > row[0] * 60] == []


def test_every_group_has_the_adults_its_category_asks_for(demo):
    roles = {}
    for application_id, role in demo.execute(select(Member.application_id, Member.role)):
        roles.setdefault(application_id, set()).add(role)
    for application in demo.scalars(select(Application)):
        category = application.category
        needed = {MemberRole.LEADER, MemberRole.ADVISER, MemberRole.PUPIL}
        needed |= {MemberRole.CONDUCTOR} if category.needs_conductor else set()
        needed |= {MemberRole.ACCOMPANIST} if category.needs_accompanist else set()
        assert roles[application.id] == needed, application.ref


def test_every_group_has_a_size_that_its_category_allows(demo):
    query = (
        select(Application.ref, Category.min_members, Category.max_members, func.count())
        .select_from(Member)
        .join(Application)
        .join(Category, Application.category_id == Category.id)
        .where(Member.role == MemberRole.PUPIL)
        .group_by(Application.id, Category.id)
    )
    outside = [ref for ref, least, most, size in demo.execute(query) if not least <= size <= most]
    assert outside == []


def test_a_stage_is_closed_on_saturday_afternoon(demo):
    closed = [
        (venue.code, local(closure.starts_at), local(closure.ends_at))
        for venue in demo.scalars(select(Venue))
        for closure in venue.closures
    ]
    assert closed == [("V1", "Sat 13:00", "Sat 18:00")]


def test_the_stages_are_open_on_saturday_and_until_noon_on_sunday(demo):
    venue = demo.scalars(select(Venue).where(Venue.code == "V3")).one()
    assert [(local(h.opens_at), local(h.closes_at)) for h in venue.hours] == [
        ("Sat 08:30", "Sat 12:30"),
        ("Sat 13:30", "Sat 18:00"),
        ("Sat 18:30", "Sat 20:30"),
        ("Sun 08:30", "Sun 12:00"),
    ]


def test_regions_arrive_and_leave_in_their_windows(demo):
    windows = {
        window.region: (local(window.earliest_at), local(window.latest_at))
        for window in demo.scalars(select(AttendanceWindow))
    }
    assert windows == {
        Region.HONG_KONG: ("Fri 10:30", "Sun 17:00"),
        Region.MACAO: ("Fri 10:30", "Sun 17:00"),
        Region.OVERSEAS: ("Fri 12:00", None),
    }


def test_entry_is_open_when_the_demo_is_loaded(demo):
    programme = demo.scalars(select(Programme)).one()
    assert (programme.code, programme.is_demo) == (CODE, True)
    assert programme.is_open_at(LOADED_AT)
    assert programme.starts_on == dt.date(2027, 7, 16)


def test_there_is_one_sign_in_for_each_role_and_a_neighbour(demo):
    emails = [person.email for person in accounts.SIGN_INS]
    query = select(RoleGrant.role).join(Account).where(Account.email.in_(emails))
    assert Counter(demo.scalars(query)) == dict.fromkeys(Role, 1) | {Role.SCHOOL_OFFICER: 2}


def test_the_printed_password_opens_the_shown_accounts_and_no_other(demo):
    query = select(Account).where(Account.password_hash.is_not(None)).order_by(Account.id)
    shown = list(demo.scalars(query))
    assert [account.email for account in shown] == [person.email for person in accounts.SIGN_INS]
    assert passwords.is_right(shown[0].password_hash, accounts.PASSWORD)


def test_loading_again_changes_nothing(demo):
    before = count(demo, Member), count(demo, HistoryEntry)
    with transaction():
        is_new = seed.load(now=clock.now())
    assert (is_new, (count(demo, Member), count(demo, HistoryEntry))) == (False, before)


def test_nominations_keep_within_the_quotas_of_every_level(demo):
    rows = demo.execute(
        select(ApprovalLevel.kind, Quota.places, func.count())
        .select_from(Nomination)
        .join(ApprovalLevel, Nomination.level_id == ApprovalLevel.id)
        .join(Quota, Nomination.quota_id == Quota.id)
        .group_by(ApprovalLevel.kind, ApprovalLevel.position, Quota.id, Nomination.quota_key)
    )
    used = {}
    for kind, places, count in rows:
        used.setdefault(kind, []).append((count, places))
    most = {kind: max(counts) for kind, counts in used.items()}
    assert most == {"school": (3, 4), "district": (18, 20), "city": (56, 64)}


def test_entries_wait_at_the_levels_that_the_demo_page_names(demo):
    rows = demo.execute(
        select(Application.ref, ApprovalLevel.kind).join(
            ApprovalLevel, Application.level_id == ApprovalLevel.id
        )
    )
    assert dict(rows.all()) == {
        "G62": "organiser",
        "G63": "organiser",
        "G64": "city",
        "G65": "district",
    }


def test_the_district_will_see_what_the_returned_entry_became(demo):
    seen = (
        select(ApprovalLevel.kind, LastDecidedOn.marked, LastDecidedOn.is_asking)
        .join(LastDecidedOn, LastDecidedOn.level_id == ApprovalLevel.id)
        .join(Application, LastDecidedOn.application_id == Application.id)
        .where(Application.ref == "G65")
    )
    assert [tuple(row) for row in demo.execute(seen)] == [("district", ["pieces"], True)]


def test_a_public_notice_stands_with_one_objection(demo):
    notice = demo.scalars(select(PublicNotice)).one()
    assert notice.state_at(LOADED_AT) is NoticeState.PUBLISHED
    assert count(demo, NoticeLine) == 48
    objection = demo.scalars(select(Objection)).one()
    assert (objection.ref, objection.state) == ("O-DEMO", ObjectionState.OPEN)


def test_a_lottery_of_the_last_place_is_drawn_and_waits_to_be_applied(demo):
    lottery = demo.scalars(select(Lottery)).one()
    assert lottery.state is LotteryState.DRAWN
    drawn = drawn_from(lottery.list_text, lottery.seed)
    stored = demo.scalars(select(LotteryEntry).order_by(LotteryEntry.rank))
    assert [(e.receipt, e.outcome, e.application.ref) for e in stored] == [
        (drawn[0].entry.receipt, Outcome.PLACE, RANKED[0]),
        (drawn[1].entry.receipt, Outcome.WAITING, RANKED[1]),
    ]


def test_the_entry_form_asks_three_things_and_most_is_answered(demo):
    form = list(demo.scalars(select(FormField).order_by(FormField.position)))
    assert [(f.code, f.owner, f.kind, f.is_required) for f in form] == [
        ("accompaniment", "group", "choice", True),
        ("video", "group", "video", False),
        ("shirt", "member", "choice", False),
    ]
    groups = list(demo.scalars(select(Application)))
    assert sum("video" in group.answers for group in groups) == 65
    assert sum("accompaniment" in group.answers for group in groups) == len(
        [group for group in groups if group.category.code in CHOIRS]
    )
    pupils = list(demo.scalars(select(Member).where(Member.role == MemberRole.PUPIL)))
    assert [p.application.ref for p in pupils if "shirt" not in p.answers] == ["G66"]


def test_the_citys_panel_has_judged_all_but_one_case_of_its_first_reviewer(demo):
    panel = demo.scalars(select(Panel)).one()
    query = select(Account.email, Assignment.stage, func.count()).select_from(Assignment)
    rows = demo.execute(
        query.join(PanelReviewer, Assignment.reviewer_id == PanelReviewer.id)
        .join(Account, PanelReviewer.account_id == Account.id)
        .group_by(Account.email, Assignment.stage)
        .order_by(Account.email, Assignment.stage)
    )
    assert [tuple(row) for row in rows] == [
        ("city@demo.example", "judged", 9),
        ("city@demo.example", "to_judge", 1),
        ("juror.a@demo.example", "judged", 10),
        ("juror.b@demo.example", "judged", 10),
    ]
    (table,) = ranking_of(panel).values()
    assert [row.application.ref for row in table.candidates] == ["G64"]
    assert all(row.standing is not None for row in table.rows)
