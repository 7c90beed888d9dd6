"""Many decisions at once leave one mail per person, and single ones stay what they are."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import RoleGrant
from scheduler.applications import decisions, first_come, notices, offers, services
from scheduler.applications.decisions import Decision
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.notifications import own_words
from scheduler.notifications.models import Mail, MailCase
from scheduler.notifications.reading import is_about, subject_of, text_of
from scheduler.notifications.templates import OwnWords
from scheduler.programmes.approval import WaitlistPolicy
from scheduler.programmes.kinds import Allocation
from tests.applications.making import (
    LATE,
    NOW,
    keep,
    leader_of,
    make_category,
    make_entry,
    make_programme,
    make_school,
    officer_of,
)


def decide_many(festival, entries, action, reason=None):
    asked = [(entry.ref, Decision(action, entry.version, reason)) for entry in entries]
    return decisions.decide_many(asked, actor=festival.coordinator.actor, now=LATE)


def told():
    """Who was told what, in the order of the outbox; a mail about several counts its news."""
    mails = db.session.scalars(select(Mail).order_by(Mail.id))
    return [(mail.to_address, mail.code, mail.facts.get("count", 1)) for mail in mails]


def submitted(festival, count, school=None, **values):
    return [
        make_entry(festival.category, school or festival.school, state=State.SUBMITTED, **values)
        for _ in range(count)
    ]


def test_a_batch_tells_each_person_once(festival):
    """Two officers of one school, a leader of one group, and a school with one entry."""
    entries = submitted(festival, 2)
    second, leader = officer_of(festival.school), leader_of(entries[1])
    lone_school = make_school()
    lone_officer = officer_of(lone_school)
    entries += submitted(festival, 1, lone_school)
    festival.category.places = 3
    decide_many(festival, entries, Action.ACCEPT, "Well done.")
    assert sorted(told()) == sorted(
        [
            (festival.officer.email, "applications.several", 2),
            (second.email, "applications.several", 2),
            (leader.email, "applications.accepted", 1),
            (lone_officer.email, "applications.accepted", 1),
        ]
    )


def test_whoever_acts_for_two_schools_gets_one_mail_too(festival):
    other = make_school()
    both = officer_of(festival.school, other)
    entries = submitted(festival, 1) + submitted(festival, 1, other)
    decide_many(festival, entries, Action.REJECT, "Too many.")
    assert told() == [
        (festival.officer.email, "applications.rejected", 1),
        (both.email, "applications.several", 2),
    ]


def test_an_officer_who_leads_a_group_too_reads_of_it_once(festival):
    (entry,) = submitted(festival, 1)
    officer = festival.officer
    leads = RoleGrant(
        role=Role.TEAM_LEADER, scope=ScopeKind.APPLICATION, scope_id=entry.id, granted_at=NOW
    )
    officer.grants.append(leads)
    db.session.flush()
    decide_many(festival, [entry], Action.REJECT, "Too many.")
    assert told() == [(officer.email, "applications.rejected", 1)]


@pytest.mark.parametrize(
    ("locale", "first"),
    [
        ("en", "- Accepted: Larks, Primary choir (No. 3 School)"),
        ("zh_Hans", "- 报名通过：Larks，小学合唱（No. 3 School）"),
    ],
)
def test_the_mail_lists_each_entry_with_result_reason_and_page(festival, locale, first):
    festival.officer.locale = locale
    festival.school.name = "No. 3 School"
    larks, finches = (*submitted(festival, 1, group_name="Larks"), *submitted(festival, 1))
    festival.category.places = 1
    asked = [
        (larks.ref, Decision(Action.ACCEPT, larks.version)),
        (finches.ref, Decision(Action.WAITLIST, finches.version, "In the\nsecond round.")),
    ]
    decisions.decide_many(asked, actor=festival.coordinator.actor, now=LATE)
    mail = db.session.scalars(select(Mail)).one()
    lines = text_of(mail).body.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("- "))
    shown = lines[start : start + 6]
    assert shown[0] == first
    assert shown[1] == f"  http://localhost:5000/applications/{larks.ref}"
    assert shown[2].startswith("- ")
    assert shown[3:5] == ["  In the", "  second round."]
    assert shown[5] == f"  http://localhost:5000/applications/{finches.ref}"
    assert "2" in subject_of(mail)


def test_what_was_refused_is_not_told(festival):
    entries = submitted(festival, 3)
    festival.category.places = 2
    outcomes = decide_many(festival, entries, Action.ACCEPT)
    assert [outcome.error is None for outcome in outcomes] == [True, True, False]
    assert told() == [(festival.officer.email, "applications.several", 2)]
    mail = db.session.scalars(select(Mail)).one()
    refs = [each["facts"]["ref"] for each in mail.facts["entries"]]
    assert refs == [entry.ref for entry in entries[:2]]


def test_what_is_undone_is_not_told(festival):
    kept, undone = submitted(festival, 2)

    def tell(entry):
        notices.tell_decision(entry, Action.ACCEPT, now=NOW, reason=None)

    def tell_and_fail():
        with notices.told_if_done():
            tell(undone)
            raise ZeroDivisionError

    with notices.one_mail_each(now=NOW):
        tell(kept)
        with pytest.raises(ZeroDivisionError):
            tell_and_fail()
    assert told() == [(festival.officer.email, "applications.accepted", 1)]


def test_a_crash_tells_nobody_and_holds_nothing_back_afterwards(festival):
    entry, other = submitted(festival, 2)

    def crash():
        with notices.one_mail_each(now=NOW):
            notices.tell_decision(entry, Action.ACCEPT, now=NOW, reason=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert told() == []
    notices.tell_decision(other, Action.WAITLIST, now=NOW, reason=None)
    assert told() == [(festival.officer.email, "applications.waitlisted", 1)]


def test_the_mail_is_found_at_each_of_its_cases(festival):
    entries = submitted(festival, 2)
    stranger = submitted(festival, 1)[0]
    decide_many(festival, entries, Action.REJECT, "Too many.")
    mail = db.session.scalars(select(Mail)).one()
    found = [
        list(db.session.scalars(select(Mail.id).where(is_about(entry.ref))))
        for entry in (*entries, stranger)
    ]
    assert found == [[mail.id], [mail.id], []]
    assert len(db.session.scalars(select(MailCase)).all()) == 2


def test_offers_that_lapse_together_and_those_who_move_up_are_told_together(festival):
    """Two offers of one school end; both places pass on to another school's entries."""
    policy = WaitlistPolicy(programme_id=festival.programme.id, is_automatic=True, offer_hours=24)
    keep(policy)
    for _ in range(2):
        make_entry(festival.category, festival.school, state=State.OFFERED)
    heirs = make_school()
    heir = officer_of(heirs)
    for _ in range(3):
        make_entry(festival.category, heirs, state=State.WAITLISTED)
    assert offers.lapse(now=LATE) == 2
    assert told() == [
        (festival.officer.email, "applications.several", 2),
        (heir.email, "applications.several", 2),
        (festival.coordinator.email, "applications.offers_not_taken", 1),
    ]
    noted = db.session.scalars(select(Mail).where(Mail.to_address == festival.coordinator.email))
    assert noted.one().facts["groups"].count("\n") == 1
    offered = db.session.scalars(select(Mail).where(Mail.to_address == heir.email)).one()
    ends = (LATE + dt.timedelta(hours=24)).isoformat()
    assert [each["facts"]["deadline_at"] for each in offered.facts["entries"]] == [ends] * 2
    assert text_of(offered).body.count("Held until Sun 11 April 2027 16:00 (UTC+8)") == 2


