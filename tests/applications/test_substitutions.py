"""Substitutions after acceptance: asked for, decided on, and what each of that leaves and moves."""

import datetime as dt
from types import SimpleNamespace

import pytest
from flask import current_app
from sqlalchemy import func, select

from scheduler.accounts.models import Account
from scheduler.applications import decisions, services, substitutions
from scheduler.applications.decisions import Decision
from scheduler.applications.models import HistoryEntry, Member, MemberRole
from scheduler.applications.published import performance_key, timetable_scope
from scheduler.applications.required_consents import missing_required
from scheduler.applications.roster_records import RosterCode
from scheduler.applications.roster_writing import Writing
from scheduler.applications.substitution_entering import Wish
from scheduler.applications.substitution_models import Substitution, SubstitutionState
from scheduler.applications.substitutions import SubstitutionRefusal, Verdict
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.calendars import links
from scheduler.calendars import services as calendars
from scheduler.calendars.entries import Audience, EntryDraft, EntryText, Subject
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.notifications.models import Mail
from scheduler.people.keys import current_sealer
from scheduler.people.models import Consent, ConsentPurpose, Guardian, Guardianship, Person
from scheduler.programmes.kinds import DateKind
from tests import factories
from tests.applications.making import (
    coordinator_of,
    keep,
    make_entry,
    make_person,
    make_programme,
    make_school,
)
from tests.factories import asked_purpose, consent

NOW = dt.datetime(2027, 6, 1, 8, tzinfo=dt.UTC)
NEW = {
    "name": "陈子涵",
    "sex": "M",
    "birth_on": "2015-03-01",
    "guardian_name": "陈大文",
    "guardian_phone": "13800138000",
    "consent_held": "Y",
    "part": "S2",
}
KNOWN = {"part": "A1", "consent_held": "Y"}


@pytest.fixture
def group(festival):
    """An accepted group of three pupils; `people` are they, `a` the first."""
    entry = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    people = [each.person for each in entry.members if each.role is MemberRole.PUPIL]
    return SimpleNamespace(entry=entry, people=people, a=people[0], **vars(festival))


def writing(group, account, now=NOW):
    return Writing(account.actor, group.school, group.category, current_sealer(), now)


def ask(group, wish=None, leaving=None, now=NOW):
    wish = wish or Wish("Moved away", NEW)
    return substitutions.ask(
        group.entry, (leaving or group.a).ref, wish, writing(group, group.officer, now)
    )[0]


def decide(group, asked, *, is_approved=True, reason=None, account=None, version=None):
    verdict = Verdict(is_approved, version or asked.version, reason)
    by = writing(group, account or group.coordinator)
    return substitutions.decide(asked, verdict, by, secret_key=current_app.secret_key)


def roster(group):
    query = (
        select(Person.name, Member.position)
        .join(Person, Member.person_id == Person.id)
        .where(Member.application_id == group.entry.id, Member.role == MemberRole.PUPIL)
        .order_by(Member.position)
    )
    return [tuple(row) for row in db.session.execute(query)]


def add_guardian(person):
    guardian = keep(Guardian(school_id=person.school_id, name="王芳", phone="+8613800138000"))
    person.guardianships.append(Guardianship(guardian=guardian))


def names(group):
    return [name for name, _ in roster(group)]


def refusal(function, *arguments, **values):
    with pytest.raises(Refused) as refused:
        function(*arguments, **values)
    return refused.value.code


def mails():
    query = select(Mail.code, Mail.to_address).order_by(Mail.id)
    return [tuple(row) for row in db.session.execute(query)]


def publish(group, *people):
    """Put the group's performance into everybody's calendar, as a release does."""
    audiences = frozenset(Audience("person", person.ref) for person in people)
    starts = dt.datetime(2027, 7, 17, 2, tzinfo=dt.UTC)
    draft = EntryDraft(
        key=performance_key(group.entry.ref),
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=40),
        zone="Asia/Shanghai",
        texts={"en": EntryText("Performance")},
        audiences=audiences,
    )
    calendars.publish(timetable_scope(group.programme.code), [draft], now=NOW)
    subjects = [Subject(each, {"en": "Pupil"}, zone="Asia/Shanghai") for each in audiences]
    links.personal_links(subjects, secret_key=current_app.secret_key, now=NOW)


def entries_of(person):
    return len(calendars.entries_of([Audience("person", person.ref)], since=NOW))


def link_of(person):
    return links.personal_link(Audience("person", person.ref))


def test_until_the_decision_nothing_changes(group, session):
    version, revision = group.entry.version, group.programme.roster_revision
    before = roster(group)
    asked = ask(group)
    assert roster(group) == before
    assert (asked.state, asked.leaving, asked.coming) == (
        SubstitutionState.PENDING,
        group.a,
        None,
    )
    assert "陈子涵".encode() not in asked.content
    session.refresh(group.programme)
    session.refresh(group.entry)
    assert (group.entry.state, group.entry.version) == (State.ACCEPTED, version)
    assert group.programme.roster_revision == revision
    assert session.scalar(select(Person).where(Person.name == "陈子涵")) is None
    assert mails() == [("applications.substitution_asked", group.coordinator.email)]


