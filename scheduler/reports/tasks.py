"""The job that makes a kept export, and the removal of old ones."""

from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.jobs.running import Report, work
from scheduler.jobs.texts import add_title
from scheduler.people.keys import current_sealer
from scheduler.reports import services
from scheduler.reports.copies import make_copy
from scheduler.reports.lists import find_listing
from scheduler.reports.models import Export, ExportState
from scheduler.reports.services import MAKE_EXPORT, Wish

add_title(MAKE_EXPORT, _l("Writing the list"), can_stop=False)


@work(MAKE_EXPORT)
def make_export(report: Report, *, ref: str) -> dict[str, Any]:
    """Write the list as its asker may read it now, and keep it.

    Raises `NotAllowed` if the asker has lost the permission since. A job that is run again begins
    from the start; nothing of an unfinished file is kept.
    """
    export = _find(ref)
    if export.state is not ExportState.MAKING:
        return {}
    wish = wish_of(export)
    with force_locale(export.locale):
        content = wish.listing.open(export.account.actor, wish.place, wish.filters)
        written, rows = make_copy(export.account, wish, content, report)
    with transaction():
        found = _find(ref)
        services.note(found.account.actor, wish, rows=rows, now=clock.now())
        services.keep(found, written, current_sealer(), rows=rows, now=clock.now())
    return {"rows": rows}


def wish_of(export: Export) -> Wish:
    """Return what an export asks for."""
    return Wish(
        find_listing(export.listing),
        export.place,
        export.filters,
        export.file_format,
        export.locale,
    )


def remove_old_exports() -> None:
    """Remove files after their day, and requests that nobody answered."""
    with transaction():
        services.forget_old(now=clock.now())


def _find(ref: str) -> Export:
    return db.session.scalars(select(Export).where(Export.ref == ref)).one()
