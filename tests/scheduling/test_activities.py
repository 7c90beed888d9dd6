"""Activities beside the performances: planned by the same rules, in the same calendars."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.models import MemberRole
from scheduler.applications.published import leave_timetable
from scheduler.calendars.entries import EntryKind
from scheduler.calendars.models import CalendarEntry, EntryAudience
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.programmes.models import VenueHours
from scheduler.scheduling.activities import services
from scheduler.scheduling.activities.models import (
    ActivityKind,
    Attendance,
    Before,
    Invited,
    StaffInvited,
)
from scheduler.scheduling.activities.planning import turns_in
from scheduler.scheduling.activities.services import ActivityDetails
from scheduler.scheduling.board import editing
from scheduler.scheduling.engine import STAGE, Part
from scheduler.scheduling.engine.search import solve
from scheduler.scheduling.items import turns_of
from scheduler.scheduling.models import Slot
from scheduler.scheduling.parties.staff_models import Duty
from scheduler.scheduling.placing import place, slots_of
from scheduler.scheduling.releases.rolling_back import draft_of
from scheduler.scheduling.services import slots_of_plan
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.timetable import latest_release, performances_of
from scheduler.scheduling.verdict import broken_rules, sentences
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release


@pytest.fixture
def leaders(festival, session):
    """A leader in each group."""
    made = {}
    for group in (
        festival.hill_choir,
        festival.lake_choir,
        festival.hill_band,
        festival.lake_band,
    ):
        person = factories.person(group.school, is_adult=True)
        factories.member(group, person, role=MemberRole.LEADER)
        made[group.ref] = person
    session.commit()
    return made


@pytest.fixture
def meeting(festival, leaders, session):
    made = factories.activity(festival.programme, name="领队会议", names={"en": "Leaders' meeting"})
    session.commit()
    return made


@pytest.fixture
def rehearsal(festival, session):
    """A stage rehearsal of twenty minutes for each band, before it performs."""
    made = factories.activity(
        festival.programme,
        festival.hill_band,
        festival.lake_band,
        kind=ActivityKind.REHEARSAL,
        name="Stage rehearsal",
        minutes=20,
        setup_minutes=5,
        clear_minutes=10,
        attendance=Attendance.EVERYBODY,
        for_each_group=True,
        before=Before.BEFORE,
        venues=[festival.hall],
    )
    session.commit()
    return made


def put(plan, item, venue, starts_at):
    slot = Slot.of(item, warmup_room=0)
    place(slot, programme=plan.programme, venue=venue, starts_at=starts_at)
    plan.slots.append(slot)
    return slot


def told(plan, app):
    with app.test_request_context():
        situation = situation_of(plan.programme)
        return sorted(sentences(situation, broken_rules(plan, plan.slots)))


def details(**values):
    defaults = {
        "kind": ActivityKind.MEETING,
        "name": "Meeting",
        "names": {},
        "minutes": 30,
        "setup_minutes": 0,
        "clear_minutes": 0,
        "invited": Invited.ALL,
        "category": None,
        "chosen": [],
        "attendance": Attendance.LEADERS,
        "staff": StaffInvited.NONE,
        "for_each_group": False,
        "times": 1,
        "on_other_days": False,
        "before": Before.ANY,
        "earliest_at": None,
        "latest_at": None,
        "venues": [],
    }
    return ActivityDetails(**(defaults | values))


def test_a_turn_has_its_own_ref_names_and_groups(festival, rehearsal, meeting):
    refs = sorted((festival.hill_band.ref, festival.lake_band.ref))
    turns = turns_of(rehearsal)
    assert [turn.ref for turn in turns] == [f"{rehearsal.ref}-{ref}" for ref in refs]
    assert sorted(turn.names["zh_Hans"] for turn in turns) == [
        "Stage rehearsal · Hill Band",
        "Stage rehearsal · Lake Band",
    ]
    (whole,) = turns_of(meeting)
    assert (whole.ref, whole.key) == (meeting.ref, f"activity:{meeting.ref}")
    assert whole.names == {
        "en": "Leaders' meeting",
        "zh_Hans": "领队会议",
        "zh_Hant_HK": "领队会议",
    }
    assert len(whole.groups) == 4


def test_the_second_time_leaves_the_first_its_ref(festival, meeting, session):
    meeting.times = 2
    session.commit()
    assert [turn.ref for turn in turns_of(meeting)] == [meeting.ref, f"{meeting.ref}-2"]
    assert [turn.names["en"] for turn in turns_of(meeting)] == [
        "Leaders' meeting 1",
        "Leaders' meeting 2",
    ]


def test_who_was_accepted_since_takes_part(festival, meeting, session):
    new = festival.group("New Choir", festival.choirs, festival.lake, 2)
    session.commit()
    (whole,) = turns_in(festival.programme)
    assert new in whole.groups


def test_the_problem_knows_parts_people_venues_and_order(festival, rehearsal):
    problem = situation_of(festival.programme).problem
    ref = f"{rehearsal.ref}-{festival.hill_band.ref}"
    turn = problem.activity_by_id[ref]
    kind = f"place for {rehearsal.ref}"
    assert turn.parts == (
        Part(STAGE, -5, 5, attended=False),
        Part(STAGE, 0, 20),
        Part(STAGE, 20, 10, attended=False),
        Part(kind, 0, 20),
    )
    assert turn.size == 5  # four pupils, one of them of the choir too, and the conductor
    assert {venue.id: venue.rooms_of(kind) for venue in problem.venues} == {"HALL": 1, "ROOM": 0}
    rules = [rule for rule in problem.rules if ref in rule.activities]
    assert [rule.activities for rule in rules] == [(ref, festival.hill_band.ref)]
    own = {party.activities for party in problem.parties if ref in party.activities}
    choir, band = festival.hill_choir.ref, festival.hill_band.ref
    assert own == {tuple(sorted((band, ref))), tuple(sorted((choir, band, ref)))}


def test_a_leader_is_kept_apart_from_their_own_group_only(festival, meeting, leaders):
    problem = situation_of(festival.programme).problem
    own = [party.activities for party in problem.parties if meeting.ref in party.activities]
    assert sorted(own) == sorted(tuple(sorted((ref, meeting.ref))) for ref in leaders)
    assert problem.activity_by_id[meeting.ref].size == 0


def test_staff_that_takes_part_is_kept_free(festival, meeting, session):
    meeting.staff = StaffInvited.ACCOMPANISTS
    pianist = factories.staff_member(
        programme=festival.programme, categories=[], duty=Duty.ACCOMPANIST
    )
    factories.staff_member(festival.choirs)
    session.commit()
    parties = {party.id: party for party in situation_of(festival.programme).problem.parties}
    assert parties[pianist.ref].activities == (meeting.ref,)


def test_a_search_places_all_together(festival, rehearsal, meeting):
    meeting.times, meeting.latest_at = 2, at(18)
    situation = situation_of(festival.programme)
    result = solve(situation.problem, seconds=20)
    starts = {one.activity: one.start for one in result.plan.placements}
    assert starts.keys() == situation.items.keys()
    for band in (festival.hill_band, festival.lake_band):
        assert starts[f"{rehearsal.ref}-{band.ref}"] + 20 <= starts[band.ref]
    assert starts[meeting.ref] < starts[f"{meeting.ref}-2"]
    slots = {slot.item.ref: slot for slot in slots_of(result.plan, situation)}
    slot = slots[meeting.ref]
    assert (slot.warmup_room, slot.warmup_starts_at, slot.ends_at) == (
        0,
        slot.starts_at,
        slot.starts_at + dt.timedelta(minutes=60),
    )


def test_on_different_days(festival, meeting, session):
    meeting.times, meeting.on_other_days = 2, True
    for venue in (festival.hall, festival.room):
        opens, day = venue.hours[0], dt.timedelta(days=1)
        venue.hours.append(
            VenueHours(opens_at=opens.opens_at + day, closes_at=opens.closes_at + day)
        )
    session.commit()
    situation = situation_of(festival.programme)
    result = solve(situation.problem, seconds=20)
    days = {
        one.activity: one.start // (24 * 60)
        for one in result.plan.placements
        if one.activity.startswith(meeting.ref)
    }
    assert sorted(days.values()) == [0, 1]


def test_what_is_broken_is_told_in_words(festival, plan, rehearsal, meeting, app, session):
    meeting.latest_at, rehearsal.earliest_at = at(12), at(11, 10)
    turns = {turn.ref: turn for turn in turns_in(festival.programme)}
    hill = turns[f"{rehearsal.ref}-{festival.hill_band.ref}"]
    lake = turns[f"{rehearsal.ref}-{festival.lake_band.ref}"]
    put(plan, hill, festival.hall, at(16))
    put(plan, lake, festival.room, at(11))
    put(plan, turns[meeting.ref], festival.hall, at(13))
    session.commit()
    assert told(plan, app) == [
        "1 person is in Hill Band, Leaders' meeting at once: these overlap by 35 min.",
        (
            "1 person is in Lake Band, Leaders' meeting, with 5 min between them; the way alone "
            "takes 20 min."
        ),
        (
            "Leaders' meeting would be from Fri 16 July 2027 13:00 to Fri 16 July 2027 14:00, "
            "outside of the times set for it."
        ),
        "Stage rehearsal · Hill Band has to be over before Hill Band begins.",
        "Stage rehearsal · Lake Band is in Small Room, which is none of the venues chosen for it.",
        (
            "Stage rehearsal · Lake Band would be from Fri 16 July 2027 11:00 to Fri 16 July 2027 "
            "11:20, outside of the times set for it."
        ),
    ]


def test_a_removed_activity_is_a_broken_rule_of_drafts(
    festival, plan, meeting, actor, app, session
):
    put(plan, turns_of(meeting)[0], festival.hall, at(15, 30))
    session.commit()
    assert told(plan, app) == []
    with transaction():
        services.remove_activity(meeting, actor=actor, now=clock.now())
    assert told(plan, app) == [
        "Leaders' meeting is no longer planned, but still has a time. Remove it from the draft."
    ]
    with pytest.raises(NotFound):
        services.find_activity("small", meeting.ref)


def test_it_is_placed_moved_and_locked_by_hand(festival, plan, meeting, actor, session):
    with transaction():
        editing.move(
            plan,
            application_ref=meeting.ref,
            venue_code="ROOM",
            starts_at=at(12),
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )
    with transaction():
        editing.set_lock(
            plan,
            application_ref=meeting.ref,
            is_locked=True,
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )
    slot = editing.slot_of(plan, meeting.ref)
    assert (slot.venue.code, slot.starts_at, slot.changeover_ends_at) == ("ROOM", at(12), at(13))
    problem = situation_of(festival.programme, slots_of_plan(plan)).problem
    assert meeting.ref in {lock.activity for lock in problem.locks}


def entries(session):
    return {entry.key: entry for entry in session.scalars(select(CalendarEntry))}


def audiences(session, entry):
    """Whose calendar it is in, but for those whose business it is by their role."""
    rows = session.execute(
        select(EntryAudience.kind, EntryAudience.key).where(
            EntryAudience.entry_id == entry.id,
            EntryAudience.kind.in_(("person", "school", "venue")),
        )
    )
    return {f"{kind} {key}" for kind, key in rows}


@pytest.fixture
def released(festival, plan, meeting, rehearsal, actor, app, session):
    """The draft with meeting and rehearsals, as release 1."""
    turns = {turn.ref: turn for turn in turns_in(festival.programme)}
    put(plan, turns[meeting.ref], festival.hall, at(15, 30))
    put(plan, turns[f"{rehearsal.ref}-{festival.hill_band.ref}"], festival.hall, at(11, 30))
    put(plan, turns[f"{rehearsal.ref}-{festival.lake_band.ref}"], festival.hall, at(12, 5))
    session.commit()
    assert told(plan, app) == []
    release(plan, actor, secret_key=app.secret_key)
    session.commit()
    return plan


def test_calendars_of_those_who_take_part_get_it(festival, released, meeting, leaders, session):
    entry = entries(session)[f"activity:{meeting.ref}"]
    assert audiences(session, entry) == {
        "school HILL",
        "school LAKE",
        "venue small/HALL",
        *(f"person {person.ref}" for person in leaders.values()),
    }
    assert (entry.starts_at, entry.ends_at) == (at(15, 30), at(16, 30))
    assert entry.kind is EntryKind.MEETING
    assert entry.texts["en"]["summary"] == "Leaders' meeting"
    assert entry.texts["zh_Hans"]["summary"] == "领队会议"
    assert entry.texts["en"]["details"][:2] == ["Time: 15:30–16:30", "Meeting"]


def test_a_groups_own_turn_is_nobody_elses(festival, released, rehearsal, session):
    entry = entries(session)[f"activity:{rehearsal.ref}-{festival.hill_band.ref}"]
    own = {f"person {member.person.ref}" for member in festival.hill_band.members}
    assert audiences(session, entry) == {"school HILL", "venue small/HALL", *own}


def test_a_move_keeps_the_uid_and_counts_only_there(
    festival, released, meeting, actor, app, session
):
    before = {key: (entry.uid, entry.sequence) for key, entry in entries(session).items()}
    with transaction():
        editing.move(
            released,
            application_ref=meeting.ref,
            venue_code="HALL",
            starts_at=at(16),
            edition=released.edition,
            actor=actor,
            now=clock.now(),
        )
    release(released, actor, secret_key=app.secret_key)
    after = {key: (entry.uid, entry.sequence) for key, entry in entries(session).items()}
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {f"activity:{meeting.ref}"}
    uid, sequence = before[f"activity:{meeting.ref}"]
    assert after[f"activity:{meeting.ref}"] == (uid, sequence + 1)


def test_a_release_tells_what_was_published_whatever_became_of_it(
    festival, released, meeting, actor, session
):
    with transaction():
        services.remove_activity(meeting, actor=actor, now=clock.now())
    lines = {line.item.ref: line for line in performances_of(latest_release(festival.programme))}
    line = lines[meeting.ref]
    assert (line.item.names["en"], line.starts_at, len(line.item.groups)) == (
        "Leaders' meeting",
        at(15, 30),
        4,
    )
    made = draft_of(latest_release(festival.programme), actor=actor, now=clock.now())
    assert made.left == ["Leaders' meeting"]
    assert len(made.plan.slots) == 6


def test_who_leaves_a_group_loses_its_activities_at_once(
    festival, released, meeting, rehearsal, leaders, session
):
    pupil, leader = festival.hill_band.members[0].person, leaders[festival.hill_band.ref]
    own = f"activity:{rehearsal.ref}-{festival.hill_band.ref}"
    with transaction():
        leave_timetable(festival.hill_band, [pupil, leader], now=clock.now())
    now = entries(session)
    assert f"person {pupil.ref}" not in audiences(session, now[own])
    assert f"person {leader.ref}" not in audiences(session, now[f"activity:{meeting.ref}"])
    rest = {f"person {p.ref}" for ref, p in leaders.items() if ref != festival.hill_band.ref}
    assert rest <= audiences(session, now[f"activity:{meeting.ref}"])


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"invited": Invited.CATEGORY}, "activity_category"),
        ({"invited": Invited.CHOSEN}, "activity_groups"),
        ({"invited": Invited.NONE}, "activity_nobody"),
        (
            {"invited": Invited.NONE, "staff": StaffInvited.ALL, "for_each_group": True},
            "activity_groups",
        ),
        ({"times": 9, "on_other_days": True}, "activity_days"),
        ({"earliest_at": at(9), "latest_at": at(9, 20)}, "activity_span"),
    ],
)
def test_what_can_never_take_place_is_refused(festival, actor, values, code):
    with pytest.raises(Refused) as refused:
        services.add_activity(festival.programme, details(**values), actor=actor, now=clock.now())
    assert refused.value.code == code
    assert services.activities_of(festival.programme) == []


def test_the_same_form_twice_adds_one(festival, actor):
    for _time in range(2):
        with transaction():
            services.add_activity(festival.programme, details(), actor=actor, now=clock.now())
    (made,) = services.activities_of(festival.programme)
    assert made.groups == sorted(made.groups, key=lambda group: group.ref)
    assert len(made.groups) == 4
