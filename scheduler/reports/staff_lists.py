"""The lists of staff: accounts, a school's officers, mails, the audit log, jobs."""

from collections.abc import Iterable, Iterator, Mapping

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler import clock
from scheduler.access.permissions import Actor, Permission, Role
from scheduler.accounts.models import Account
from scheduler.admin import queries, scopes
from scheduler.admin.texts import ACCOUNT_STATE_LABELS, JOB_STATE_LABELS
from scheduler.audit.models import AuditEntry
from scheduler.jobs.models import Job, JobState
from scheduler.jobs.texts import failure_text, title_of
from scheduler.listing import asked_order, in_order
from scheduler.notifications.models import Mail
from scheduler.notifications.reading import subject_of
from scheduler.notifications.texts import STATE_LABELS
from scheduler.organisations.services import find_school
from scheduler.reports.tables import (
    Column,
    Content,
    Holding,
    Listing,
    Row,
    count_of,
    demand,
    in_portions,
)
from scheduler.workdays import services as workdays
from scheduler.workdays.models import CalendarDay
from scheduler.workdays.texts import DAY_TYPES


def _open_accounts(actor: Actor, _place: str, filters: Mapping[str, str]) -> Content:
    demand(actor, Permission.PLATFORM_ADMINISTER)
    asked = {name: filters.get(name, "").strip() for name in ("text", "role", "state")}
    sort, is_down = asked_order(filters, queries.ACCOUNT_SORTS, default_sort="name")
    query = in_order(queries.accounts(**asked), queries.ACCOUNT_SORTS[sort], is_down=is_down)
    headings = (_("Full name"), _("E-mail address"), _("Roles"), _("State"))
    return Content(
        [*(Column(heading) for heading in headings), Column(_("Since"), _zone())],
        lambda: count_of(query),
        lambda: in_portions(query, _account_rows),
        Permission.PLATFORM_ADMINISTER,
    )


def _account_rows(accounts: list[Account]) -> Iterator[Row]:
    labels = scopes.labels(grant for account in accounts for grant in account.grants)
    for each in accounts:
        roles = "; ".join(labels[grant.id] for grant in each.grants)
        yield (each.name, each.email, roles, _state_of(each), each.created_at)


def _state_of(account: Account) -> str:
    return str(ACCOUNT_STATE_LABELS[queries.state_of(account)])


def _open_officers(actor: Actor, place: str, _filters: Mapping[str, str]) -> Content:
    school = find_school(place)
    demand(actor, Permission.SCHOOL_EDIT, school.subject)
    people = queries.holders(Role.SCHOOL_OFFICER, school.id)
    headings = (_("Full name"), _("E-mail address"), _("State"))
    return Content(
        [Column(heading) for heading in headings],
        lambda: len(people),
        lambda: ((each.name, each.email, _state_of(each)) for each in people),
        Permission.SCHOOL_EDIT,
        subject=school.subject,
        about=school.name,
    )


def _open_mails(actor: Actor, _place: str, filters: Mapping[str, str]) -> Content:
    demand(actor, Permission.PLATFORM_ADMINISTER)
    asked = {name: filters.get(name, "").strip() for name in ("text", "state")}
    sort, is_down = asked_order(
        filters, queries.MAIL_SORTS, default_sort="created", newest_first=True
    )
    query = in_order(queries.mails(**asked), queries.MAIL_SORTS[sort], is_down=is_down)
    headings = (_("To"), _("Subject"), _("State"), _("Attempts"))
    return Content(
        [*(Column(heading) for heading in headings), Column(_("Queued at"), _zone())],
        lambda: count_of(query),
        lambda: in_portions(query, _mail_rows),
        Permission.PLATFORM_ADMINISTER,
    )


def _mail_rows(mails: Iterable[Mail]) -> Iterator[Row]:
    for each in mails:
        state = str(STATE_LABELS[each.state])
        yield (each.to_address, subject_of(each), state, each.attempts, each.created_at)


