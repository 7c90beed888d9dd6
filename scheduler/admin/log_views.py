"""Staff's pages about what happened: the audit log and the jobs."""

from flask import current_app, render_template, request
from flask_babel import gettext as _

from scheduler.access.guard import access
from scheduler.access.permissions import Permission
from scheduler.admin import queries
from scheduler.admin.audit_texts import deed_text, facts_by_id
from scheduler.admin.audit_words import THINGS
from scheduler.admin.blueprint import blueprint
from scheduler.admin.texts import JOB_STATE_LABELS
from scheduler.jobs.models import JobState
from scheduler.jobs.texts import failure_text, title_of
from scheduler.listing import page_of


@blueprint.get("/admin/audit")
@access(Permission.AUDIT_READ)
def audit_log() -> str:
    """Search who did or read what, newest first."""
    asked = {
        name: request.args.get(name, "").strip()
        for name in ("action", "about", "account", "first", "last")
    }
    search = queries.audit_search(request.args)
    page = page_of(
        queries.audit_entries(search, current_app.config["BABEL_DEFAULT_TIMEZONE"]),
        sorts=queries.AUDIT_SORTS,
        default_sort="at",
        newest_first=True,
    )
    names = queries.names_of_accounts({entry.account_id for entry in page.items})
    return render_template(
        "admin/audit.html",
        page=page,
        asked=asked,
        names=names,
        deed_text=deed_text,
        things=THINGS,
        facts=facts_by_id(page.items),
    )


@blueprint.get("/admin/jobs")
@access(Permission.PLATFORM_ADMINISTER)
def jobs() -> str:
    """List long work: what runs, what failed and why."""
    state = request.args.get("state", "")
    state = state if state in set(JobState) else ""
    page = page_of(
        queries.jobs(state=state),
        sorts=queries.JOB_SORTS,
        default_sort="created",
        newest_first=True,
    )
    return render_template(
        "admin/jobs.html",
        page=page,
        state=state,
        states=[("", _("All states")), *JOB_STATE_LABELS.items()],
        labels=JOB_STATE_LABELS,
        names=queries.names_of_accounts({job.account_id for job in page.items}),
        title_of=title_of,
        failure_text=failure_text,
    )
