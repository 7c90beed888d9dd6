"""Words of an import: why it is refused, and those of the workbooks that go out: the guide of an
entry workbook, the list of a marked one.
"""

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.applications.import_services import ImportRefusal
from scheduler.applications.roster_columns import SHEETS
from scheduler.applications.roster_texts import explain
from scheduler.languages import LOCALES
from scheduler.spreadsheets.cells import CellProblem
from scheduler.spreadsheets.columns import SheetPlan
from scheduler.spreadsheets.marking import MarkWords
from scheduler.spreadsheets.writing import Guide
from scheduler.texts import add_sentences

add_sentences(
    {
        ImportRefusal.TOO_MANY_WAITING: _l(
            "There are %(most)s uploads already that nobody has confirmed. Throw away those that "
            "are not needed any more."
        ),
        ImportRefusal.NOT_APPLIED: _l(
            "The changes could not be applied, and nothing was stored. Please check the workbook "
            "again; if that does not help, tell the administrators."
        ),
    }
)


def guide(category_name: str, school_name: str) -> Guide:
    """Return the guide of an entry workbook in the reader's language."""
    return Guide(
        title=_("Guide"),
        heading=_("Entry workbook: %(category)s", category=category_name),
        paragraphs=(
            _("School: %(school)s", school=school_name),
            _(
                "Write each group on one row of the group sheet, and each pupil on one row of the "
                "member sheet. Then save the workbook and upload it on this site. You will see a "
                "preview first; nothing is stored before you confirm it."
            ),
            _(
                "Dark headings mark columns that must be filled in. The order of the columns does "
                "not matter, and columns of your own are left alone."
            ),
            _(
                "Numbers of documents are typed as text: programs lose the last digits of long "
                "numbers. A pupil in two groups has two rows with the same particulars."
            ),
            _(
                "Uploading a workbook again changes only what is different in it. Rows that you "
                "take out are removed from the group."
            ),
        ),
        sheet=_("Sheet"),
        column=_("Column"),
        is_required=_("Required"),
        accepts=_("What is accepted"),
        yes=_("yes"),
    )


def mark_words() -> MarkWords:
    """Return the heads of the list of problems in the reader's language."""
    return MarkWords(
        title=_problems_title(),
        known_titles=_problems_titles(),
        sheet=_("Sheet"),
        cell=_("Cell"),
        column=_("Column"),
        problem=_("Problem"),
    )


def problem_sentence(problem: CellProblem, sheets: tuple[SheetPlan, ...] = SHEETS) -> str:
    """Return a problem as one text, for comments in cells."""
    return str(explain(problem, sheets))


def _problems_title() -> str:
    return str(_("Problems found"))


def _problems_titles() -> frozenset[str]:
    titles = set()
    for locale in LOCALES:
        with force_locale(locale):
            titles.add(_problems_title())
    return frozenset(titles)
