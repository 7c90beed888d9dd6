"""Something happened: who is hit is shown first, then kept, respected, repaired, and let go."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.models import MemberRole
from scheduler.audit.models import AuditEntry
from scheduler.database import transaction
from scheduler.errors import Conflict, Refused
from scheduler.notifications.models import Mail
from scheduler.scheduling import services
from scheduler.scheduling.happenings import services as happenings
from scheduler.scheduling.happenings.absences import Report
from scheduler.scheduling.happenings.hits import hits_of
from scheduler.scheduling.happenings.models import (
    Happening,
    HappeningKind,
    HappeningState,
    Repair,
)
from scheduler.scheduling.models import Plan, PlanState
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases.publishing import preview
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.standing import standing_of
from tests import factories
from tests.factories import at

BASE = "/programmes/small/happenings"
DAY = "2027-07-16"
OUT = {"venue": "ROOM", "day": DAY, "since": "14:30", "until": "15:30"} | {
    "notice": "0",
    "seconds": "10",
}


@pytest.fixture
def client(sign_in, festival, published):
    return sign_in(festival.coordinator)


def names(hits):
    return [hit.line.item.title for hit in hits.groups]


def out(festival, start=None, end=None):
    start, end = start or at(14, 30), end or at(15, 30)
    return Report(HappeningKind.VENUE_OUT, start, end, venue=festival.room)


def kept(festival, told, actor):
    with transaction():
        return happenings.report(festival.programme, told, actor=actor, now=clock.now())


def test_who_is_hit_by_a_venue_is_counted_and_nothing_is_kept(festival, published, session):
    found = hits_of(festival.programme, [out(festival)])
    assert names(found) == ["Lake Band"]
    assert (found.schools, found.people) == (1, 5)
    assert "closed" in found.groups[0].sentences[0]
    assert session.scalars(select(Happening)).all() == []
    assert festival.room.closures == []


def test_a_persons_absence_hits_all_of_their_groups_and_no_others(festival, published):
    told = Report(HappeningKind.PERSON_AWAY, at(9), at(15), person=festival.twice)
    assert names(hits_of(festival.programme, [told])) == ["Hill Choir", "Hill Band"]
    later = Report(HappeningKind.PERSON_AWAY, at(15), at(18), person=festival.twice)
    assert names(hits_of(festival.programme, [later])) == []


@pytest.mark.parametrize(
    ("kind", "start", "end", "hit"),
    [
        (HappeningKind.SCHOOL_AWAY, at(0), at(9, 41), ["Lake Choir"]),
        (HappeningKind.SCHOOL_AWAY, at(0), at(9, 40), []),
        (HappeningKind.SCHOOL_AWAY, at(14, 52), at(0, day=3), []),
        (HappeningKind.SCHOOL_AWAY, at(14, 51), at(0, day=3), ["Lake Band"]),
        (HappeningKind.SCHOOL_DAY, at(0, day=1), at(0, day=2), ["Lake Choir", "Lake Band"]),
        (HappeningKind.SCHOOL_DAY, at(0), at(0, day=1), []),
    ],
)
def test_a_school_is_hit_from_its_call_to_its_end_on_stage(
    festival, published, kind, start, end, hit
):
    told = Report(kind, start, end, school=festival.lake)
    assert names(hits_of(festival.programme, [told])) == hit


def test_what_is_kept_counts_for_every_plan_until_it_is_taken_back(
    festival, published, actor, session
):
    before = situation_of(festival.programme).problem
    made = kept(festival, out(festival), actor)
    told = Report(HappeningKind.SCHOOL_AWAY, at(0), at(12), school=festival.lake)
    late = kept(festival, told, actor)
    assert services.is_stale(published)
    assert [(c.starts_at, c.ends_at) for c in festival.room.closures] == [(at(14, 30), at(15, 30))]
    limits = [one.activities for one in situation_of(festival.programme).problem.time_limits]
    assert limits == [tuple(sorted((festival.lake_choir.ref, festival.lake_band.ref)))]
    assert len(standing_of(festival.programme).problems) == 2
    for one in (made, late):
        with transaction():
            happenings.take_back(one, version=one.version, actor=actor, now=clock.now())
    session.expire_all()
    assert situation_of(festival.programme).problem == before
    assert [one.state for one in session.scalars(select(Happening))] == [
        HappeningState.TAKEN_BACK,
        HappeningState.TAKEN_BACK,
    ]
    noted = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    actions = [action for action in noted if "happ" in action]
    assert actions == ["happening:report"] * 2 + ["happening:take_back"] * 2


def test_the_same_report_twice_is_one(festival, published, actor, session):
    assert kept(festival, out(festival), actor).id == kept(festival, out(festival), actor).id
    assert len(festival.room.closures) == 1


def test_what_ends_now_was_true_until_now(festival, published, actor, session):
    now = clock.now()
    told = out(festival, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1))
    made = kept(festival, told, actor)
    with transaction():
        happenings.end(made, version=made.version, actor=actor, now=now)
    session.expire_all()
    assert (made.state, made.ends_at) == (HappeningState.ENDED, now)
    assert [(c.starts_at, c.ends_at) for c in festival.room.closures] == [
        (now - dt.timedelta(hours=1), now)
    ]
    with pytest.raises(Refused) as over:
        happenings.take_back(made, version=made.version, actor=actor, now=now)
    assert over.value.code is Refusal.HAPPENING_OVER


def test_what_has_not_begun_is_taken_back_instead_of_ended(festival, published, actor):
    made = kept(festival, out(festival), actor)
    with pytest.raises(Refused) as refused:
        happenings.end(made, version=made.version, actor=actor, now=clock.now())
    assert refused.value.code is Refusal.NOT_GOING_ON
    with pytest.raises(Conflict):
        happenings.take_back(made, version=made.version + 1, actor=actor, now=clock.now())


def test_a_closure_changed_by_hand_since_is_left_alone(festival, published, actor, session):
    made = kept(festival, out(festival), actor)
    festival.room.closures[0].ends_at = at(16)
    session.commit()
    with transaction():
        happenings.take_back(made, version=made.version, actor=actor, now=clock.now())
    session.expire_all()
    assert [one.ends_at for one in festival.room.closures] == [at(16)]


def test_a_suspended_group_can_be_left_out_of_the_next_release(festival, published, actor, session):
    with transaction():
        happenings.suspend(festival.programme, [festival.lake_band], actor=actor, now=clock.now())
        happenings.suspend(festival.programme, [festival.lake_band], actor=actor, now=clock.now())
    assert len(session.scalars(select(Happening)).all()) == 1
    published.slots = [s for s in published.slots if s.application is not festival.lake_band]
    session.commit()
    seen = preview(published, now=clock.now())
    assert (seen.broken, len(seen.difference.cancelled)) == ([], 1)


# The pages


def test_the_page_shows_who_is_hit_then_keeps_it_and_repairs(client, festival, session):
    mails = len(session.scalars(select(Mail)).all())
    looked = client.post(f"{BASE}/venue", data=OUT)
    assert looked.status_code == 200
    assert "Lake Band" in looked.page.text
    assert "Hill Band" not in looked.page.text
    assert session.scalars(select(Happening)).all() == []
    seen = looked.page.values()["seen"]
    started = client.post(f"{BASE}/venue", data=OUT | {"seen": seen, "step": "mend"})
    plan = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    assert started.location == f"/plans/{plan.ref}/progress"
    assert client.get(started.location).location == f"/plans/{plan.ref}/repair"
    assert (plan.state, plan.moved, plan.is_fewest) == (PlanState.DRAFT, 1, True)
    page = client.get(f"/plans/{plan.ref}/repair").page
    assert "Lake Band" in page.text
    assert "no repair moves fewer" in page.text
    assert "Hill Choir" not in page.text
    assert "Small Room is out" in client.get(BASE).page.text
    assert len(session.scalars(select(Mail)).all()) == mails


def test_a_repair_leaves_the_frozen_zone_alone_and_says_so(
    sign_in, published, festival, session, frozen
):
    festival.programme.frozen_hours = 48
    session.commit()
    frozen(2027, 7, 16, 0)  # 08:00, two hours before the first group
    client = sign_in(festival.coordinator)
    seen = client.post(f"{BASE}/venue", data=OUT).page.values()["seen"]
    client.post(f"{BASE}/venue", data=OUT | {"seen": seen, "step": "mend"})
    plan = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    assert session.get_one(Repair, plan.id).asked["zone"] == {"hours": 48, "is_left": True}
    page = client.get(f"/plans/{plan.ref}/repair").page.text
    assert "Who begins within 48 hours stays where the release has them" in page
    assert "1 group is moved or cancelled within 48 h before its time" in page
    assert "within the frozen zone" in page


def test_what_was_changed_since_it_was_shown_is_shown_first(client, session):
    seen = client.post(f"{BASE}/venue", data=OUT).page.values()["seen"]
    changed = OUT | {"since": "13:00", "seen": seen, "step": "keep"}
    answer = client.post(f"{BASE}/venue", data=changed)
    assert answer.status_code == 200
    assert "Hill Band" in answer.page.text
    assert session.scalars(select(Happening)).all() == []


def test_times_in_the_wrong_order_are_refused_beside_the_field(client, session):
    data = OUT | {"since": "16:00"}
    seen = client.post(f"{BASE}/venue", data=data)
    assert seen.status_code == 409
    assert "ends before it begins" in seen.page.text


def test_a_school_that_comes_late_needs_its_time(client, festival, session):
    data = {"school": "LAKE", "what": "late", "day": DAY, "notice": "0", "seconds": "10"}
    assert client.post(f"{BASE}/school", data=data).status_code == 422
    answer = client.post(f"{BASE}/school", data=data | {"until": "10:00"})
    assert "Lake Choir" in answer.page.text
    assert "Hill Choir" not in answer.page.text


def test_somebody_is_chosen_through_their_group(client, festival, session):
    stranger = factories.person(festival.lake, name="Nobody Else")
    session.commit()
    assert "Hill Choir" in client.get(f"{BASE}/person").page.text
    address = f"{BASE}/person?group={festival.hill_choir.ref}"
    page = client.get(address).page.text
    assert festival.twice.name in page
    assert stranger.name not in page
    data = {"person": festival.twice.ref, "day": DAY, "until": "12:00"}
    answer = client.post(address, data=data | {"notice": "0", "seconds": "10"})
    assert "Hill Choir" in answer.page.text
    assert client.get(f"{BASE}/person?group=NONE").status_code == 404
    other = data | {"person": stranger.ref, "notice": "0", "seconds": "10"}
    assert client.post(address, data=other).status_code == 422


def test_a_late_group_gets_a_time_and_nobody_moves(client, festival, session):
    festival.group("Late Choir", festival.choirs, festival.lake, 4)
    session.commit()
    started = client.post(f"{BASE}/mend", data={"notice": "0", "seconds": "10"})
    plan = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    assert started.location == f"/plans/{plan.ref}/progress"
    assert (plan.moved, plan.is_fewest, len(plan.slots)) == (0, True, 5)


def test_what_fits_nowhere_is_listed_with_its_reason_and_can_be_suspended(
    client, festival, actor, session
):
    for venue in (festival.hall, festival.room):
        told = Report(HappeningKind.VENUE_OUT, at(9, 55), at(0, day=3), venue=venue)
        kept(festival, told, actor)
    client.post(f"{BASE}/mend", data={"notice": "0", "seconds": "10"})
    plan = session.scalars(select(Plan).order_by(Plan.id.desc())).first()
    made = session.get_one(Repair, plan.id)
    assert plan.state is PlanState.DRAFT
    assert made.is_in_part
    assert len(made.left_out) == made.left_out_bound == 2
    page = client.get(f"/plans/{plan.ref}/repair").page.text
    assert "2 groups have no time" in page
    assert "Great Hall is not used while it is closed." in page
    client.post(f"/plans/{plan.ref}/repair/suspend")
    session.expire_all()
    assert set(situation_of(festival.programme).items).isdisjoint(made.left_out)


def test_a_happening_is_taken_back_on_the_page(client, festival, actor, session):
    made = kept(festival, out(festival), actor)
    stale = client.post(f"/happenings/{made.ref}/take-back", data={"version": 99})
    assert stale.status_code == 409
    client.post(f"/happenings/{made.ref}/take-back", data={"version": made.version})
    session.expire_all()
    assert made.state is HappeningState.TAKEN_BACK
    again = client.post(
        f"/happenings/{made.ref}/end", data={"version": made.version}, follow_redirects=True
    )
    assert "ended or taken back already" in again.page.text


def test_before_a_release_there_is_nothing_to_repair(festival, sign_in, session):
    client = sign_in(festival.coordinator)
    assert "Nothing has been published yet" in client.get(BASE).page.text
    answer = client.post(
        f"{BASE}/mend", data={"notice": "0", "seconds": "10"}, follow_redirects=True
    )
    assert "Nothing has been published yet that could be repaired." in answer.page.text


def test_it_is_for_coordinators_of_this_programme(festival, published, sign_in):
    for account in (festival.hill_officer, factories.coordinator(factories.programme())):
        client = sign_in(account)
        answers = [client.get(BASE), client.post(f"{BASE}/venue", data=OUT)]
        assert {answer.status_code for answer in answers} <= {403, 404}
        assert all("Lake Band" not in answer.text for answer in answers)


def test_a_conductor_can_be_away_as_well(festival, published):
    person = next(m.person for m in festival.lake_band.members if m.role is MemberRole.CONDUCTOR)
    told = Report(HappeningKind.PERSON_AWAY, at(14), at(15), person=person)
    assert names(hits_of(festival.programme, [told])) == ["Lake Band"]