def test_approved_one_is_in_where_the_other_was(group, session):
    ask(group, leaving=group.people[1])
    asked = session.scalars(select(Substitution)).one()
    version, revision = group.entry.version, group.programme.roster_revision
    decide(group, asked)
    others = [group.people[0].name, group.people[2].name]
    assert roster(group) == [(others[0], 0), ("陈子涵", 1), (others[1], 2)]
    session.refresh(group.programme)
    assert group.programme.roster_revision == revision + 1
    assert (group.entry.state, group.entry.version) == (State.ACCEPTED, version + 1)
    assert (asked.state, asked.content, asked.coming.name) == (
        SubstitutionState.APPROVED,
        None,
        "陈子涵",
    )
    declared = session.scalars(select(Consent).where(Consent.person_id == asked.coming_id)).one()
    assert (declared.method, declared.declared_by) == ("school_holds", group.officer.name)
    assert mails()[1:] == [("applications.substitution_approved", group.officer.email)]
    last = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    refs = [group.people[1].ref, asked.coming.ref]
    assert (last.action, last.changes) == (Action.SUBSTITUTE, {"substitution": refs})


def test_a_pupil_of_the_school_comes_with_what_is_known_of_it(group, session):
    known = make_person(group.school, name="Known", sex="F", latin_name="Known One")
    add_guardian(known)
    asked = ask(group, Wish("Ill", KNOWN, known.ref))
    assert asked.coming is known
    decide(group, asked)
    member = session.scalars(select(Member).where(Member.person_id == known.id)).one()
    assert (member.part, member.position, member.role) == ("A1", 0, MemberRole.PUPIL)
    assert (known.latin_name, known.guardianships[0].guardian.name) == ("Known One", "王芳")


def test_rejected_or_withdrawn_all_is_as_it_was(group, session):
    before = roster(group)
    asked = ask(group)
    assert refusal(decide, group, asked, is_approved=False, reason=" ") is Refusal.REASON_MISSING
    decide(group, asked, is_approved=False, reason="Too late for the programme book")
    assert (asked.state, asked.content) == (SubstitutionState.REJECTED, None)
    again = ask(group)
    substitutions.drop(again, actor=group.officer.actor, now=NOW)
    assert (again.state, again.content) == (SubstitutionState.WITHDRAWN, None)
    assert roster(group) == before
    assert session.scalar(select(Person).where(Person.name == "陈子涵")) is None
    told = [code for code, _ in mails()]
    assert told == [
        "applications.substitution_asked",
        "applications.substitution_rejected",
        "applications.substitution_asked",
        "applications.substitution_dropped",
    ]


def test_what_was_decided_is_not_decided_again(group):
    asked = ask(group)
    version = asked.version
    decide(group, asked, is_approved=False, reason="No")
    for again in (asked.version, version):
        with pytest.raises(Conflict):
            decide(group, asked, version=again)
    with pytest.raises(Conflict):
        substitutions.drop(asked, actor=group.officer.actor, now=NOW)


def test_only_whoever_decides_on_the_entry_decides_on_its_members(group):
    asked = ask(group)
    with pytest.raises(NotAllowed):
        decide(group, asked, account=group.officer)
    with pytest.raises(NotAllowed):
        decide(group, asked, account=coordinator_of(make_programme()))


def test_one_member_and_one_pupil_are_asked_for_once(group):
    ask(group)
    others = Wish("Ill", NEW | {"name": "李四"})
    assert refusal(ask, group, others) is SubstitutionRefusal.PENDING_ALREADY
    refused = refusal(ask, group, leaving=group.people[1])
    assert refused is SubstitutionRefusal.COMING_ALREADY
    ask(group, others, leaving=group.people[1])


def test_a_member_cannot_come_and_a_stranger_cannot_leave(group, session):
    member = Wish("Ill", KNOWN, group.people[1].ref)
    group.people[1].sex, group.people[1].name = "F", "李雷"
    add_guardian(group.people[1])
    assert refusal(ask, group, member) is RosterCode.MEMBER_ALREADY
    stranger = make_person(make_school())
    with pytest.raises(NotFound):
        ask(group, leaving=stranger)
    with pytest.raises(NotFound):
        ask(group, Wish("Ill", KNOWN, stranger.ref))
    assert session.scalar(select(func.count(Substitution.id))) == 0


