"""Words of an import: why it is refused, and those of the workbooks that go out: the guide of an
entry workbook, the list of a marked one.
"""

from dataclasses import replace

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.applications.guest_models import GuestPart
from scheduler.applications.import_services import ImportRefusal
from scheduler.applications.roster_columns import SHEETS
from scheduler.applications.roster_texts import explain
from scheduler.formats import named
from scheduler.languages import LOCALES
from scheduler.programmes.ages import AgeLimits, accepted_birth_dates, accepted_grades
from scheduler.programmes.models import Category
from scheduler.programmes.texts import GRADES
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


def guide(category: Category, school_name: str) -> Guide:
    """Return the guide of an entry workbook in the reader's language."""
    return Guide(
        title=_("Guide"),
        heading=_("Entry workbook: %(category)s", category=named(category.names)),
        paragraphs=(
            _("School: %(school)s", school=school_name),
            *limits_words(category),
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
                "Uploading a workbook again changes only what is different in it. Pupils whose "
                "rows you take out are removed from the group. Groups whose rows you take out "
                "stay, unless you tick in the preview that their drafts are to be withdrawn."
            ),
        ),
        sheet=_("Sheet"),
        column=_("Column"),
        is_required=_("Required"),
        accepts=_("What is accepted"),
        yes=_("yes"),
    )


def guide_for_guest(part: GuestPart) -> Guide:
    """Return the guide of a guest school's workbook, which has the member sheet alone."""
    application = part.application
    own = guide(application.category, part.school.name)
    return replace(
        own,
        paragraphs=(
            own.paragraphs[0],
            _(
                "Group: %(group)s, led by %(school)s",
                group=application.group_name,
                school=application.school.name,
            ),
            *limits_words(application.category),
            _(
                "Write each pupil of your school on one row of the member sheet. Then save the "
                "workbook and upload it on this site. You will see a preview first; nothing is "
                "stored before you confirm it."
            ),
            *own.paragraphs[-3:-1],
            _(
                "Uploading a workbook again changes only what is different in it. Pupils whose "
                "rows you take out are removed from the group. Pupils of other schools are not "
                "touched."
            ),
        ),
    )


def limits_words(category: Category) -> list[str]:
    """Return what the category asks of a group, a sentence each."""
    least, most = category.min_members, category.max_members
    if least == most:
        size = ngettext("A group has %(num)s pupil.", "A group has %(num)s pupils.", most)
    else:
        size = _("A group has %(least)s to %(most)s pupils.", least=least, most=most)
    limits = [size]
    if category.max_works:
        works = ngettext(
            "It brings %(num)s work, of at most %(minutes)s minutes.",
            "It brings at most %(num)s works, together at most %(minutes)s minutes.",
            category.max_works,
            minutes=category.max_minutes,
        )
        limits.append(works)
    elif category.max_minutes:
        limits.append(_("It takes at most %(minutes)s minutes.", minutes=category.max_minutes))
    return [*limits, *_age_words(category.age_limits)]


def _age_words(limits: AgeLimits) -> list[str]:
    """Return who may take part by grade or birth date, those who play up included."""
    grades = accepted_grades(limits)
    if grades is not None:
        first, last = (str(GRADES[grade]) for grade in grades)
        return [_("Pupils are in %(first)s to %(last)s.", first=first, last=last)]
    born_from, born_to = (day and day.isoformat() for day in accepted_birth_dates(limits))
    if born_from and born_to:
        return [_("Pupils are born from %(first)s to %(last)s.", first=born_from, last=born_to)]
    if born_from:
        return [_("Pupils are born from %(first)s.", first=born_from)]
    return [_("Pupils are born by %(last)s.", last=born_to)] if born_to else []


def mark_words() -> MarkWords:
    """Return the heads of the list of problems in the reader's language."""
    return MarkWords(
        title=_problems_title(),
        known_titles=_problems_titles(),
        sheet=_("Sheet"),
        cell=_("Cell"),
        column=_("Column"),
        problem=_("Problem"),
        kind=_("Kind"),
        error=_("Error"),
        warning=_("Warning"),
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
