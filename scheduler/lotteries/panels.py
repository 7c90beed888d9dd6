"""What an application's page tells of its lotteries: the receipt, and what was drawn for it."""

from flask import url_for
from flask_babel import gettext as _

from scheduler.applications.models import Application
from scheduler.formats import named
from scheduler.lotteries.draw import Outcome
from scheduler.lotteries.models import LotteryEntry
from scheduler.lotteries.queries import receipts_of
from scheduler.organisations.panels import Line, Panel


def receipts_panel(application: Application) -> Panel | None:
    """Return a line per lottery that the application takes part in; None if in none."""
    lines = [
        Line(
            f"{named(entry.lottery.names)}: {_drawn(entry)}",
            entry.receipt,
            url_for("public_lotteries.show", ref=entry.lottery.ref, q=entry.receipt),
        )
        for entry in receipts_of(application)
    ]
    return Panel(_("Lottery"), lines) if lines else None


def _drawn(entry: LotteryEntry) -> str:
    if entry.outcome is None:
        return str(_("not drawn yet"))
    if entry.outcome is Outcome.PLACE:
        return str(_("a place, drawn as no. %(rank)s", rank=entry.rank))
    return str(
        _("no. %(number)s in line, drawn as no. %(rank)s", number=entry.number, rank=entry.rank)
    )