def test_after_the_date_it_is_too_late(group, session):
    until = dt.datetime(2027, 7, 12, 10, tzinfo=dt.UTC)
    factories.programme_date(group.programme, DateKind.SUBSTITUTIONS_UNTIL, until)
    ask(group, now=until - dt.timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        ask(group, leaving=group.people[1], now=until)
    assert (refused.value.code, refused.value.facts) == (
        SubstitutionRefusal.TOO_LATE,
        {"until": "2027-07-12 18:00"},
    )


def test_no_more_than_the_programme_allows(group):
    group.programme.substitution_percent = 10
    decide(group, ask(group))
    other = Wish("Ill", NEW | {"name": "李四"})
    assert refusal(ask, group, other, group.people[1]) is SubstitutionRefusal.TOO_MANY
    group.programme.substitution_percent = 67
    ask(group, other, group.people[1])


@pytest.mark.parametrize(("percent", "most"), [(None, None), (10, 3), (1, 1), (100, 38)])
def test_a_share_is_rounded_down_but_one_may_always_be_asked_for(group, percent, most):
    group.programme.substitution_percent = percent
    assert substitutions.share_of(group.programme, 38) == most


def test_nobody_is_substituted_in_what_has_no_place(group):
    group.entry = make_entry(group.category, group.school, state=State.SUBMITTED)
    first = group.entry.members[0].person
    assert refusal(ask, group, leaving=first) is Refusal.NOT_FROM_THIS_STATE


@pytest.mark.parametrize("action", [Action.REJECT, Action.WITHDRAW])
def test_requests_end_with_the_place(group, session, action):
    asked = ask(group)
    if action is Action.WITHDRAW:
        services.withdraw(group.entry, actor=group.officer.actor, now=NOW, reason="Measles")
    else:
        decision = Decision(action, group.entry.version, "Fewer places")
        decisions.decide(group.entry, decision, actor=group.coordinator.actor, now=NOW)
    session.refresh(asked)
    assert (asked.state, asked.content) == (SubstitutionState.WITHDRAWN, None)


def test_the_calendars_follow_the_members(group):
    a, b = group.people[:2]
    publish(group, a, b)
    entry = db.session.scalars(select(CalendarEntry)).one()
    stamp = (entry.sequence, entry.modified_at)
    asked = ask(group)
    assert (entries_of(a), link_of(a) is None) == (1, False)
    decide(group, asked)
    assert (entries_of(a), link_of(a)) == (0, None)
    assert (entries_of(b), link_of(b) is None) == (1, False)
    assert (entries_of(asked.coming), link_of(asked.coming) is None) == (1, False)
    assert (entry.sequence, entry.modified_at) == stamp


def test_whoever_stays_in_another_group_keeps_the_own_page(group):
    a = group.a
    publish(group, a)
    other = EntryDraft(
        key="other",
        starts_at=NOW,
        ends_at=NOW + dt.timedelta(hours=1),
        zone="Asia/Shanghai",
        texts={"en": EntryText("Other")},
        audiences=frozenset({Audience("person", a.ref)}),
    )
    calendars.publish(timetable_scope("another"), [other], now=NOW)
    decide(group, ask(group))
    assert (entries_of(a), link_of(a) is None) == (1, False)


def test_consents_do_not_carry_over_and_a_confirmation_falls_while_one_is_missing(group):
    asked_purpose(group.programme, ConsentPurpose.IMAGE, is_required=True)
    for person in group.people:
        consent(person, purpose=ConsentPurpose.IMAGE, programme_id=group.programme.id)
    services.confirm(group.entry, actor=group.officer.actor, now=NOW)
    asked = ask(group)
    decide(group, asked)
    assert missing_required(group.entry) == [asked.coming]
    assert group.entry.confirmed_at is None
    refused = refusal(services.confirm, group.entry, actor=group.officer.actor, now=NOW)
    assert refused is Refusal.CONSENTS_MISSING


def test_without_a_missing_consent_a_confirmation_stands(group):
    services.confirm(group.entry, actor=group.officer.actor, now=NOW)
    decide(group, ask(group))
    assert group.entry.confirmed_at == NOW


def test_two_decisions_at_once_make_one_substitution(group, rush, session):
    asked = ask(group)
    ref, version = asked.ref, asked.version

    def both(is_approved):
        found = db.session.scalars(select(Substitution).where(Substitution.ref == ref)).one()
        account = db.session.get(Account, coordinator_id)
        by = Writing(
            account.actor,
            found.application.school,
            found.application.category,
            current_sealer(),
            NOW,
        )
        verdict = Verdict(is_approved, version, "No")
        return substitutions.decide(found, verdict, by, secret_key="k").state

    coordinator_id = group.coordinator.id
    outcomes = rush(both, [True, False])
    assert outcomes["stale"] == 1
    state = session.scalars(select(Substitution.state)).one()
    assert outcomes[state] == 1
    assert ("陈子涵" in names(group)) is (state is SubstitutionState.APPROVED)
