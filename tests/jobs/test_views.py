"""The progress page: its owner's alone."""

import pytest

from scheduler.jobs.models import JobState
from tests import factories


@pytest.fixture
def owner(session):
    made = factories.account()
    session.commit()
    return made


def test_owner_sees_how_far_it_is_and_can_stop_it(session, sign_in, owner):
    job = factories.job(owner, state=JobState.RUNNING, done=30, total=60)
    session.commit()
    client = sign_in(owner)
    assert client.get(f"/jobs/{job.ref}").status_code == 200
    assert client.post(f"/jobs/{job.ref}/stop").location == f"/jobs/{job.ref}"
    assert job.stop_requested_at is not None


def test_finished_job_leads_to_its_result(session, sign_in, owner):
    job = factories.job(owner, state=JobState.DONE, result_url="/somewhere")
    session.commit()
    client = sign_in(owner)
    assert client.get(f"/jobs/{job.ref}").location == "/somewhere"
    partial = client.get(f"/jobs/{job.ref}", headers={"HX-Request": "true"})
    assert partial.headers["HX-Redirect"] == "/somewhere"


def test_failed_job_says_that_nothing_changed(session, sign_in, owner):
    job = factories.job(owner, state=JobState.FAILED, error_code="unexpected")
    session.commit()
    answer = sign_in(owner).get(f"/jobs/{job.ref}")
    assert "Nothing was changed" in answer.text


def test_somebody_else_sees_nothing(session, sign_in, owner):
    job = factories.job(owner, state=JobState.RUNNING, progress={"word": "secret"})
    stranger = factories.account()
    session.commit()
    client = sign_in(stranger)
    answer = client.get(f"/jobs/{job.ref}")
    assert (answer.status_code, "secret" in answer.text) == (403, False)
    assert client.post(f"/jobs/{job.ref}/stop").status_code == 403
    assert job.stop_requested_at is None