def test_each_programme_writes_for_itself(festival):
    other = make_category(make_programme())
    for category in (festival.category, other):
        make_entry(category, festival.school, state=State.OFFERED)
    assert offers.lapse(now=LATE) == 2
    assert [row for row in told() if row[0] == festival.officer.email] == [
        (festival.officer.email, "applications.offer_lapsed", 1)
    ] * 2


def test_those_who_move_up_together_are_told_together(festival):
    policy = WaitlistPolicy(programme_id=festival.programme.id, is_automatic=True, offer_hours=0)
    keep(policy)
    full = make_entry(festival.category, make_school(), state=State.ACCEPTED)
    make_entry(festival.category, make_school(), state=State.WAITLISTED, waitlist_position=99_999)
    for _ in range(2):
        make_entry(festival.category, festival.school, state=State.WAITLISTED)
    db.session.commit()
    services.withdraw(full, actor=festival.coordinator.actor, now=NOW, reason="Ill.")
    assert told() == [(festival.officer.email, "applications.several", 2)]


def test_whoever_is_served_together_is_told_together(festival):
    festival.category.allocation = Allocation.FIRST_COME
    for _ in range(3):
        entry = make_entry(festival.category, festival.school)
        services.submit(entry, actor=festival.officer.actor, now=NOW)
    assert first_come.serve(now=NOW) == 3
    assert told() == [(festival.officer.email, "applications.several", 3)]
    mail = db.session.scalars(select(Mail)).one()
    codes = [each["code"] for each in mail.facts["entries"]]
    assert codes == ["applications.accepted"] * 2 + ["applications.waitlisted"]


