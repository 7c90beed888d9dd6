"""A panel's ranking as a list: all categories, or the one that is on screen."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.access.permissions import Actor, Permission
from scheduler.formats import named
from scheduler.panels.ranking import Table, ranking_of
from scheduler.panels.services import find_panel
from scheduler.reports.tables import Column, Content, Holding, Listing, Row, demand
from scheduler.states import state_look


def _open_ranking(actor: Actor, place: str, filters: Mapping[str, str]) -> Content:
    panel = find_panel(place)
    demand(actor, Permission.APPLICATION_DECIDE, panel.subject)
    shares = sorted(panel.shares, key=lambda each: (each.category.position, each.category_id))
    asked = filters.get("category")
    chosen = [share.category for share in shares if asked in {None, share.category.code}]
    tables = ranking_of(panel)
    found = [(named(each.names), tables.get(each.id, Table([]))) for each in chosen]
    headings = (_("Category"), _("Rank"), _("Reference"), _("Group"), _("School"), _("State"))
    figures = (_("Normalised"), _("Raw mean"), _("Spread"), _("Judged by"), _("Within quota"))
    return Content(
        [Column(heading) for heading in (*headings, *figures)],
        lambda: sum(len(table.rows) for _name, table in found),
        lambda: _rows(found),
        Permission.APPLICATION_DECIDE,
        subject=panel.subject,
        about=panel.name,
    )


def _rows(found: list[tuple[str, Table]]) -> Iterator[Row]:
    answers = {True: str(_("Yes")), False: str(_("No")), None: None}
    for category, table in found:
        for row in table.rows:
            standing = row.standing
            yield (
                category,
                row.rank,
                row.application.ref,
                row.application.group_name,
                row.application.school.name,
                str(state_look(row.application.state).word),
                f"{round(standing.normalised, 4) + 0.0:.4f}" if standing else None,
                f"{float(standing.raw):.2f}" if standing else None,
                f"{float(standing.spread):.2f}" if standing else None,
                standing.judgements if standing else 0,
                answers[row.is_within],
            )


RANKING = Listing("ranking", _l("Ranking"), Holding.NOBODY, ("category",), _open_ranking)
