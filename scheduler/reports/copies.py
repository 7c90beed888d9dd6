"""Makes the file of a list for its reader, with the mark that says whose copy it is."""

from collections.abc import Iterator
from io import BytesIO

from flask_babel import gettext as _

from scheduler import clock
from scheduler.accounts.models import Account
from scheduler.formats import format_instant
from scheduler.jobs.running import Report
from scheduler.reports.filter_words import filter_words
from scheduler.reports.services import Wish
from scheduler.reports.tables import Content, Row
from scheduler.reports.writing import Format, Sheet, write


def make_copy(
    account: Account, wish: Wish, content: Content, report: Report | None = None
) -> tuple[bytes, int]:
    """Return the whole file, and the number of rows that it holds."""
    file = BytesIO()
    title = str(wish.listing.title)
    rows = content.rows() if report is None else _reported(content, report)
    sheet = Sheet(title, content.columns, rows, mark_of(account, wish, content))
    count = write(sheet, Format(wish.file_format), file, author=account.name)
    return file.getvalue(), count


def mark_of(account: Account, wish: Wish, content: Content) -> str:
    """Return the line that stands above personal data; empty for lists that name nobody."""
    if not wish.listing.holds.is_personal:
        return ""
    shown = [str(wish.listing.title), content.about, mark(account)]
    shown += [f"{name}: {value}" for name, value in filter_words(wish.filters)]
    return " · ".join(part for part in shown if part)


def mark(account: Account) -> str:
    """Return whose copy it is, and of when."""
    text: str = _(
        "Confidential. Copy of %(name)s (%(email)s), %(when)s",
        name=account.name,
        email=account.email,
        when=format_instant(clock.now()),
    )
    return text


def file_name(wish: Wish) -> str:
    """Return a name of plain letters: the list, its place, the day, the kind of file."""
    place = wish.place.replace("/", "-")
    parts = [wish.listing.key, place, clock.now().date().isoformat()]
    return "-".join(part for part in parts if part) + f".{wish.file_format}"


def _reported(content: Content, report: Report) -> Iterator[Row]:
    total = content.count()
    for done, row in enumerate(content.rows(), 1):
        yield row
        if done % 500 == 0:
            report.advance(done, total)
