"""What came of many decisions that were a job: for whoever asked, and for nobody else."""

import pytest

from scheduler import clock
from scheduler.applications import decision_jobs
from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.jobs.models import Job, JobState
from tests.applications.making import (
    coordinator_of,
    keep,
    make_category,
    make_entry,
    make_programme,
)


@pytest.fixture
def path(festival):
    return f"/programmes/{festival.programme.code}/applications"


def test_many_are_decided_by_a_job_which_tells_of_each(festival, sign_in, path, frozen):
    frozen(2027, 3, 1, 8)
    category = make_category(festival.programme, places=50)
    entries = [
        make_entry(category, festival.school, state=State.SUBMITTED, pupils=0)
        for _ in range(decision_jobs.AT_ONCE + 1)
    ]
    client = sign_in(festival.coordinator)
    form = {"action": "accept", "seen": [entry.seen for entry in entries]}
    answer = client.post(f"{path}/decisions", data=form)
    job = db.session.scalars(db.select(Job)).one()
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.ref}")
    assert (job.state, job.done, job.total) == (JobState.DONE, 51, 51)
    answer = client.get(answer.location)
    assert answer.location == f"/decisions/{job.ref}"
    page = client.get(answer.location).page
    assert "50 of 51 decisions were applied." in page.text
    assert "All 50 places of this category are taken." in page.text
    assert entries[0].group_name in page.text
    states = {entry.state for entry in db.session.scalars(db.select(Application))}
    assert states == {State.ACCEPTED, State.SUBMITTED}


def test_nobody_else_reads_it(festival, sign_in):
    entry = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    kept = {"ref": entry.ref, "state": "accepted"}
    job = keep(job_of(festival.coordinator, [kept], entry))
    other = coordinator_of(festival.programme)
    assert sign_in(other).get(f"/decisions/{job.ref}").status_code == 403
    assert sign_in(festival.officer).get(f"/decisions/{job.ref}").status_code == 403


def test_whoever_lost_the_role_reads_no_names_any_more(festival, sign_in):
    entry = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    former = coordinator_of(make_programme())
    job = keep(job_of(former, [{"ref": entry.ref, "state": "accepted"}], entry))
    text = sign_in(former).get(f"/decisions/{job.ref}").page.text
    assert entry.ref in text
    assert entry.group_name not in text
    assert festival.school.name not in text


def test_another_kind_of_job_has_no_such_page(festival, sign_in):
    job = job_of(festival.coordinator, [], None)
    job.kind = "tests.other"
    keep(job)
    assert sign_in(festival.coordinator).get(f"/decisions/{job.ref}").status_code == 404


def test_while_it_runs_the_page_leads_to_its_progress(festival, sign_in):
    job = job_of(festival.coordinator, [], None)
    job.state, job.heartbeat_at = JobState.RUNNING, clock.now()
    keep(job)
    answer = sign_in(festival.coordinator).get(f"/decisions/{job.ref}")
    assert answer.location == f"/jobs/{job.ref}"


def job_of(account, outcomes, entry):
    decisions = [{"ref": entry.ref, "action": "accept", "version": 1}] if entry else []
    return Job(
        ref="of-this-test",
        kind=decision_jobs.DECIDE,
        state=JobState.DONE,
        account_id=account.id,
        arguments={"decisions": decisions},
        result={"outcomes": outcomes},
        created_at=clock.now(),
    )
