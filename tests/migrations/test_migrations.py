"""The migrations make exactly the tables of the models, forwards and back, from one head."""

import brotli
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import column, func, inspect, select, table

from scheduler import clock, models, paths
from scheduler.calendars.models import Subscription
from scheduler.database import UtcDateTime, db
from tests import factories
from tests.conftest import new_app
from tests.support import databases


def _is_other_type(_context, _inspected, _column, inspected_type, our_type):
    """Our instants are the database's own date-time type."""
    return False if isinstance(our_type, UtcDateTime) else None


@pytest.fixture
def empty_app(database, request, tmp_path):
    """An application on a database of its own without tables."""
    if database.kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        name = f"empty_{request.getfixturevalue('worker_id')}"
        url = databases.PostgresqlDatabase(server, name).url
    app = new_app(url)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_there_is_one_head():
    assert len(ScriptDirectory(str(paths.migrations())).get_heads()) == 1


def test_migrated_tables_equal_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _is_other_type})
        differences = [
            each
            for each in compare_metadata(context, models.metadata)
            if "huey" not in str(each[1])  # the queue makes its own tables beside ours
        ]
    assert differences == []


def _counts():
    tables = ("programme", "category", "school", "application", "member", "person")
    with db.engine.connect() as connection:
        return [connection.scalar(select(func.count()).select_from(table(name))) for name in tables]


def test_each_step_goes_down_and_up_again_with_rows_inside(empty_app):
    databases.migrate(empty_app)
    steps = list(ScriptDirectory(str(paths.migrations())).walk_revisions())
    with empty_app.app_context():
        programme = factories.programme()
        factories.application(factories.category(programme), factories.school(), pupils=2)
        factories.coordinator(programme)
        db.session.commit()
        before = _counts()
        db.session.remove()
        config = empty_app.extensions["migrate"].migrate.get_config()
        for step in steps[:-1]:
            command.downgrade(config, "-1")
            command.upgrade(config, "+1")
            assert (step.revision, _counts()) == (step.revision, before)
            command.downgrade(config, "-1")
        command.downgrade(config, "base")
        tables = set(inspect(db.engine).get_table_names()) & set(models.metadata.tables)
    assert tables == set()


def _feed(number, body):
    now = clock.now()
    return Subscription(
        token_digest=str(number),
        nonce="",
        audience_kind="public" if number == 2 else "person",
        audience_key=str(number),
        names={"en": "Feed"},
        locale="en",
        zone="Asia/Shanghai",
        created_at=now,
        modified_at=now,
        body=body,
    )


def test_feeds_of_before_are_kept_in_brotli_and_public_ones_end_with_the_way_back(empty_app):
    body = b"BEGIN:VCALENDAR\r\n" * 50
    databases.migrate(empty_app)
    with empty_app.app_context():
        config = empty_app.extensions["migrate"].migrate.get_config()
        for number in range(3):
            db.session.add(_feed(number, body if number else b""))
        db.session.commit()
        command.downgrade(config, "0029")
        command.upgrade(config, "0030")
        with db.engine.connect() as connection:
            found = connection.execute(
                select(column("body_br")).select_from(table("subscription")).order_by(column("id"))
            )
            stored = [bytes(row.body_br) for row in found]
        command.downgrade(config, "base")
    assert [octets and brotli.decompress(octets) for octets in stored] == [b"", body]
