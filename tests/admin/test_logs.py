"""Staff search the audit log and see the jobs."""

import datetime as dt

import pytest

from scheduler.audit import services as audit
from scheduler.jobs.models import JobState
from tests import factories

DAY = dt.datetime(2027, 3, 1, 15, 30, tzinfo=dt.UTC)  # 23:30 in Shanghai


@pytest.fixture
def staff(session, sign_in):
    administrator = factories.administrator(name="Admin Chan", email="admin@bureau.example")
    school_officer = factories.account(name="Officer Lin", email="lin@school.example")
    for number, (actor, action, kind) in enumerate(
        [
            (administrator, "account:grant", "account"),
            (school_officer, "application:submit", "application"),
            (school_officer, "read:person", "person"),
            (None, "mail:settle", "mail"),
        ]
    ):
        audit.record(
            action,
            account_id=actor.id if actor else None,
            subject_type=kind,
            subject_ref=f"REF-{number}",
            now=DAY + dt.timedelta(hours=number),
            number=number,
        )
    session.commit()
    return sign_in(administrator)


def actions(answer):
    return ["".join(head.itertext()).split()[-1] for head in answer.page.all("th", scope="row")]


ALL = ["mail:settle", "read:person", "application:submit", "account:grant"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("?direction=ascending", ALL[::-1]),
        ("?action=read:", ["read:person"]),
        ("?action=%25", []),
        ("?about=REF-1", ["application:submit"]),
        ("?about=person", ["read:person"]),
        ("?account=LIN@school.example", ["read:person", "application:submit"]),
        ("?account=Chan", ["account:grant"]),
        ("?first=2027-03-02", ALL[:3]),
        ("?last=2027-03-01", ["account:grant"]),
        ("?first=2027-03-02&account=Lin&action=app", ["application:submit"]),
        ("?first=nonsense", ALL),
    ],
)
def test_the_log_is_searched(staff, query, found):
    assert actions(staff.get(f"/admin/audit{query}")) == found


def test_an_entry_names_who_what_and_details(staff):
    text = staff.get("/admin/audit?about=REF-0").page.text
    assert "Mon 1 March 2027 23:30 (UTC+8) Admin Chan Account: role given" in text
    assert "account:grant Account REF-0 Number: 0" in text
    assert "the system" in staff.get("/admin/audit?about=REF-3").page.text


def test_jobs_are_listed_by_state_with_their_reason(staff, session):
    factories.job(kind="a.plan", state=JobState.FAILED, error_code="worker_lost")
    factories.job(kind="a.plan", state=JobState.RUNNING, done=3, total=10)
    session.commit()
    assert len(actions(staff.get("/admin/jobs"))) == 2
    failed = staff.get("/admin/jobs?state=failed")
    assert len(actions(failed)) == 1
    assert "interrupted several times" in failed.page.text
    assert "3 / 10" in staff.get("/admin/jobs?state=running").page.text
