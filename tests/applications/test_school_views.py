"""What a school and a team leader see, and what the school does, over HTTP."""

import datetime as dt

import pytest
from sqlalchemy import select

from scheduler.access.permissions import Role, ScopeKind
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.database import db
from tests.applications.making import (
    CLOSES,
    LATE,
    NOW,
    OPENS,
    coordinator_of,
    declare,
    leader_of,
    make_account,
    make_category,
    make_entry,
    make_programme,
    make_school,
    officer_of,
)
from tests.support.pages import text_of


@pytest.fixture(autouse=True)
def on_the_first_of_march(frozen):
    frozen(2027, 3, 1, 8)


@pytest.fixture
def officer(festival, sign_in):
    return sign_in(festival.officer)


@pytest.fixture
def officer_at(festival, sign_in, frozen):
    """The officer, signed in at another time: sessions do not last for weeks."""

    def at(instant):
        frozen(*instant.timetuple()[:5])
        return sign_in(festival.officer)

    return at


def rows(page):
    return [text_of(row) for row in page.all("tr")]


def state_of(application):
    return db.session.get_one(Application, application.id).state


def test_an_officer_is_led_to_the_own_school(officer):
    assert officer.get("/applications").location == "/applications/my-school"


def test_a_leader_is_led_to_the_own_group(festival, sign_in):
    application = make_entry(festival.category, festival.school)
    client = sign_in(leader_of(application))
    assert client.get("/applications").location == f"/applications/{application.ref}"


def test_a_coordinator_is_led_to_the_queue(festival, sign_in):
    client = sign_in(festival.coordinator)
    assert (
        client.get("/applications").location
        == f"/programmes/{festival.programme.code}/applications"
    )


def test_whoever_has_several_roles_chooses(festival, sign_in):
    both = coordinator_of(
        festival.programme, (Role.SCHOOL_OFFICER, ScopeKind.SCHOOL, make_school())
    )
    page = sign_in(both).get("/applications").page
    assert [text_of(link) for link in page.all("a", class_="choice")] == [
        "Review: Huangpu Festival",
        "My school",
    ]


def test_my_school_shows_the_open_call_with_its_places(festival, officer):
    make_entry(festival.category, make_school(), state=State.ACCEPTED)
    make_entry(festival.category, make_school(), state=State.WAITLISTED)
    page = officer.get("/applications/my-school").page
    assert page.h1 == festival.school.name
    assert "Open until Wed 31 March 2027 18:00 (UTC+8). 30 days left" in page.text
    limits = "2 to 4 pupils · up to 2 works · 8 min"
    assert f"Primary choir 1 of 2 taken 1 group waits {limits}" in page.text


def test_my_school_names_what_is_missing_and_who_acts(festival, officer):
    short = make_entry(festival.category, festival.school, pupils=1, group_name="Larks")
    make_entry(festival.category, festival.school, state=State.WAITLISTED, group_name="Robins")
    make_entry(festival.category, make_school(), group_name="Strangers")
    page = officer.get("/applications/my-school").page
    assert (
        f"Larks {short.ref} Primary choir Draft 1 pupils entered; at least 2 are needed."
        in page.text
    )
    assert "Waitlisted No. 1 in line The group waits for a place." in page.text
    assert "Strangers" not in page.text


def links(page):
    return [(text_of(link), link.get("href")) for link in page.all("a", class_="btn")]


def test_every_open_category_is_entered_by_form_or_workbook(festival, officer):
    place = (
        f"/programmes/{festival.programme.code}/categories/{festival.category.code}"
        f"/schools/{festival.school.code}"
    )
    assert links(officer.get("/applications/my-school").page) == [
        ("Particulars and officers", f"/schools/{festival.school.code}"),
        ("By form", f"{place}/entries/new"),
        ("By workbook", f"{place}/import"),
    ]


