"""The rows with which an entry workbook goes out: what the school has entered so far."""

from scheduler.applications.roster import group_values, member_values
from scheduler.applications.roster_columns import GROUP_SHEET, MEMBER_SHEET
from scheduler.applications.roster_stored import load_roster, member_row
from scheduler.organisations.models import School
from scheduler.people.sealing import Sealer
from scheduler.programmes.models import Category
from scheduler.spreadsheets.writing import FilledSheet


def filled_sheets(
    school: School, category: Category, sealer: Sealer, locale: str
) -> tuple[FilledSheet, FilledSheet]:
    """Return both sheets with a row per group and member.

    Document numbers and health notes are only said to be stored; uploaded again like that, they
    stay as they are.
    """
    stored = load_roster(school, category, sealer)
    name_by_group = {group.id: group.record.name for group in stored.groups}
    persons = {person.id: person for person in stored.persons}
    members = [
        member_row(persons[member.person_id], member, name_by_group[member.group_id])
        for member in stored.members
        if member.person_id in persons
    ]
    return (
        FilledSheet(GROUP_SHEET, [group_values(group.record, locale) for group in stored.groups]),
        FilledSheet(MEMBER_SHEET, [member_values(member, locale) for member in members]),
    )
