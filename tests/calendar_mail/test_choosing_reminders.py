"""Reminders are chosen beside a calendar's other choices, by owners who can be written to."""

import pytest

from scheduler.accounts.duty_calendars import account_audience
from scheduler.calendars import links, own_calendars
from scheduler.calendars.choices import Reminder, ReminderKind
from scheduler.calendars.entries import EntryKind
from scheduler.calendars.own_calendar_pages import ref_of
from tests import factories
from tests.calendars.drafts import NOW, PUPIL, pupil


def chosen(**changes):
    kinds = [str(kind) for kind in EntryKind]
    return {"label": "Office", "locale": "en", "kinds": kinds, "has_cancelled": "y", **changes}


@pytest.fixture
def officer(session, frozen):
    frozen(2027, 3, 1, 8)
    made = factories.officer(factories.school(), email="office@school.example")
    session.commit()
    return made


def calendars(account):
    return own_calendars.calendars_of(account_audience(account))


def test_a_new_calendar_reminds_as_chosen(sign_in, officer):
    client = sign_in(officer)
    wanted = chosen(reminder_kind="day_before", reminder_time="07:15")
    assert client.post("/account/calendars/new", data=wanted).status_code == 303
    (made,) = calendars(officer)
    assert made.reminder == Reminder(ReminderKind.DAY_BEFORE, 7 * 60 + 15)


def test_changing_it_leaves_the_entries_alone(sign_in, officer, session):
    client = sign_in(officer)
    client.post("/account/calendars/new", data=chosen(reminder_kind="none"))
    (made,) = calendars(officer)
    before = (made.revision, made.etag)
    path = f"/account/calendars/{ref_of(made)}"
    client.post(path, data=chosen(reminder_kind="two_hours_before", reminder_time=""))
    session.expire_all()
    (made,) = calendars(officer)
    assert made.reminder == Reminder(ReminderKind.TWO_HOURS_BEFORE)
    assert (made.revision, made.etag) == before
    shown = client.get(path).page.one("input", value="two_hours_before")
    assert shown.get("checked") is not None


@pytest.mark.parametrize(
    "wrong",
    [{"reminder_kind": "day_before", "reminder_time": "25:99"}, {"reminder_kind": "hourly"}],
)
def test_nonsense_is_said_beside_the_field_and_nothing_is_lost(sign_in, officer, wrong):
    client = sign_in(officer)
    answer = client.post("/account/calendars/new", data=chosen(**wrong))
    assert answer.status_code == 422
    assert len(answer.page.all("p", class_="field-error")) == 1
    assert answer.page.one("input", id="label").get("value") == "Office"
    assert calendars(officer) == []


def test_whoever_cannot_be_written_to_is_not_asked(client, app, session):
    link = links.personal_links([pupil()], secret_key=app.secret_key, now=NOW)[PUPIL]
    session.commit()
    path = links.personal_path(link, app.secret_key)
    assert "reminder_kind" not in client.get(f"{path}/calendars/new").text
    client.post(f"{path}/calendars/new", data=chosen(reminder_kind="day_before"))
    kinds = {each.reminder.kind for each in own_calendars.calendars_of(PUPIL)}
    assert kinds == {ReminderKind.NONE}