def test_people_are_copied_only_where_there_was_an_earlier_entry(festival, officer):
    def programme_of(day):
        return make_programme(starts_on=day, ends_on=day, entry_closes_at=OPENS + dt.timedelta(1))

    start = festival.programme.starts_on
    for days, school in ((60, make_school()), (-30, festival.school)):
        other = programme_of(start - dt.timedelta(days=days))
        make_entry(make_category(other), school, state=State.SUBMITTED)
    labels = [label for label, _ in links(officer.get("/applications/my-school").page)]
    assert "From last year" not in labels
    last = programme_of(start - dt.timedelta(days=60))
    make_entry(make_category(last), festival.school, state=State.SUBMITTED)
    found = links(officer.get("/applications/my-school").page)
    address = (
        f"/programmes/{festival.programme.code}/categories/{festival.category.code}"
        f"/schools/{festival.school.code}/copies"
    )
    assert ("From last year", address) in found


@pytest.mark.parametrize(
    ("state", "marked", "labels"),
    [
        (State.DRAFT, [], ["Change the group", "Change the members", "Team leaders"]),
        (State.RETURNED, ["pieces"], ["Change the group", "Team leaders"]),
        (State.RETURNED, ["members"], ["Change the members", "Team leaders"]),
        (State.SUBMITTED, [], ["Team leaders", "Busy times"]),
        (
            State.ACCEPTED,
            [],
            ["Personal links", "Substitute a member", "Team leaders", "Busy times", "Withdraw…"],
        ),
    ],
)
def test_only_what_may_be_changed_is_offered(festival, officer, state, marked, labels):
    application = make_entry(
        festival.category, festival.school, state=state, returned_fields=marked
    )
    page = officer.get(f"/applications/{application.ref}").page
    assert [label for label, _address in links(page)] == labels


def test_a_complete_draft_is_submitted_from_the_overview(festival, officer):
    application = make_entry(festival.category, festival.school)
    page = officer.get("/applications/my-school").page
    assert f"/applications/{application.ref}/submit" in [
        form.get("action") for form in page.all("form")
    ]


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (OPENS - dt.timedelta(days=1), "Entries open on Mon 22 February 2027 09:00 (UTC+8)."),
        (CLOSES, "Entries closed on Wed 31 March 2027 18:00 (UTC+8)."),
    ],
)
def test_outside_the_window_it_says_when(festival, officer_at, now, shown):
    make_entry(festival.category, festival.school)
    page = officer_at(now).get("/applications/my-school").page
    assert shown in page.text
    assert page.all("button", class_="btn-primary") == []


def test_a_closed_call_without_entries_is_not_shown(officer_at):
    assert "Nothing is open for entry" in officer_at(LATE).get("/applications/my-school").page.text


def test_my_school_costs_the_same_with_one_entry_and_with_many(festival, officer, count_queries):
    def counted(entries):
        for _ in range(entries):
            make_entry(festival.category, festival.school)
        db.session.commit()
        with count_queries() as queries:
            officer.get("/applications/my-school")
        return queries.statements

    assert counted(1) == counted(4)


def test_the_case_shows_birth_dates_to_the_officer_only(festival, officer, sign_in):
    application = make_entry(festival.category, festival.school)
    path = f"/applications/{application.ref}"
    shown, band = "2016-05-04", "under 14"
    page = officer.get(path).page.text
    assert (shown in page, band in page) == (True, False)
    page = sign_in(leader_of(application)).get(path).page.text
    assert (shown in page, band in page) == (False, True)


def test_reading_the_members_is_noted(festival, officer):
    application = make_entry(festival.category, festival.school)
    officer.get(f"/applications/{application.ref}")
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_ref, entry.account_id, entry.facts) == (
        "read:members",
        application.ref,
        festival.officer.id,
        {"people": 5},
    )


def test_the_members_can_be_sorted(festival, officer):
    application = make_entry(festival.category, festival.school, pupils=2)
    for member, name in zip(application.members, ("Zoe", "Ann"), strict=False):
        member.person.sort_key = name
        member.person.name = name
    page = officer.get(f"/applications/{application.ref}?sort=name&direction=descending").page
    names = [text_of(cell) for cell in page.all("th", data_label="Full name")]
    assert names[:2] == ["Zoe", "Ann"]


@pytest.mark.parametrize("stranger", ["neighbour", "other leader", "other coordinator"])
def test_others_do_not_see_the_case(festival, sign_in, stranger):
    application = make_entry(festival.category, festival.school)
    account = {
        "neighbour": lambda: officer_of(make_school()),
        "other leader": lambda: leader_of(make_entry(festival.category, festival.school)),
        "other coordinator": lambda: coordinator_of(make_programme()),
    }[stranger]()
    client = sign_in(account)
    assert client.get(f"/applications/{application.ref}").status_code == 403
    assert client.post(f"/applications/{application.ref}/submit").status_code == 403