def _open_audit(actor: Actor, _place: str, filters: Mapping[str, str]) -> Content:
    demand(actor, Permission.AUDIT_READ)
    sort, is_down = asked_order(filters, queries.AUDIT_SORTS, default_sort="at", newest_first=True)
    found = queries.audit_entries(queries.audit_search(filters), _zone())
    query = in_order(found, queries.AUDIT_SORTS[sort], is_down=is_down)
    headings = (_("Who"), _("Action"), _("About"), _("Details"), _("Request"))
    return Content(
        [Column(_("When"), _zone()), *(Column(heading) for heading in headings)],
        lambda: count_of(query),
        lambda: in_portions(query, _audit_rows),
        Permission.AUDIT_READ,
    )


def _audit_rows(entries: list[AuditEntry]) -> Iterator[Row]:
    names = queries.names_of_accounts({entry.account_id for entry in entries})
    for each in entries:
        yield (
            each.at,
            names.get(each.account_id) or _("the system"),
            each.action,
            f"{each.subject_type} {each.subject_ref}",
            "\n".join(f"{name}: {value}" for name, value in each.facts.items()),
            each.request_id,
        )


def _open_jobs(actor: Actor, _place: str, filters: Mapping[str, str]) -> Content:
    demand(actor, Permission.PLATFORM_ADMINISTER)
    state = filters.get("state", "")
    sort, is_down = asked_order(
        filters, queries.JOB_SORTS, default_sort="created", newest_first=True
    )
    found = queries.jobs(state=state if state in set(JobState) else "")
    query = in_order(found, queries.JOB_SORTS[sort], is_down=is_down)
    headings = (_("Work"), _("Reference"), _("Started by"), _("State"), _("Reason"), _("Progress"))
    return Content(
        [
            *(Column(heading) for heading in headings),
            Column(_("Started at"), _zone()),
            Column(_("Ended at"), _zone()),
        ],
        lambda: count_of(query),
        lambda: in_portions(query, _job_rows),
        Permission.PLATFORM_ADMINISTER,
    )


def _job_rows(jobs: list[Job]) -> Iterator[Row]:
    names = queries.names_of_accounts({job.account_id for job in jobs})
    for each in jobs:
        yield (
            title_of(each.kind),
            each.ref,
            names.get(each.account_id) or _("the system"),
            str(JOB_STATE_LABELS[each.state]),
            failure_text(each.error_code),
            f"{each.done} / {each.total}" if each.total else None,
            each.created_at,
            each.finished_at,
        )


def _open_calendar_days(actor: Actor, _place: str, filters: Mapping[str, str]) -> Content:
    demand(actor, Permission.PLATFORM_ADMINISTER)
    region, year = workdays.asked_place(filters, now=clock.now())
    _sort, is_down = asked_order(filters, {"day": CalendarDay.day}, default_sort="day")
    query = in_order(workdays.days_of(region, year), CalendarDay.day, is_down=is_down)
    return Content(
        [Column(heading) for heading in (_("Day"), _("Type"), _("Name"), _("Source"))],
        lambda: count_of(query),
        lambda: in_portions(query, _calendar_rows),
        Permission.PLATFORM_ADMINISTER,
    )


def _calendar_rows(days: list[CalendarDay]) -> Iterator[Row]:
    for each in days:
        yield (each.day.isoformat(), str(DAY_TYPES[each.kind]), each.name, each.source)


def _zone() -> str:
    return str(current_app.config["BABEL_DEFAULT_TIMEZONE"])


ACCOUNTS = Listing(
    "accounts",
    _l("Accounts"),
    Holding.ADULTS,
    ("text", "role", "state", "sort", "direction"),
    _open_accounts,
)
OFFICERS = Listing("officers", _l("School officers"), Holding.ADULTS, (), _open_officers)
MAILS = Listing(
    "mails", _l("Outbox"), Holding.ADULTS, ("text", "state", "sort", "direction"), _open_mails
)
AUDIT = Listing(
    "audit",
    _l("Audit log"),
    Holding.ADULTS,
    ("action", "about", "account", "first", "last", "sort", "direction"),
    _open_audit,
)
JOBS = Listing("jobs", _l("Jobs"), Holding.ADULTS, ("state", "sort", "direction"), _open_jobs)
CALENDAR_DAYS = Listing(
    "calendar-days",
    _l("Holidays"),
    Holding.NOBODY,
    ("region", "year", "sort", "direction"),
    _open_calendar_days,
)
