"""The two sheets of an entry workbook, and every heading that they know."""

from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET

SHEETS = (GROUP_SHEET, MEMBER_SHEET)
KNOWN_HEADINGS = frozenset(heading for plan in SHEETS for heading in plan.column_by_heading)
