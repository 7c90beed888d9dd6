"""What a school is told to do next: correct first, expect the waiting list, be there in time."""

import datetime as dt

import pytest

from scheduler.applications import services
from scheduler.applications.decisions import Decision, decide
from scheduler.applications.fields import Field
from scheduler.applications.published import performance_key
from scheduler.applications.workflow import Action, State
from scheduler.calendars.entries import Audience, EntryDraft, EntryText, Scope
from scheduler.calendars.services import publish
from scheduler.database import db
from tests.applications.making import NOW, leader_of, make_entry


@pytest.fixture(autouse=True)
def on_the_first_of_march(frozen):
    frozen(2027, 3, 1, 8)


@pytest.fixture
def officer(festival, sign_in):
    return sign_in(festival.officer)


def send_back(festival, application, *fields):
    decision = Decision(Action.RETURN, application.version, "Shorten it.", fields)
    decide(application, decision, actor=festival.coordinator.actor, now=NOW)
    db.session.commit()


@pytest.fixture
def returned(festival, session):
    application = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    send_back(festival, application, Field.PIECES, Field.VOICING)
    return application


def buttons(page, kind):
    found = [*page.all("button", class_=f"btn-{kind}"), *page.all("a", class_=f"btn-{kind}")]
    return [" ".join("".join(each.itertext()).split()) for each in found]


def note(application, actor, **changes):
    services.note_edit(application, actor=actor, now=NOW, changes=changes)
    db.session.commit()


@pytest.mark.parametrize("path", ["/applications/{ref}", "/applications/my-school"])
def test_a_returned_entry_is_changed_before_it_is_submitted(festival, officer, returned, path):
    page = officer.get(path.format(ref=returned.ref)).page
    assert buttons(page, "primary") == ["Change the group"]
    asked = "The coordinators asked for a change, and nothing has been changed yet: "
    assert f"{asked}Voicing, Repertoire." in page.text

    note(returned, festival.officer.actor, pieces=[None, None])
    page = officer.get(path.format(ref=returned.ref)).page
    assert f"{asked}Voicing." in page.text

    note(returned, festival.officer.actor, voicing=["SA", "SSA"])
    page = officer.get(path.format(ref=returned.ref)).page
    assert buttons(page, "primary") == ["Submit"]
    assert asked not in page.text


def test_what_was_changed_before_it_came_back_again_does_not_count(festival, officer, returned):
    actor = festival.officer.actor
    note(returned, actor, pieces=[None, None], voicing=["SA", "SSA"])
    services.submit(returned, actor=actor, now=NOW)
    send_back(festival, returned, Field.PIECES)
    page = officer.get(f"/applications/{returned.ref}").page
    assert buttons(page, "primary") == ["Change the group"]


def test_a_full_category_says_that_new_groups_wait(festival, officer):
    draft = make_entry(festival.category, festival.school)
    overview, own = "Full: new groups join the waiting list", "can only join the waiting list"
    assert overview not in officer.get("/applications/my-school").page.text
    assert own not in officer.get(f"/applications/{draft.ref}").page.text
    festival.category.places_taken = festival.category.places
    db.session.commit()
    assert overview in officer.get("/applications/my-school").page.text
    assert own in officer.get(f"/applications/{draft.ref}").page.text


def publish_time(application):
    programme = application.programme
    text = EntryText("Group", "Great Hall", ("Warm-up 09:00–09:20", "On stage 09:30–09:40"), "")
    draft = EntryDraft(
        key=performance_key(application.ref),
        starts_at=dt.datetime(2027, 7, 16, 1, tzinfo=dt.UTC),
        ends_at=dt.datetime(2027, 7, 16, 1, 40, tzinfo=dt.UTC),
        zone=programme.timezone,
        texts={"en": text},
        audiences=frozenset({Audience("school", application.school.code)}),
    )
    publish(Scope("timetable", programme.code), [draft], now=NOW)
    db.session.commit()


def test_a_published_time_takes_the_place_of_the_promise(festival, officer, sign_in):
    accepted = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    promise, when = "The timetable follows", "Be there on Fri 16 July 2027 (UTC+8)"
    paths = ["/applications/my-school", f"/applications/{accepted.ref}"]
    assert all(promise in officer.get(path).page.text for path in paths)
    publish_time(accepted)
    timetable = f"/programmes/{festival.programme.code}/timetable"
    for path in paths:
        page = officer.get(path).page
        assert promise not in page.text
        assert when in page.text
        assert "Great Hall" in page.text
        addresses = [link.get("href") for link in page.all("a")]
        assert f"{timetable}/schools/{festival.school.code}" in addresses
    leader = sign_in(leader_of(accepted))
    page = leader.get(paths[1]).page
    addresses = [link.get("href") for link in page.all("a")]
    assert when in page.text
    assert timetable in addresses
    assert leader.get(timetable).status_code == 200


def test_a_draft_that_was_never_submitted_is_in_no_review(festival, officer):
    draft = make_entry(festival.category, festival.school)
    page = officer.get(f"/applications/{draft.ref}").page
    assert "taken out of the review" not in page.text
    assert "It was not submitted, so nobody reviews it." in page.text
