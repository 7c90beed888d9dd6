"""Import of 10,000 rows against openpyxl merely reading the same file, in the same process.

Three figures: the dry run (read, check, compare, preview), the whole import (dry run, then the
confirmed roster written into the database, as both jobs do it), and uploading the same file again.

    make bench ONLY=roster_import
"""

import datetime as dt
import gc
import io
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("INSTANCE_PATH", tempfile.mkdtemp(prefix="bench-"))

import openpyxl

import scheduler.models  # noqa: F401 - every table
from benchmarks.figures import Figure, report
from scheduler import clock
from scheduler.access.permissions import Role, ScopeKind
from scheduler.accounts.models import Account, RoleGrant
from scheduler.app import create_app
from scheduler.applications import import_services
from scheduler.applications.import_services import APPLY_ROSTER, READ_ROSTER
from scheduler.applications.import_words import guide
from scheduler.applications.models import ImportState
from scheduler.applications.roster import group_values, member_values
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_records import GroupRow, MemberRow, PieceRow
from scheduler.database import db, transaction
from scheduler.organisations.models import Region, School
from scheduler.people.identity import DocumentKind, Sex
from scheduler.people.keys import current_sealer
from scheduler.programmes.models import Category, CategoryKind, Programme
from scheduler.spreadsheets.writing import FilledSheet, entry_workbook

GROUP_SIZE = 40
RUNS = 5
CLOCK = time.process_time if os.environ.get("BENCH_CPU") else time.perf_counter
SURNAMES = "陈李张黄何欧阳司徒林吴周郑"
SYLLABLES = "子涵若晨思睿梓萱浩贤雨桐嘉怡宇轩诗琪俊杰欣妍"


def measure(rows: int = 10_000) -> list[Figure]:
    """Return the figures; `BENCH_DATABASE_URL` names another database than a fresh SQLite file."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    url = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder / 'bench.sqlite3'}"
    app = create_app(DATABASE_URL=url, QUEUE_IN_MEMORY=True, LOG_LEVEL="ERROR")
    with app.app_context(), app.test_request_context():
        db.create_all()
        try:
            where = place()
            baseline, dry, whole, again = run(*where, workbook(rows, where[-1]))
            name = f"import of {rows:,} rows, {db.engine.dialect.name}"
        finally:
            db.drop_all()
    reading = "openpyxl reads the file", baseline
    return [
        Figure(f"{name}: read, check, preview", dry, "s", *reading),
        Figure(f"{name}: whole", whole, "s", *reading, goal="≤ 3"),
        Figure(f"{name}: same file again", again, "s", *reading),
    ]


def merely_read(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    count = sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))
    book.close()
    return count


def run(account: Account, school: School, category: Category, content: bytes) -> tuple[float, ...]:
    """Return the medians of mere reading, dry run, whole import and repeated dry run.

    They take turns, so that the machine's mood hits all alike; the first round is not counted.
    """
    figures = []
    for _ in range(RUNS + 1):
        gc.collect()
        started = CLOCK()
        merely_read(content)
        baseline = CLOCK() - started
        gc.collect()
        started = CLOCK()
        ref = upload(account, school, category, content)
        dry = CLOCK() - started
        apply(ref)
        whole = CLOCK() - started
        started = CLOCK()
        ref = upload(account, school, category, content)
        figures.append((baseline, dry, whole, CLOCK() - started))
        counts = import_services.find(ref).counts
        assert counts["members"]["unchanged"] == sum(counts["members"].values()), counts
        account, school, category = place()
    return tuple(statistics.median(column) for column in zip(*figures[1:], strict=True))


def upload(account: Account, school: School, category: Category, content: bytes) -> str:
    """Keep the upload and run the job that reads it, as a worker would."""
    with transaction():
        made = import_services.begin(
            account.actor,
            school=school,
            category=category,
            file_name="roster.xlsx",
            content=content,
            locale="zh_Hans",
            sealer=current_sealer(),
            now=clock.now(),
        )
        ref = made.ref
        import_services.start_job(
            made, READ_ROSTER, account_id=made.account_id, result_url="/", now=clock.now()
        )
    assert import_services.find(ref).state is ImportState.PREVIEW
    return ref


def apply(ref: str) -> None:
    """Confirm and run the job that applies."""
    with transaction():
        found = import_services.find(ref)
        import_services.confirm(found, import_services.preview_version(found))
        import_services.start_job(
            found, APPLY_ROSTER, account_id=found.account_id, result_url="/", now=clock.now()
        )
    assert import_services.find(ref).state is ImportState.DONE


def workbook(rows: int, category: Category) -> bytes:
    groups = [group(number) for number in range(-(-rows // GROUP_SIZE))]
    members = [member(number) for number in range(rows)]
    sheets = [
        FilledSheet(GROUP_SHEET, [group_values(record, "zh_Hans") for record in groups]),
        FilledSheet(MEMBER_SHEET, [member_values(record, "zh_Hans") for record in members]),
    ]
    return entry_workbook(sheets, guide(category, "Benchmark"), "zh_Hans")


def group(number: int) -> GroupRow:
    return GroupRow(
        name=f"合唱团{number + 1}",
        leader="林望舒",
        leader_phone="+8613800138000",
        conductor="林望舒",
        accompanist="何伴奏",
        pieces=(PieceRow("茉莉花", "江苏民歌", 225),),
    )


def member(number: int) -> MemberRow:
    given = SYLLABLES[number % 20] + SYLLABLES[number // 20 % 20]
    return MemberRow(
        group=f"合唱团{number // GROUP_SIZE + 1}",
        name=SURNAMES[number % 12] + given,
        sex=Sex.MALE if number % 2 else Sex.FEMALE,
        birth_on=dt.date(2014, 1, 1) + dt.timedelta(days=number % 900),
        document_kind=DocumentKind.PASSPORT,
        document_number=f"EX{number:07d}",
        grade="五(3)班",
        roll_number=f"G44011220{number:010d}",
        part=("S1", "S2", "A1", "A2")[number % 4],
        guardian_name=f"{SURNAMES[number % 12]}家长",
        guardian_phone=f"+86138{number:08d}",
        guardian_email=f"guardian{number}@example.com",
        consent_held=True,
        health_note="花生过敏" if number % 20 == 0 else None,
    )


def place() -> tuple[Account, School, Category]:
    """A school of its own for each run, so that each run begins empty."""
    now = clock.now()
    tag = os.urandom(4).hex()
    with transaction():
        programme = Programme(
            code=tag,
            names={"en": "Benchmark"},
            starts_on=dt.date(2027, 7, 16),
            ends_on=dt.date(2027, 7, 18),
            entry_opens_at=now - dt.timedelta(days=1),
            entry_closes_at=now + dt.timedelta(days=1),
            created_at=now,
        )
        category = Category(
            programme=programme,
            code="choir",
            names={"en": "Choir"},
            kind=CategoryKind.CHOIR,
            places=3,
            min_members=1,
            max_members=GROUP_SIZE,
            max_minutes=8,
            changeover_minutes=4,
        )
        school = School(code=tag.upper(), name="学校", region=Region.GUANGZHOU)
        account = Account(
            email=f"{tag}@example.org", name="Officer", locale="zh_Hans", created_at=now
        )
        db.session.add_all([programme, category, school, account])
        db.session.flush()
        account.grants.append(
            RoleGrant(
                role=Role.SCHOOL_OFFICER,
                scope=ScopeKind.SCHOOL,
                scope_id=school.id,
                granted_at=now,
            )
        )
    return account, school, category


if __name__ == "__main__":
    report(measure(*map(int, sys.argv[1:2])))
