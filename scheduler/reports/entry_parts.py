"""What a case and the form with a school's seal both tell of an entry: works, further answers."""

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from scheduler.applications.case_facts import CaseFacts
from scheduler.spreadsheets.durations import duration_text

if TYPE_CHECKING:
    from scheduler.reports.paper import Paper


def write_works(paper: "Paper", facts: CaseFacts) -> None:
    """Write the repertoire with its duration in all; nothing where there are no works."""
    if not facts.pieces:
        return
    paper.section(_("Repertoire"))
    rows = [
        (piece.title, piece.composer or "–", duration_text(piece.duration_seconds))
        for piece in facts.pieces
    ]
    paper.rows((_("Work"), _("Composer"), _("Duration")), rows, (90, 60, 24))
    paper.paragraph(
        _("Duration of all works: %(duration)s", duration=facts.duration), is_quiet=True
    )


def write_answers(paper: "Paper", facts: CaseFacts) -> None:
    """Write the answers to coordinators' fields in the form's order; nothing if none is asked."""
    if facts.answers:
        paper.section(_("Further questions"))
        paper.facts([(each.label, each.words) for each in facts.answers])
