"""Sentences about rosters, and every problem in two parts: what is wrong, what is accepted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import scheduler.people.texts
import scheduler.spreadsheets.texts  # noqa: F401 - both register their sentences
from scheduler.applications.answers import AnswerCode
from scheduler.applications.roster_choices import DOCUMENT_KINDS
from scheduler.applications.roster_columns import SHEETS
from scheduler.applications.roster_records import RosterCode
from scheduler.applications.texts import field_list
from scheduler.people.identity import PersonCode
from scheduler.programmes.form_fields import is_mark
from scheduler.spreadsheets.cells import CellCode, CellProblem
from scheduler.spreadsheets.columns import Column, SheetPlan, in_locale
from scheduler.texts import add_sentences, sentence

add_sentences(
    {
        RosterCode.SHEET_MISSING: _l(
            "No sheet has the headings of the group sheet or the member sheet. Keep the heading "
            "row of the entry workbook, in any of its languages."
        ),
        RosterCode.SHEET_EMPTY: _l("There are no rows below the headings."),
        RosterCode.MORE_PROBLEMS: _l(
            "There are %(count)s problems more, which are not listed. Correct these first, and "
            "check the workbook again."
        ),
        RosterCode.COLUMN_MISSING: _l("The column “%(heading)s” is missing."),
        RosterCode.COLUMN_REPEATED: _l("This column is there twice. Remove one of the two."),
        RosterCode.COLUMN_UNKNOWN: _l("This column is not known and was not read."),
        RosterCode.GROUPS_FIRST: _l(
            "This file has members only, and the school has no group in this category yet. Upload "
            "the table of groups first, or both in one workbook."
        ),
        RosterCode.GROUPS_OF_LEAD: _l(
            "The group itself belongs to the lead school: a guest school brings its own pupils "
            "only. Take this sheet out and upload the member sheet alone."
        ),
        RosterCode.GROUP_NOT_OF_PART: _l(
            "Here your school takes part in the group “%(group)s”. Write this name, or leave the "
            "cell blank."
        ),
        RosterCode.MEMBERS_CLOSED: _l(
            "The entry's members cannot be changed now. Ask the lead school, or leave the rows as "
            "they are."
        ),
        RosterCode.GROUP_UNKNOWN: _l("There is no group “%(shown)s” on the group sheet."),
        RosterCode.GROUP_REPEATED: _l("The group in row %(other_row)s has the same name."),
        RosterCode.GROUP_REFERENCE_UNKNOWN: _l(
            "There is no entry %(shown)s of your school in this category. Leave the entry number "
            "of a new group blank."
        ),
        RosterCode.GROUP_LOCKED: _l(
            "This entry has been submitted and cannot be changed now. Make it a draft again first, "
            "or leave its rows as they are."
        ),
        RosterCode.GROUP_DECIDED: _l(
            "This entry has been decided on and cannot be changed by a workbook. Leave its rows as "
            "they are. Members of an accepted group are substituted on the entry's own page; for "
            "anything else, ask the coordinators to return it."
        ),
        RosterCode.GROUP_PARTLY_OPEN: _l(
            "This entry was returned: only “%(fields)s” can be changed. Leave the rest as it is."
        ),
        RosterCode.GROUP_TOO_SMALL: _l("The group has %(size)s members; %(least)s are required."),
        RosterCode.GROUP_TOO_LARGE: _l(
            "“%(group)s” has %(size)s members; at most %(most)s are accepted."
        ),
        RosterCode.TOO_MANY_GROUPS: _l("At most %(most)s groups are accepted."),
        RosterCode.TOO_MANY_WORKS: _l("At most %(most)s works are accepted in this category."),
        RosterCode.TOO_LONG_TOGETHER: _l(
            "Together the works last %(minutes)s min %(seconds)s s; the limit is %(most)s min."
        ),
        RosterCode.PIECE_INCOMPLETE: _l("Piece %(number)s needs a title and a duration."),
        RosterCode.CONDUCTOR_MISSING: _l("A conductor is required before the entry is submitted."),
        RosterCode.ACCOMPANIST_MISSING: _l(
            "An accompanist is required before the entry is submitted."
        ),
        RosterCode.DOCUMENT_KIND_MISSING: _l("Say which kind of document the number is of."),
        RosterCode.DOCUMENT_NUMBER_MISSING: _l(
            "The number is missing. Day visitors need no document: then leave the type blank too."
        ),
        RosterCode.DOCUMENT_NOT_STORED: _l(
            "The dots stand for a number that is stored, but no pupil of this name and birth date "
            "has one that ends like this. If the name or the birth date was corrected, type the "
            "whole number in this row."
        ),
        RosterCode.GUARDIAN_UNREACHABLE: _l(
            "Neither a mobile number nor an e-mail address of the guardian is given."
        ),
        RosterCode.CONSENT_NOT_HELD: _l(
            "Only pupils whose guardian has consented to the entry in writing can be entered. "
            "Obtain the consent first, or take the row out."
        ),
        RosterCode.MEMBER_REPEATED: _l(
            "The same pupil stands in row %(other_row)s of this group. If they are two pupils, "
            "give their document or school-roll numbers."
        ),
        RosterCode.MEMBER_ALREADY: _l("This pupil is in the group already."),
        RosterCode.MEMBER_CONTRADICTS: _l(
            "Row %(other_row)s says something else about the same pupil."
        ),
        RosterCode.MEMBER_AMBIGUOUS: _l(
            "Several pupils fit this row. Give the document number or the school-roll number."
        ),
        RosterCode.TOO_FEW_ADVISERS: _l("At least %(least)s advisers are needed."),
        RosterCode.TOO_MANY_ADVISERS: _l("At most %(most)s advisers are accepted."),
        RosterCode.TOO_FEW_CHAPERONES: _l("At least %(least)s chaperones are needed."),
        RosterCode.GRADE_TOO_LOW: _l(
            "The grade is too low for this category, which begins at grade %(limit)s."
        ),
        RosterCode.GRADE_TOO_HIGH: _l(
            "The grade is too high for this category, which ends at grade %(limit)s."
        ),
        RosterCode.GRADE_UNKNOWN: _l(
            "The grade is needed for this category and was not understood. Write it such as "
            "五年级, 初二, 小三, P5, Grade 7 or Year 8."
        ),
        RosterCode.MEMBER_NAMESAKE: _l(
            "A pupil of the same name is born on %(born)s. They are taken as two pupils; if they "
            "are one, correct the birth date. A document or school-roll number ends the doubt."
        ),
        RosterCode.MEMBER_ELSEWHERE: _l(
            "The pupil is also in the group “%(group)s”, from %(first)s to %(last)s: the times may "
            "meet. That is allowed; make sure that both are possible."
        ),
        RosterCode.MEMBER_ELSEWHERE_SCHOOL: _l(
            "A pupil with this document number is also entered in another school's group, from "
            "%(first)s to %(last)s: the times may meet. That is allowed; make sure that both are "
            "possible."
        ),
        RosterCode.LEADER_CONTACT_DIFFERS: _l(
            "The group “%(group)s” has a team leader of this name with another mobile number or "
            "e-mail address, so they are taken as two people. If they are one, write the same "
            "number and address for both groups."
        ),
        RosterCode.TOO_YOUNG: _l("Too young for this category: the limit is born by %(limit)s."),
        RosterCode.TOO_OLD: _l("Too old for this category: the limit is born from %(limit)s."),
        AnswerCode.NOT_A_NUMBER: _l("“%(shown)s” is not a number."),
        AnswerCode.NUMBER_TOO_SMALL: _l("The least is %(least)s."),
        AnswerCode.NUMBER_TOO_LARGE: _l("The most is %(most)s."),
        AnswerCode.NOT_A_LINK: _l("This is not the address of a page that begins with https://."),
        AnswerCode.HOST_NOT_ALLOWED: _l(
            "Videos on “%(shown)s” cannot be linked here. Ask the coordinators which sites are "
            "accepted."
        ),
        AnswerCode.NOBODY_OF_THIS_NAME: _l(
            "“%(shown)s” is none of the school's adults. Enter the person with a group first, as "
            "leader, conductor, accompanist or adviser."
        ),
        AnswerCode.MISSING: _l("An answer is needed before the entry is submitted."),
    }
)

# The columns of these say themselves what is accepted.
_WITH_ACCEPTED = frozenset(
    {
        CellCode.MISSING,
        CellCode.NOT_A_CHOICE,
        CellCode.NOT_A_DURATION,
        PersonCode.DATE_SHAPE,
        PersonCode.DATE_AMBIGUOUS,
        PersonCode.DATE_IMPOSSIBLE,
        PersonCode.PHONE_SHAPE,
        PersonCode.PHONE_IMPOSSIBLE,
        PersonCode.EMAIL_SHAPE,
        PersonCode.NAME_NOT_LATIN,
        PersonCode.DOCUMENT_SHAPE,
        AnswerCode.NOT_A_NUMBER,
        AnswerCode.NOT_A_LINK,
        AnswerCode.HOST_NOT_ALLOWED,
    }
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A problem in the reader's language; `accepted` is empty where the sentence says it all."""

    wrong: str
    accepted: str

    def __str__(self) -> str:
        if not self.accepted:
            return self.wrong
        both = _("%(wrong)s Accepted: %(accepted)s", wrong=self.wrong, accepted=self.accepted)
        return str(both)


