"""A resubmission: what was changed, who sees it, and the approval of that alone."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from scheduler.applications import changes, decisions, services
from scheduler.applications.change_content import changed_marks, content_of, opened
from scheduler.applications.change_models import LastDecidedOn
from scheduler.applications.decisions import Decision
from scheduler.applications.fields import Field
from scheduler.applications.models import HistoryEntry, Member, Nomination
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.database import db
from scheduler.errors import Conflict, Refused
from scheduler.people.keys import current_sealer
from scheduler.programmes.approval import Concern, LevelKind
from tests.applications.making import (
    NOW,
    city_reviewer_of,
    make_district,
    make_entry,
    make_levels,
    make_person,
    make_school,
    reviewer_of,
)


@pytest.fixture(autouse=True)
def on_the_first_of_march(frozen):
    frozen(2027, 3, 1, 8)


@pytest.fixture
def way(festival):
    """School, district, city and organiser, each with somebody; an entry at the district."""
    district = make_district()
    levels = make_levels(festival.programme)
    school = make_school(district=district)
    people = {
        LevelKind.DISTRICT: reviewer_of(district),
        LevelKind.CITY: city_reviewer_of(festival.programme),
        LevelKind.ORGANISER: festival.coordinator,
    }
    entry = make_entry(festival.category, school, introduction="We sing.")
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    db.session.commit()
    return SimpleNamespace(
        levels=levels, people=people, entry=entry, officer=festival.officer, school=school
    )


def decide(way, action, fields=(), **values):
    entry = way.entry
    kind = entry.level.kind if entry.level else LevelKind.ORGANISER
    decision = Decision(action, entry.version, "Please.", fields, **values)
    return decisions.decide(entry, decision, actor=way.people[kind].actor, now=NOW)


def change(way, *fields):
    """What the school does, by the services that write the history."""
    entry = way.entry
    if Field.PIECES in fields:
        entry.pieces[0].title = "Liuyang River"
    if Field.INTRODUCTION in fields:
        entry.introduction = "We sing and dance."
    if Field.MEMBERS in fields:
        entry.members.append(Member(person=make_person(way.school), position=50))
    services.note_edit(
        entry, actor=way.officer.actor, now=NOW, changes={str(f): [None, None] for f in fields}
    )


def resubmit(way, *fields):
    if fields:
        change(way, *fields)
    services.submit(way.entry, actor=way.officer.actor, now=NOW)


def approve(way, *fields):
    entry = way.entry
    kind = entry.level.kind if entry.level else LevelKind.ORGANISER
    actor = way.people[kind].actor
    return changes.approve(entry, fields, version=entry.version, actor=actor, now=NOW)


def last_step():
    query = select(HistoryEntry).order_by(HistoryEntry.id.desc())
    step = db.session.scalars(query).first()
    return step.action, step.fields


def kept():
    return db.session.scalar(select(func.count(LastDecidedOn.id)))


def returned_by_the_organiser(way, *fields):
    decide(way, Action.NOMINATE)
    decide(way, Action.NOMINATE)
    return decide(way, Action.RETURN, fields or (Field.PIECES, Field.INTRODUCTION))


def test_what_the_school_changed_waits_where_it_was_returned(way):
    returned_by_the_organiser(way)
    resubmit(way, Field.PIECES)
    assert way.entry.level.kind is LevelKind.ORGANISER
    assert changes.open_fields(way.entry) == ["pieces"]
    row = changes.rows_of(way.entry)[way.entry.level_id]
    assert (row.marked, row.untouched) == (["introduction", "pieces"], ["introduction"])


def test_the_view_that_is_kept_is_sealed(way):
    returned_by_the_organiser(way)
    row = changes.rows_of(way.entry)[way.entry.level_id]
    names = [member.person.name.encode() for member in way.entry.members]
    assert [name for name in names if name in row.content] == []
    assert opened(row.content, current_sealer())["introduction"] == "We sing."


def test_approving_all_changes_leaves_the_entry_to_decide_and_says_who_approved_what(way):
    returned_by_the_organiser(way)
    resubmit(way, Field.PIECES, Field.INTRODUCTION)
    approve(way, "pieces")
    assert last_step() == (Action.APPROVE_CHANGES, ["pieces"])
    assert changes.open_fields(way.entry) == ["introduction"]
    approve(way, "introduction")
    assert changes.open_fields(way.entry) == []
    assert (way.entry.state, way.entry.level.kind) == (State.SUBMITTED, LevelKind.ORGANISER)
    assert decide(way, Action.ACCEPT).state is State.ACCEPTED
    assert kept() == 0


def test_levels_below_are_not_asked_again(way):
    returned_by_the_organiser(way)
    resubmit(way, Field.PIECES)
    before = set(db.session.scalars(select(Nomination.level_id)))
    assert way.entry.level.kind is LevelKind.ORGANISER
    assert before == {
        way.levels[kind].id for kind in (LevelKind.SCHOOL, LevelKind.DISTRICT, LevelKind.CITY)
    }


def test_a_level_below_approves_what_concerns_it_before_the_entry_goes_back(way):
    way.levels[LevelKind.DISTRICT].concerns = [Concern.PEOPLE]
    way.levels[LevelKind.CITY].concerns = [Concern.WORKS]
    returned_by_the_organiser(way, Field.PIECES, Field.MEMBERS, Field.INTRODUCTION)
    resubmit(way, Field.PIECES, Field.MEMBERS, Field.INTRODUCTION)
    asked = []
    for _ in range(2):
        asked.append((way.entry.level.kind, changes.open_fields(way.entry)))
        approve(way, *changes.open_fields(way.entry))
    assert asked == [(LevelKind.DISTRICT, ["members"]), (LevelKind.CITY, ["pieces"])]
    assert way.entry.level.kind is LevelKind.ORGANISER
    assert changes.open_fields(way.entry) == ["pieces", "members", "introduction"]


def test_a_level_that_is_asked_again_does_not_nominate_twice(way):
    way.levels[LevelKind.DISTRICT].concerns = [Concern.WORKS]
    returned_by_the_organiser(way)
    resubmit(way, Field.PIECES)
    with pytest.raises(Refused) as refused:
        decide(way, Action.NOMINATE)
    assert refused.value.code is Refusal.APPROVE_INSTEAD


def test_a_level_below_may_return_what_it_does_not_approve_and_gets_it_back(way):
    way.levels[LevelKind.DISTRICT].concerns = [Concern.WORKS, Concern.PEOPLE]
    returned_by_the_organiser(way, Field.PIECES, Field.MEMBERS)
    resubmit(way, Field.PIECES, Field.MEMBERS)
    approve(way, "members")
    decide(way, Action.RETURN, (Field.PIECES,))
    resubmit(way)
    assert (way.entry.level.kind, changes.open_fields(way.entry)) == (
        LevelKind.DISTRICT,
        ["pieces"],
    )
    assert changes.rows_of(way.entry)[way.entry.level_id].untouched == ["pieces"]
    approve(way, "pieces")
    assert way.entry.level.kind is LevelKind.ORGANISER
    assert changes.open_fields(way.entry) == ["pieces", "members"]


def test_what_was_not_approved_and_not_marked_again_still_waits(way):
    returned_by_the_organiser(way)
    resubmit(way, Field.PIECES, Field.INTRODUCTION)
    decide(way, Action.RETURN, (Field.PIECES,))
    way.entry.pieces[0].title = "Jasmine Flower"
    services.submit(way.entry, actor=way.officer.actor, now=NOW)
    # The work is what it was when the organiser saw it first; the introduction is not.
    assert changes.open_fields(way.entry) == ["introduction"]


def test_accepting_many_from_the_list_does_not_approve_what_nobody_looked_at(way):
    returned_by_the_organiser(way)
    resubmit(way, Field.PIECES)
    with pytest.raises(Refused) as refused:
        decide(way, Action.ACCEPT, approves_changes=False)
    assert (refused.value.code, refused.value.facts) == (Refusal.CHANGES_OPEN, {"fields": 1})
    decide(way, Action.ACCEPT)
    assert last_step() == (Action.ACCEPT, ["pieces"])


def test_a_return_that_is_taken_back_leaves_nothing_to_approve(way):
    returned_by_the_organiser(way)
    decide(way, Action.RECALL)
    assert (way.entry.level.kind, changes.open_fields(way.entry)) == (LevelKind.ORGANISER, [])


def test_what_was_changed_before_a_return_was_taken_back_waits(way):
    returned_by_the_organiser(way)
    change(way, Field.PIECES)
    decide(way, Action.RECALL)
    assert changes.open_fields(way.entry) == ["pieces"]


def test_nobody_approves_out_of_turn_twice_or_on_an_old_page(way):
    returned_by_the_organiser(way)
    resubmit(way, Field.PIECES, Field.INTRODUCTION)
    entry, version = way.entry, way.entry.version
    for kind in (LevelKind.DISTRICT, LevelKind.CITY):
        actor = way.people[kind].actor
        with pytest.raises(Refused) as refused:
            changes.approve(entry, ["pieces"], version=version, actor=actor, now=NOW)
        assert refused.value.code is Refusal.ORGANISERS_TURN
    approve(way, "pieces")
    actor = way.people[LevelKind.ORGANISER].actor
    with pytest.raises(Conflict):
        changes.approve(entry, ["pieces"], version=version, actor=actor, now=NOW)
    with pytest.raises(Refused) as refused:
        approve(way, "pieces")
    assert refused.value.code is Refusal.NO_CHANGE_CHOSEN


def test_without_levels_the_organiser_approves(festival):
    entry = make_entry(festival.category, festival.school)
    way = SimpleNamespace(
        entry=entry,
        officer=festival.officer,
        school=festival.school,
        people={LevelKind.ORGANISER: festival.coordinator},
    )
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    decide(way, Action.RETURN, (Field.PIECES,))
    resubmit(way, Field.PIECES)
    assert changes.open_fields(entry) == ["pieces"]
    approve(way, "pieces")
    assert (entry.state, entry.level, kept()) == (State.SUBMITTED, None, 0)


def test_a_reopened_entry_is_decided_on_anew_and_shows_what_differs(way):
    decide(way, Action.NOMINATE)
    services.reopen(way.entry, actor=way.officer.actor, now=NOW)
    resubmit(way, Field.PIECES)
    row = changes.rows_of(way.entry)[way.levels[LevelKind.DISTRICT].id]
    sealer = current_sealer()
    before = opened(row.content, sealer)
    assert changed_marks(before, content_of(way.entry, sealer)) == ["pieces"]
    assert (way.entry.level.kind, changes.open_fields(way.entry)) == (LevelKind.DISTRICT, [])
    assert decide(way, Action.NOMINATE).level.kind is LevelKind.CITY


def test_nothing_is_kept_of_an_entry_that_is_out(way):
    returned_by_the_organiser(way)
    services.withdraw(way.entry, actor=way.officer.actor, now=NOW)
    assert kept() == 0


KINDS = (LevelKind.DISTRICT, LevelKind.CITY)
TOUCHED = st.sets(st.sampled_from((Field.PIECES, Field.MEMBERS, Field.INTRODUCTION)))


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    touched=TOUCHED,
    concerns=st.lists(st.sets(st.sampled_from(sorted(Concern))), min_size=2, max_size=2),
    again=st.booleans(),
)
def test_every_way_back_ends_with_whoever_returned_it(festival, touched, concerns, again):
    district = make_district()
    levels = {each.kind: each for each in changes.levels.levels_of(festival.programme.id)}
    levels = levels or make_levels(festival.programme)
    for kind, words in zip(KINDS, concerns, strict=True):
        levels[kind].concerns = sorted(words)
    school = make_school(district=district)
    entry = make_entry(festival.category, school, introduction="We sing.")
    people = {
        LevelKind.DISTRICT: reviewer_of(district),
        LevelKind.CITY: city_reviewer_of(festival.programme),
        LevelKind.ORGANISER: festival.coordinator,
    }
    way = SimpleNamespace(entry=entry, officer=festival.officer, school=school, people=people)
    services.submit(entry, actor=festival.officer.actor, now=NOW)
    returned_by_the_organiser(way, Field.PIECES, Field.MEMBERS, Field.INTRODUCTION)
    resubmit(way, *touched)
    asked, returns = [], 1 if again else 0
    while entry.level.kind is not LevelKind.ORGANISER:
        waiting = changes.open_fields(entry)
        assert waiting
        if returns:
            returns -= 1
            decide(way, Action.RETURN, tuple(waiting[:1]))
            resubmit(way)
            continue
        asked.append(entry.level.kind)
        approve(way, *waiting)
    expected = [
        kind
        for kind, words in zip(KINDS, concerns, strict=True)
        if any(changes.concern_of(field) in words for field in touched)
    ]
    assert asked == expected
    assert set(changes.open_fields(entry)) == touched
    used = select(func.count(Nomination.id)).where(Nomination.application_id == entry.id)
    assert db.session.scalar(used) == 3
