"""Begins many drafts at once, each with what `services.create` gives one: history and audit."""

import datetime as dt
from collections.abc import Sequence

from scheduler.access.permissions import Actor
from scheduler.applications.bulk import insert_rows
from scheduler.applications.models import Application, HistoryEntry
from scheduler.applications.roster_records import GroupRow
from scheduler.applications.services import demand_open
from scheduler.applications.steps import flush
from scheduler.applications.workflow import Action, State
from scheduler.audit.models import AuditEntry
from scheduler.audit.request_id import current_request_id
from scheduler.database import db
from scheduler.organisations.models import School
from scheduler.programmes.models import Category
from scheduler.references import new_reference


def begin_drafts(
    actor: Actor,
    records: Sequence[GroupRow],
    *,
    school: School,
    category: Category,
    now: dt.datetime,
) -> list[Application]:
    """Begin a draft for each record, in their order; adults, works and pupils are not written.

    Raises `Refused` outside the entry window, or if the school has a live group of one of the
    names by now.
    """
    if not records:
        return []
    demand_open(category.programme, now)
    applications = [
        Application(
            ref=new_reference("A"),
            programme=category.programme,
            category=category,
            school=school,
            group_name=record.name,
            state=State.DRAFT,
            voicing=record.voicing,
            introduction=record.introduction,
            equipment=record.equipment,
            answers=dict(record.answers),
            created_at=now,
            changed_at=now,
        )
        for record in records
    ]
    db.session.add_all(applications)
    flush()
    _note_beginnings(applications, actor, now)
    return applications


def _note_beginnings(applications: Sequence[Application], actor: Actor, now: dt.datetime) -> None:
    insert_rows(
        HistoryEntry,
        [
            {
                "application_id": application.id,
                "at": now,
                "account_id": actor.account_id,
                "actor_name": actor.name,
                "action": Action.CREATE,
                "from_state": None,
                "to_state": State.DRAFT,
                "fields": [],
                "changes": {},
            }
            for application in applications
        ],
    )
    insert_rows(
        AuditEntry,
        [
            {
                "at": now,
                "account_id": actor.account_id,
                "action": f"application:{Action.CREATE}",
                "subject_type": "application",
                "subject_ref": application.ref,
                "facts": {"from_state": None, "to_state": State.DRAFT},
                "request_id": current_request_id(),
            }
            for application in applications
        ],
    )