def test_the_leader_reads_and_does_not_act(festival, sign_in):
    application = make_entry(festival.category, festival.school)
    client = sign_in(leader_of(application))
    page = client.get(f"/applications/{application.ref}").page
    assert [
        form.get("action") for form in page.all("form") if "applications" in form.get("action")
    ] == []
    assert client.post(f"/applications/{application.ref}/submit").status_code == 403


def test_submit_and_what_happens_next(festival, officer):
    application = make_entry(festival.category, festival.school)
    answer = officer.post(f"/applications/{application.ref}/submit", follow_redirects=True)
    assert state_of(application) is State.SUBMITTED
    assert f"{application.group_name} has been submitted." in answer.page.text
    assert "The entry is under review." in answer.page.text


def test_an_incomplete_entry_is_shown_again_with_what_is_missing(festival, officer):
    application = make_entry(festival.category, festival.school)
    declare(application.members[0].person, is_granted=False)
    answer = officer.post(f"/applications/{application.ref}/submit")
    assert (answer.status_code, state_of(application)) == (409, State.DRAFT)
    assert (
        "1 thing is missing: Pupils whose guardian's consent is not declared, or refused: 1."
        in answer.page.text
    )


def test_withdraw_with_its_reason_in_the_history(festival, officer):
    application = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    address = f"/applications/{application.ref}/withdrawal"
    page = officer.get(address).page
    assert "Nobody waits for the place." in page.text
    answer = officer.post(
        address,
        data=page.values() | {"reason": " Measles. "},
        follow_redirects=True,
    )
    assert state_of(application) is State.WITHDRAWN
    assert "Measles." in text_of(answer.page.one("ol", class_="timeline"))


def test_reopen_and_the_reminder_to_submit(festival, officer):
    application = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    answer = officer.post(f"/applications/{application.ref}/reopen", follow_redirects=True)
    assert state_of(application) is State.DRAFT
    assert "Don't forget to submit it." in answer.page.text


@pytest.mark.parametrize("action", ["reopen", "submit"])
def test_after_the_deadline_the_page_says_so(festival, officer_at, action):
    state = State.SUBMITTED if action == "reopen" else State.DRAFT
    application = make_entry(festival.category, festival.school, state=state)
    answer = officer_at(LATE).post(f"/applications/{application.ref}/{action}")
    assert (answer.status_code, state_of(application)) == (409, state)
    assert text_of(answer.page.one("p", role="alert")) == "The entry window has closed."


def test_withdrawing_twice_is_said_and_not_done_again(festival, officer):
    application = make_entry(festival.category, festival.school, state=State.WITHDRAWN)
    answer = officer.post(f"/applications/{application.ref}/withdraw")
    assert answer.status_code == 409
    assert "The application is in another state by now" in answer.page.text


def test_a_returned_entry_shows_message_and_marked_parts(festival, officer_at):
    application = make_entry(
        festival.category,
        festival.school,
        state=State.RETURNED,
        returned_fields=["pieces", "conductor"],
        returned_message="Please shorten.",
    )
    page = officer_at(LATE).get(f"/applications/{application.ref}").page
    assert "Please shorten. To be changed: Conductor, Repertoire" in page.text
    assert f"/applications/{application.ref}/submit" in [
        form.get("action") for form in page.all("form")
    ]


@pytest.mark.parametrize("path", ["/applications/A-NONE", "/applications/A-NONE/case"])
def test_there_is_no_such_application(festival, officer, path):
    assert officer.get(path).status_code == 404


def test_strangers_are_sent_to_the_sign_in_page(client):
    assert client.get("/applications/my-school").location.startswith("/sign-in")


def test_somebody_without_a_role_may_not_enter(session, sign_in):
    assert sign_in(make_account()).get("/applications").status_code == 403


def test_the_time_is_the_frozen_one(festival, officer):
    application = make_entry(festival.category, festival.school)
    officer.post(f"/applications/{application.ref}/submit")
    assert db.session.get_one(Application, application.id).submitted_at == NOW
