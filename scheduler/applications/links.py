"""Where entering a group's content begins: the form, the workbook, the upload."""

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.applications.fields import Field, editable_fields
from scheduler.applications.models import Application
from scheduler.organisations.models import School
from scheduler.programmes.form_fields import is_mark
from scheduler.programmes.models import Category, Programme

Link = tuple[str, str, str]
"""Label, icon, address."""

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def entry_links(
    school: School, programme: Programme, category: Category, *, has_earlier_entries: bool
) -> list[Link]:
    """Return the ways to enter groups of a category; copying only after an earlier entry."""
    place: dict[str, Any] = {
        "code": programme.code,
        "category": category.code,
        "school": school.code,
    }
    found = [
        (_("By form"), "plus-lg", url_for("entries.new", **place)),
        (_("By workbook"), "file-earmark-spreadsheet", url_for("imports.start", **place)),
    ]
    if has_earlier_entries:
        found.append((_("From last year"), "people", url_for("copying.index", **place)))
    return found


def edit_links(application: Application) -> list[Link]:
    """Return the ways to change a group that is there: only what may be changed now."""
    editable = editable_fields(application.state, application.returned_fields)
    found = []
    if editable - {Field.MEMBERS} or any(map(is_mark, application.returned_fields)):
        address = url_for("entries.edit", ref=application.ref)
        found.append((_("Change the group"), "pencil", address))
    if Field.MEMBERS in editable:
        address = url_for("entries.members", ref=application.ref)
        found.append((_("Change the members"), "people", address))
    return found


def time_left(closes_at: dt.datetime, now: dt.datetime) -> str:
    """Return how long the window stays open, in the largest unit that tells enough."""
    left = closes_at - now
    if left >= 2 * DAY:
        return str(ngettext("%(num)s day left", "%(num)s days left", left // DAY))
    if left >= HOUR:
        return str(ngettext("%(num)s hour left", "%(num)s hours left", left // HOUR))
    return str(_("less than an hour left"))
