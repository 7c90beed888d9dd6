"""The frozen zone: what begins soon is moved or cancelled by two people, or by one alone, twice."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.database import transaction
from scheduler.errors import Conflict, NotAllowed, Refused
from scheduler.notifications.models import Mail
from scheduler.scheduling.board import editing
from scheduler.scheduling.models import Release
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases import frozen as zone
from scheduler.scheduling.releases.frozen_models import PublishRequest, RequestState
from scheduler.scheduling.releases.frozen_queries import request_behind, shown_state, waiting_in
from scheduler.scheduling.releases.publishing import preview
from tests import factories
from tests.factories import at
from tests.scheduling.releasing import release

DAY_BEFORE = (2027, 7, 15, 6, 0)
"""14:00 in Guangzhou: the afternoon before, so the morning is frozen and 14:40 is not."""


@pytest.fixture
def plan(festival, session, actor, frozen):
    plan = festival.draft()
    session.commit()
    frozen(2027, 7, 1)
    release(plan, actor)
    frozen(*DAY_BEFORE)
    return plan


@pytest.fixture
def second(festival, session):
    other = factories.coordinator(
        festival.programme, name="Second Coordinator", password_hash="known"
    )
    session.commit()
    return other


def move(plan, group, starts_at, actor, venue="ROOM"):
    with transaction():
        editing.move(
            plan,
            application_ref=group.ref,
            venue_code=venue,
            starts_at=starts_at,
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )


def ask(plan, actor):
    with transaction():
        return zone.ask(plan, edition=plan.edition, notes="Rain.", actor=actor, now=clock.now())


def confirm(plan, request, actor, reason=""):
    with transaction():
        return zone.confirm(
            plan, request_id=request.id, actor=actor, reason=reason, now=clock.now()
        )


def frozen_groups(plan):
    return [one.item.title for one in preview(plan, now=clock.now()).frozen]


def numbers(session):
    return session.scalars(select(Release.number).order_by(Release.number)).all()


@pytest.mark.parametrize(
    ("group", "starts_at", "venue", "found"),
    [
        ("lake_choir", at(11), "HALL", ["Lake Choir"]),  # from within it to within it
        ("lake_choir", at(16), "HALL", ["Lake Choir"]),  # out of it
        ("lake_band", at(13, 30), "ROOM", ["Lake Band"]),  # into it
        ("lake_band", at(16), "ROOM", []),  # neither time lies within it
        ("lake_band", at(14, 30), "ROOM", ["Lake Band"]),  # the warm-up begins to the minute
    ],
)
def test_the_old_time_counts_and_the_new_one(plan, festival, actor, group, starts_at, venue, found):
    move(plan, getattr(festival, group), starts_at, actor, venue)
    assert frozen_groups(plan) == found


def test_a_cancellation_counts_and_a_new_group_does_not(plan, festival, actor, session):
    session.delete(editing.slot_of(plan, festival.lake_choir.ref))
    new = festival.group("New Choir", festival.choirs, festival.lake, 3)
    factories.slot(plan, new, festival.hall, at(11))
    session.commit()
    assert frozen_groups(plan) == ["Lake Choir"]


def test_what_is_over_is_not_frozen_and_what_is_on_stage_is(plan, festival, actor, frozen):
    move(plan, festival.lake_choir, at(16), actor, "HALL")
    frozen(2027, 7, 16, 2, 20)  # 10:20, in the middle of the group's ten minutes
    assert frozen_groups(plan) == ["Lake Choir"]
    festival.programme.frozen_hours = 1
    frozen(2027, 7, 16, 2, 25)
    assert frozen_groups(plan) == []


def test_nothing_is_frozen_where_the_programme_says_zero(plan, festival, actor, session):
    festival.programme.frozen_hours = 0
    session.commit()
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    assert release(plan, actor).number == 2


def test_one_person_is_not_enough(plan, festival, actor, session):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    with pytest.raises(Refused) as refused:
        release(plan, actor)
    assert (refused.value.code, refused.value.facts) == (
        Refusal.SECOND_CONFIRMATION,
        {"count": 1, "hours": 24},
    )
    ask(plan, actor)
    with pytest.raises(Refused):
        release(plan, actor)
    assert numbers(session) == [1]


def test_a_second_person_confirms_and_both_are_kept(plan, festival, actor, second, session):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    request = ask(plan, actor)
    assert waiting_in(festival.programme) == [request]
    confirm(plan, request, second.actor)
    made = release(plan, second.actor, notes=request.notes)
    assert (made.number, request_behind(made).asker, request.decider) == (
        2,
        festival.coordinator,
        second,
    )
    asked = select(AuditEntry.action).where(AuditEntry.action.like("release:%"))
    assert session.scalars(asked.order_by(AuditEntry.id)).all() == [
        "release:publish",
        "release:ask",
        "release:confirmed",
        "release:publish",
    ]


def test_who_can_confirm_is_told_once_and_nobody_else(plan, festival, actor, second, session):
    gone = factories.coordinator(
        festival.programme, password_hash="known", deactivated_at=clock.now()
    )
    invited = factories.coordinator(festival.programme, password_hash=None)
    elsewhere = factories.coordinator(factories.programme(), password_hash="known")
    session.commit()
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    assert ask(plan, actor) is ask(plan, actor)
    told = session.scalars(select(Mail.to_address).where(Mail.code == zone.ASKED)).all()
    assert told == [second.email]
    assert not {gone.email, invited.email, elsewhere.email} & set(told)


def test_the_asker_is_no_second_person(plan, festival, actor, second, frozen):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    request = ask(plan, actor)
    frozen(minutes=20)
    with pytest.raises(NotAllowed):
        confirm(plan, request, actor, reason="It rains.")


def test_a_change_of_the_draft_makes_the_request_void(plan, festival, actor, second):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    request = ask(plan, actor)
    move(plan, festival.lake_choir, at(11, 15), actor, "HALL")
    assert (waiting_in(festival.programme), shown_state(request)) == ([], RequestState.VOID)
    with pytest.raises(Conflict):
        confirm(plan, request, second.actor)
    again = ask(plan, actor)
    assert (request.state, again.state) == (RequestState.VOID, RequestState.WAITING)


def test_a_confirmation_holds_for_its_edition_only(plan, festival, actor, second, session):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    confirm(plan, ask(plan, actor), second.actor)
    move(plan, festival.lake_choir, at(11, 15), actor, "HALL")
    with pytest.raises(Refused):
        release(plan, actor)
    assert numbers(session) == [1]


def test_another_release_makes_the_request_void(plan, festival, actor, second, session):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    request = ask(plan, actor)
    other = festival.draft()
    session.commit()
    move(other, festival.lake_band, at(16), actor)
    release(other, actor)
    with pytest.raises(Conflict):
        confirm(plan, request, second.actor)


def test_whoever_is_alone_confirms_later_and_with_a_reason(plan, festival, actor, frozen):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    request = ask(plan, actor)
    codes = []
    for minutes, reason in ((9, "The roof leaks."), (1, " ")):
        frozen(minutes=minutes)
        with pytest.raises(Refused) as refused:
            confirm(plan, request, actor, reason)
        codes.append(refused.value.code)
    assert codes == [Refusal.SECOND_TOO_EARLY, Refusal.SECOND_REASON]
    confirm(plan, request, actor, "The roof leaks.")
    assert release(plan, actor).number == 2
    assert (request.reason, request.decided_by) == ("The roof leaks.", request.asked_by)


def test_a_request_is_withdrawn_by_its_asker_and_refused_by_another(
    plan, festival, actor, second, session
):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    ended = []
    for person in (actor, second.actor):
        request = ask(plan, actor)
        with transaction():
            zone.take_back(plan, request_id=request.id, actor=person, now=clock.now())
        ended.append(request.state)
    assert ended == [RequestState.WITHDRAWN, RequestState.REFUSED]
    told = session.scalars(select(Mail.to_address).where(Mail.code == zone.REFUSED)).all()
    assert told == [festival.coordinator.email]


def test_the_request_of_somebody_who_lost_the_role_confirms_nothing(
    plan, festival, actor, second, session
):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    request = ask(plan, actor)
    session.delete(festival.coordinator.grants[0])
    session.commit()
    with pytest.raises(Conflict):
        confirm(plan, request, second.actor)


def test_two_people_publish_in_the_browser(plan, festival, actor, second, sign_in, session):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    url = f"/plans/{plan.ref}/publish"
    first = sign_in(festival.coordinator)
    page = first.get(url).text
    assert "1 group that begins within 24 hours would be moved or cancelled" in page
    assert "Second Coordinator" in page
    first.post(url, data={"edition": plan.edition, "notes": "Rain."})
    assert ("Withdraw the request" in first.get(url).text, numbers(session)) == (True, [1])
    request = session.scalars(select(PublishRequest)).one()
    assert first.post(f"{url}/second", data={"asked": request.id}).status_code == 403
    other = sign_in(second)
    listed = other.get("/programmes/small/plans").text
    assert "Waits for a second confirmation" in listed
    assert "Confirm and publish" in other.get(url).text
    started = other.post(f"{url}/second", data={"asked": request.id})
    assert other.get(started.location).location == "/programmes/small/releases/latest"
    assert session.scalars(select(Release.notes).order_by(Release.number)).all() == ["", "Rain."]
    assert "Decided by Second Coordinator" in other.get("/programmes/small/releases/2").text
    assert other.post(f"{url}/second", data={"asked": request.id}).status_code == 409


def test_alone_the_page_asks_for_a_reason_when_it_is_time(plan, festival, actor, sign_in, frozen):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    request = ask(plan, actor)
    client, url = sign_in(festival.coordinator), f"/plans/{plan.ref}/publish"
    assert "You can do so yourself from" in client.get(url).text
    frozen(minutes=10)
    refused = client.post(f"{url}/second", data={"asked": request.id, "reason": ""})
    assert (refused.status_code, "Say why this cannot wait." in refused.text) == (422, True)


def test_a_second_person_refuses_on_the_page(plan, festival, actor, second, sign_in, session):
    move(plan, festival.lake_choir, at(11), actor, "HALL")
    request = ask(plan, actor)
    client, url = sign_in(second), f"/plans/{plan.ref}/publish"
    assert client.post(f"{url}/take-back", data={"asked": request.id}).status_code == 303
    page = client.get(url).text
    assert ("Refused; nothing is published." in page, "Confirm and publish" in page) == (
        True,
        False,
    )
    assert client.post(f"{url}/take-back", data={"asked": request.id}).status_code == 409
    assert numbers(session) == [1]