def explain(problem: CellProblem, sheets: tuple[SheetPlan, ...] = SHEETS) -> Explanation:
    """Return what is wrong at a place of a workbook, and what is accepted there."""
    column = next(
        (found for plan in sheets if (found := plan.column_headed(problem.heading))), None
    )
    if problem.code == RosterCode.COLUMN_MISSING:
        wrong = explain_code(problem.code, problem.facts, None).wrong
        return Explanation(wrong, _headings_of(str(problem.facts["key"])))
    return explain_code(problem.code, problem.facts, column, sheets)


def explain_code(
    code: str,
    facts: Mapping[str, Any],
    column: Column | None,
    sheets: tuple[SheetPlan, ...] = SHEETS,
) -> Explanation:
    """Return what is wrong with a value of a column, as forms show it beside the field."""
    wrong = sentence(cast("Any", code), **_shown_facts(facts, sheets))
    accepted = accepted_text(column) if column and code in _WITH_ACCEPTED else ""
    return Explanation(wrong, accepted)


def _headings_of(key: str) -> str:
    """Return how a column may be headed, in the reader's language and otherwise."""
    column = next(c for plan in SHEETS for c in plan.columns if c.key == key)
    own = column.heading(str(get_locale()))
    others = [h for h in (*column.headings.values(), *column.aliases) if h != own]
    return " / ".join(dict.fromkeys((own, *others)))


def accepted_text(column: Column) -> str:
    """Return what a column accepts: its choices, or its own words."""
    locale = str(get_locale())
    if column.choices and column.is_strict:
        return " / ".join(in_locale(choice.labels, locale) for choice in column.choices)
    return in_locale(column.accepts, locale)


def _shown_facts(facts: Mapping[str, Any], sheets: tuple[SheetPlan, ...]) -> dict[str, Any]:
    """Return the facts with keys of columns and kinds of documents in the reader's words."""
    locale = str(get_locale())
    shown = dict(facts)
    if "key" in shown:
        columns = (c for plan in SHEETS for c in plan.columns if c.key == shown["key"])
        shown["heading"] = next((c.heading(locale) for c in columns), shown["key"])
    if "fields" in shown:
        labels = {c.key: c.heading(locale) for plan in sheets for c in plan.columns}
        own = {key: label for key, label in labels.items() if is_mark(key)}
        shown["fields"] = field_list(str(shown["fields"]).split(","), own)
    for kind in DOCUMENT_KINDS:
        if shown.get("kind") == kind.value:
            shown["kind"] = in_locale(kind.labels, locale)
    return shown