def test_a_single_decision_stays_a_single_mail(festival):
    (entry,) = submitted(festival, 1)
    decide_many(festival, [entry], Action.ACCEPT)
    assert told() == [(festival.officer.email, "applications.accepted", 1)]


def test_the_programmes_own_words_are_used_for_both(festival):
    own_words.save(
        festival.programme.id,
        notices.SEVERAL,
        {"en": OwnWords("News for you", "Hello!\n{entries}\nMore soon.")},
        version=0,
    )
    decide_many(festival, submitted(festival, 2), Action.REJECT, "A {reason} in braces.")
    mail = db.session.scalars(select(Mail)).one()
    written = text_of(mail)
    assert written.subject == "News for you"
    assert "Hello!\n- Not accepted: " in written.body
    assert "A {reason} in braces." in written.body


def test_a_batch_costs_the_receivers_queries_once(festival, count_queries):
    counts = []
    for number in (2, 4):
        entries = submitted(festival, number, make_school())
        db.session.flush()
        with count_queries() as counted, notices.one_mail_each(now=NOW):
            for entry in entries:
                notices.tell_lapse(entry, now=NOW)
        counts.append(len(counted.statements))
    assert counts[0] == counts[1]


def test_a_batch_to_many_people_reads_the_own_words_once(festival, count_queries):
    own_words.save(
        festival.programme.id,
        notices.MAIL_BY_ACTION[Action.ACCEPT],
        {"en": OwnWords("Welcome, {group}")},
        version=0,
    )
    asked = []
    for number in (2, 5):
        entries = [keep(submitted(festival, 1, make_school())[0]) for _ in range(number)]
        for entry in entries:
            keep(officer_of(entry.school))
        with count_queries() as counted, notices.one_mail_each(now=NOW):
            for entry in entries:
                notices.tell_decision(entry, Action.ACCEPT, now=NOW, reason=None)
        db.session.commit()
        asked.append(sum(each.startswith("SELECT message_text.") for each in counted.statements))
    assert asked == [1, 1]
    subjects = [mail.own_subject for mail in db.session.scalars(select(Mail).order_by(Mail.id))]
    assert subjects == ["Welcome, {group}"] * 7


def test_nothing_is_told_of_a_stale_batch(festival):
    entries = submitted(festival, 2)
    stale = [(entry.ref, Decision(Action.ACCEPT, entry.version - 1)) for entry in entries]
    outcomes = decisions.decide_many(stale, actor=festival.coordinator.actor, now=LATE)
    assert all(outcome.error is not None for outcome in outcomes)
    assert not any(isinstance(outcome.error, Refused) for outcome in outcomes)
    assert told() == []
