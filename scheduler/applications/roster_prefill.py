"""The rows with which an entry workbook goes out: what the school has entered so far."""

from dataclasses import replace

from scheduler.applications.form_plan import PLAIN, FormPlan
from scheduler.applications.models import Application
from scheduler.applications.roster import group_values, member_values
from scheduler.applications.roster_base import StoredRoster
from scheduler.applications.roster_group_columns import ADVISERS, piece_keys
from scheduler.applications.roster_stored import load_part, load_roster, member_row
from scheduler.organisations.models import School
from scheduler.people.sealing import Sealer
from scheduler.programmes.kinds import MOST_WORKS
from scheduler.programmes.models import Category
from scheduler.spreadsheets.columns import SheetPlan
from scheduler.spreadsheets.writing import FilledSheet

_STAGE_KEYS = ("voicing", "conductor", "conductor_is_own", "accompanist", "equipment")


def group_sheet_of(category: Category, form: FormPlan = PLAIN, *, works: int = 0) -> SheetPlan:
    """Return the group sheet without the columns that say nothing in the category.

    `works` are stored already: they have columns, even if the category now allows fewer.
    """
    unused = {f"adviser_{number}" for number in range(category.max_advisers + 1, ADVISERS + 1)}
    most = max(category.max_works, works) if category.is_staged else 0
    unused.update(key for number in range(most + 1, MOST_WORKS + 1) for key in piece_keys(number))
    if not category.is_staged:
        unused.update(_STAGE_KEYS)
    plan = form.group_sheet
    return replace(plan, columns=tuple(c for c in plan.columns if c.key not in unused))


def filled_sheets(
    school: School, category: Category, sealer: Sealer, locale: str, form: FormPlan = PLAIN
) -> tuple[FilledSheet, FilledSheet]:
    """Return both sheets with a row per group and member.

    Document numbers and health notes are only said to be stored; uploaded again like that, they
    stay as they are.
    """
    stored = load_roster(school, category, sealer, form)
    groups = [group_values(group.record, locale, form) for group in stored.groups]
    members = _member_rows(stored, locale, form)
    works = max((len(group.record.pieces) for group in stored.groups), default=0)
    return (
        FilledSheet(group_sheet_of(category, form, works=works), groups),
        FilledSheet(form.member_sheet, members),
    )


def filled_members(
    entry: Application, school: School, sealer: Sealer, locale: str, form: FormPlan = PLAIN
) -> FilledSheet:
    """Return the member sheet of a guest school: its own pupils, whose group is no question."""
    stored = load_part(entry, school, sealer, form)
    plan = form.member_sheet
    own = replace(plan, columns=tuple(c for c in plan.columns if c.key != "group"))
    return FilledSheet(own, _member_rows(stored, locale, form))


def _member_rows(stored: StoredRoster, locale: str, form: FormPlan) -> list[dict[str, str | None]]:
    name_by_group = {group.id: group.record.name for group in stored.groups}
    persons = {person.id: person for person in stored.persons}
    return [
        member_values(
            member_row(persons[member.person_id], member, name_by_group[member.group_id]),
            locale,
            form,
        )
        for member in stored.members
        if member.person_id in persons
    ]
