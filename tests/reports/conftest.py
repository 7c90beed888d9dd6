"""Exports over HTTP: a festival with two schools, and files read back."""

import csv
import io
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.database import db
from tests import factories


@pytest.fixture
def festival(session):
    """A programme with a category, two districts with a school and a group each, and accounts."""
    programme = factories.programme(code="festival")
    category = factories.category(programme, code="choir")
    district, other_district = factories.district(), factories.district()
    school = factories.school(district=district, code="S-OWN", name="Own School")
    other = factories.school(district=other_district, code="S-OTHER", name="Other School")
    larks = group(category, school, "Larks", pupil="Anna Lark")
    robins = group(category, other, "Robins", pupil="Quxi Neverseen")
    made = SimpleNamespace(
        programme=programme,
        category=category,
        district=district,
        school=school,
        other=other,
        larks=larks,
        robins=robins,
        coordinator=factories.coordinator(programme, name="Coordinator One"),
        second=factories.coordinator(programme, name="Coordinator Two", password_hash="set"),
        officer=factories.officer(school),
        neighbour=factories.officer(other),
        reviewer=factories.reviewer(district),
        leader=factories.leader(larks),
        administrator=factories.administrator(),
    )
    session.commit()
    return made


def group(category, school, name, *, pupil="Somebody", state=State.SUBMITTED, **values):
    made = factories.application(category, school, group_name=name, state=state, **values)
    factories.member(made, factories.person(school, name=pupil))
    return made


def ask(client, listing, place="", *, file_format="xlsx", filters=""):
    data = {"list": listing, "place": place, "format": file_format, "filters": filters}
    return client.post("/exports/download", data=data)


def cells(answer):
    """The rows of a workbook's first sheet as texts and numbers, the heading among them."""
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.data))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def lines(answer):
    assert answer.status_code == 200, answer.text
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def noted(action):
    """The facts of the audit entries of an action, the oldest first."""
    query = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return [(entry.subject_ref, entry.facts) for entry in db.session.scalars(query)]


@pytest.fixture
def count_queries():
    """`with count_queries() as counted:` then `counted.statements`, of all connections."""

    @contextmanager
    def counting():
        counted = SimpleNamespace(statements=[])

        def note(_connection, _cursor, statement, *_):
            counted.statements.append(statement.partition("\n")[0])

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting
