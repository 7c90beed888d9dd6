"""Giving up a place: what follows is said before, a reason is asked for, the next is offered it."""

import pytest
from sqlalchemy import select

from scheduler.applications import decisions, services
from scheduler.applications.decisions import Decision
from scheduler.applications.models import Application
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.database import db
from scheduler.errors import Conflict, Refused
from scheduler.notifications.models import Mail
from scheduler.programmes.approval import WaitlistOrder, WaitlistPolicy
from scheduler.programmes.kinds import DateKind, WithdrawalRule
from tests import factories
from tests.applications.making import LATE, NOW, keep, make_entry, make_school, officer_of
from tests.support.pages import text_of

NEXT = "The next on the list for whom it is enough is"


@pytest.fixture
def group(festival):
    return make_entry(festival.category, festival.school, state=State.ACCEPTED)


@pytest.fixture
def officer(festival, group, sign_in):
    return sign_in(festival.officer)


def path(group):
    return f"/applications/{group.ref}/withdrawal"


def make_line(festival, **policy):
    defaults = {"order": WaitlistOrder.LISTED, "is_automatic": True, "offer_hours": 48}
    keep(WaitlistPolicy(programme_id=festival.programme.id, **(defaults | policy)))
    return [
        make_entry(festival.category, festival.school, state=State.WAITLISTED) for _ in range(2)
    ]


def state_of(entry):
    db.session.refresh(entry)
    return entry.state


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (
            {"offer_hours": 48},
            f"2 groups wait. {NEXT} offered the place at once, for 48 hours.",
        ),
        (
            {"offer_hours": 0},
            f"2 groups wait. {NEXT} given the place at once.",
        ),
        ({"is_automatic": False}, "2 groups wait. The coordinators offer the place to the next"),
    ],
)
def test_the_page_says_where_the_place_goes(festival, group, officer, policy, told):
    make_line(festival, **policy)
    assert told in officer.get(path(group)).page.text


def test_the_next_on_the_list_is_offered_the_place(festival, group, officer):
    line = make_line(festival)
    festival.category.places = 1
    values = officer.get(path(group)).page.values()
    answer = officer.post(path(group), data=values | {"reason": "Measles"})
    assert answer.status_code == 303
    assert state_of(group) is State.WITHDRAWN
    assert [state_of(each) for each in line] == [State.OFFERED, State.WAITLISTED]


def test_without_a_reason_nothing_happens(group, officer):
    values = officer.get(path(group)).page.values()
    answer = officer.post(path(group), data=values | {"reason": " "})
    assert answer.status_code == 422
    assert text_of(answer.page.one("div", id="reason-error")) == "Please fill this in."
    assert officer.post(f"/applications/{group.ref}/withdraw").status_code == 409
    assert state_of(group) is State.ACCEPTED


def test_a_page_that_is_no_longer_true_is_refused(festival, group, officer):
    values = officer.get(path(group)).page.values()
    decision = Decision(Action.WAITLIST, group.version, "Fewer places")
    decisions.decide(group, decision, actor=festival.coordinator.actor, now=NOW)
    db.session.commit()
    answer = officer.post(path(group), data=values | {"reason": "Measles"}, follow_redirects=True)
    assert "The entry has changed since you opened this page." in answer.page.text
    assert state_of(group) is State.WAITLISTED


def test_after_the_date_the_page_says_so_and_offers_no_button(festival, group, sign_in, frozen):
    festival.programme.withdrawal_rule = WithdrawalRule.UNTIL_DATE
    factories.programme_date(festival.programme, DateKind.WITHDRAWAL_UNTIL, NOW)
    frozen(2027, 4, 10, 8)
    officer = sign_in(festival.officer)
    page = officer.get(path(group)).page
    assert "Schools could withdraw by themselves until" in page.text
    assert not page.all("textarea")
    values = {"reason": "Measles", "version": str(group.version)}
    assert officer.post(path(group), data=values).status_code == 409
    assert state_of(group) is State.ACCEPTED


def test_what_has_no_place_gives_none_up(festival, officer):
    entry = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    assert officer.get(path(entry)).location == f"/applications/{entry.ref}"


def test_the_neighbour_cannot_give_it_up(group, sign_in):
    stranger = sign_in(officer_of(make_school()))
    values = {"reason": "Measles", "version": str(group.version)}
    assert stranger.get(path(group)).status_code in {403, 404}
    assert stranger.post(path(group), data=values).status_code in {403, 404}
    assert state_of(group) is State.ACCEPTED


def test_withdrawal_and_a_decision_at_once_move_the_place_once(festival, group, rush):
    line = make_line(festival)
    festival.category.places = 1
    school, staff = festival.officer.actor, festival.coordinator.actor
    group_id, version = group.id, group.version

    def act(is_school):
        entry = db.session.get_one(Application, group_id)
        if is_school:
            step = {"actor": school, "now": LATE, "reason": "Measles", "version": version}
            return services.withdraw(entry, **step).state
        decision = Decision(Action.REJECT, version, "Fewer places")
        return decisions.decide(entry, decision, actor=staff, now=LATE).state

    outcomes = rush(act, [True, False])
    assert outcomes["stale"] == 1
    assert outcomes[state_of(group)] == 1
    assert [state_of(each) for each in line] == [State.OFFERED, State.WAITLISTED]
    assert festival.category.places_taken == 1


def test_a_stale_version_is_a_conflict_and_a_missing_reason_a_refusal(festival, group):
    school = festival.officer.actor
    with pytest.raises(Conflict):
        services.withdraw(group, actor=school, now=NOW, reason="Why", version=group.version - 1)
    with pytest.raises(Refused) as refused:
        services.withdraw(group, actor=school, now=NOW)
    assert (refused.value.code, refused.value.field) == (Refusal.REASON_MISSING, "reason")


def test_coordinators_are_told_of_a_place_given_up_and_of_nothing_else(festival, group, session):
    factories.coordinator(factories.programme())
    draft = make_entry(festival.category, festival.school)
    step = {"actor": festival.officer.actor, "now": NOW}
    services.withdraw(draft, **step)
    services.withdraw(group, reason="Measles", **step)
    code = "applications.place_given_up"
    mail = session.scalars(select(Mail).where(Mail.code == code)).one()
    assert (mail.to_address, mail.about) == (festival.coordinator.email, group.ref)
    assert "Measles" not in str(mail.facts)
