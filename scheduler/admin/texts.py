"""Words of staff's pages."""

from flask_babel import lazy_gettext as _l

from scheduler.jobs.models import JobState

ACCOUNT_STATE_LABELS = {
    "active": _l("active"),
    "invited": _l("invited"),
    "closed": _l("closed"),
}

JOB_STATE_LABELS = {
    JobState.QUEUED: _l("waiting"),
    JobState.RUNNING: _l("running"),
    JobState.DONE: _l("done"),
    JobState.FAILED: _l("failed"),
}
