"""What the job worker does: run jobs, send mails, look after lost work. `serve` starts it."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from huey import crontab
from huey.api import Huey

from scheduler import clock
from scheduler.accounts import tasks as account_tasks
from scheduler.applications import first_come, import_tasks, offer_tasks
from scheduler.calendar_mail import tasks as calendar_mail_tasks
from scheduler.calendars import tasks as calendar_tasks
from scheduler.consents import paper_storage
from scheduler.database import transaction
from scheduler.jobs import running, services
from scheduler.notifications import tasks as notification_tasks
from scheduler.publicity import tasks as publicity_tasks
from scheduler.reports import tasks as report_tasks
from scheduler.scheduling.parties import outside_tasks
from scheduler.scheduling.releases import asking, late_tasks
from scheduler.task_queue import wake
from scheduler.workdays import tasks as workday_tasks


def register(app: Flask, queue: Huey) -> None:
    """Make the queue's tasks, so that web processes can send them and the worker can run them."""

    def in_context(function: Callable[..., None]) -> Callable[..., None]:
        def run(*arguments: str) -> None:
            with app.app_context():
                function(*arguments)

        run.__name__ = function.__name__
        return run

    tasks: dict[str, Any] = {
        "job": queue.task(name="job")(in_context(running.run)),
        "mail": queue.task(name="mail")(in_context(notification_tasks.send_due)),
        "serve": queue.task(name="serve")(in_context(offer_tasks.serve_receipts)),
    }
    each_minute = (
        requeue_lost,
        notification_tasks.send_due,
        calendar_tasks.look_after,
        import_tasks.remove_old_uploads,
        offer_tasks.end_offers,
        offer_tasks.look_after_confirmations,
        offer_tasks.serve_receipts,
        late_tasks.tell_those_behind,
        report_tasks.remove_old_exports,
        outside_tasks.refresh_outside_calendars,
    )
    for function in each_minute:
        name = f"each_minute_{function.__name__}"
        queue.periodic_task(crontab(), name=name)(in_context(function))
    each_five_minutes = crontab(minute="*/5")
    for function in (
        calendar_mail_tasks.read_replies,
        calendar_mail_tasks.send_reminders,
        calendar_mail_tasks.forget_past_requests,
    ):
        name = f"each_five_minutes_{function.__name__}"
        queue.periodic_task(each_five_minutes, name=name)(in_context(function))
    each_hour = crontab(minute="20")
    asked = in_context(asking.keep_up)
    queue.periodic_task(each_hour, name="each_hour_keep_up_with_who_is_asked")(asked)
    nightly = crontab(minute="10", hour="3")
    queue.periodic_task(nightly, name="each_night_forget_old")(in_context(account_tasks.forget_old))
    # In the morning where the bureaus are: clocks here are UTC.
    morning = crontab(minute="30", hour="23")
    queue.periodic_task(morning, name="each_morning_tell_reviewers")(
        in_context(offer_tasks.tell_reviewers)
    )
    erase = in_context(publicity_tasks.erase_old_objections)
    queue.periodic_task(nightly, name="each_night_erase_old_objections")(erase)
    queue.periodic_task(nightly, name="each_night_remove_files_left_behind")(
        in_context(import_tasks.remove_files_left_behind)
    )
    queue.periodic_task(nightly, name="each_night_remove_scans_left_behind")(
        in_context(paper_storage.remove_scans_left_behind)
    )
    keep_up = in_context(workday_tasks.keep_up)
    queue.periodic_task(nightly, name="each_night_keep_up_holidays")(keep_up)
    app.extensions["is_rush"] = first_come.is_rush  # mails, which know no entries, ask it
    app.extensions["huey"] = queue
    app.extensions["tasks"] = tasks


def requeue_lost() -> None:
    """Take up jobs whose worker died and jobs whose message was lost."""
    with transaction():
        refs = services.requeue_lost(now=clock.now())
    for ref in refs:
        wake("job", ref)
