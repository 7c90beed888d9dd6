"""The same thing sent twice at once, by one person or by two, over two server processes."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from scheduler import clock
from scheduler.applications.models import HistoryEntry
from scheduler.applications.workflow import Action, State
from scheduler.database import db
from scheduler.notifications.models import Mail
from tests.applications.making import make_entry, officer_of
from tests.applications.test_rush import ask
from tests.support.pages import Page

pytestmark = pytest.mark.each_database

AT_ONCE = 4


def draft(festival):
    return make_entry(festival.category, festival.school)


def submitted(festival):
    return make_entry(festival.category, festival.school, state=State.SUBMITTED)


def offered(festival):
    festival.category.places_taken = 1
    return make_entry(
        festival.category,
        festival.school,
        state=State.OFFERED,
        places_held=1,
        offer_ends_at=clock.now() + dt.timedelta(days=1),
    )


CASES = {
    "submit": (draft, "submit", {}, Action.SUBMIT, State.SUBMITTED, 1),
    "decide": (submitted, "decision", {"action": "accept"}, Action.ACCEPT, State.ACCEPTED, 1),
    "take up": (offered, "take-up", {}, Action.TAKE_UP, State.ACCEPTED, 0),
}


@pytest.mark.parametrize("case", CASES)
def test_sent_by_two_people_at_once_it_is_done_once_and_the_others_are_told(
    festival, live_server, browser_of, case
):
    """Two officers (or coordinators) click twice each."""
    make, path, form, action, state, mails_each = CASES[case]
    # The server's clock is the real one.
    festival.programme.entry_opens_at = clock.now() - dt.timedelta(days=1)
    festival.programme.entry_closes_at = clock.now() + dt.timedelta(days=1)
    entry = make(festival)
    others = [officer_of(festival.school)]
    people = [festival.officer, *others]
    if case == "decide":
        people, form = [festival.coordinator] * 2, {**form, "version": entry.version}
    ref, entry_id = entry.ref, entry.id
    cookies = [browser_of(person) for person in people] * (AT_ONCE // 2)
    together = threading.Barrier(AT_ONCE)
    page = f"/applications/{ref}/case" if case == "decide" else f"/applications/{ref}"

    def send(cookie):
        _status, text, cookie = ask(live_server.url, page, cookie)
        token = Page(text).values()["csrf_token"]
        together.wait()
        status, text, _cookie = ask(
            live_server.url, f"/applications/{ref}/{path}", cookie, {"csrf_token": token, **form}
        )
        return status, text

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, cookies))
    assert sorted(status for status, _text in answers) == [303] + [409] * (AT_ONCE - 1)
    told = [text for status, text in answers if status == 409]
    assert all('class="callout callout-danger"' in text or "Nothing was" in text for text in told)
    db.session.rollback()
    db.session.refresh(entry)
    assert entry.state is state
    steps = select(func.count()).where(
        HistoryEntry.application_id == entry_id, HistoryEntry.action == action
    )
    assert db.session.scalar(steps) == 1
    assert db.session.scalar(select(func.count(Mail.id))) == mails_each * (len(others) + 1)


def test_the_back_button_and_a_resent_form_change_nothing_and_say_why(festival, sign_in, frozen):
    frozen(2027, 3, 1, 8)
    entry = draft(festival)
    client = sign_in(festival.officer)
    path = f"/applications/{entry.ref}"
    assert client.post(f"{path}/submit").status_code == 303
    again = client.post(f"{path}/submit")
    assert again.status_code == 409
    assert "Submitted" in again.page.text
    steps = select(func.count()).where(HistoryEntry.action == Action.SUBMIT)
    assert db.session.scalar(steps) == 1


def test_what_one_officer_types_into_a_draft_that_the_other_has_submitted_is_refused(
    festival, sign_in, frozen
):
    frozen(2027, 3, 1, 8)
    entry = draft(festival)
    first, second = sign_in(festival.officer), sign_in(officer_of(festival.school))
    path = f"/applications/{entry.ref}"
    form = second.get(f"{path}/edit").page.values()
    assert first.post(f"{path}/submit").status_code == 303
    answer = second.post(f"{path}/edit", data={**form, "introduction": "Too late."})
    assert answer.status_code == 422
    db.session.refresh(entry)
    assert (entry.state, entry.introduction) == (State.SUBMITTED, None)
