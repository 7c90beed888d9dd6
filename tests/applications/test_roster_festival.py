"""The demo festival as rosters: names, namesakes, two groups, ages, every program."""

import csv
import datetime as dt
import io

import pytest

from scheduler.applications.import_words import guide
from scheduler.applications.roster import group_values, member_values
from scheduler.applications.roster_base import StoredRoster
from scheduler.applications.roster_changes import Change
from scheduler.applications.roster_checks import CategoryLimits
from scheduler.applications.roster_columns import KNOWN_HEADINGS
from scheduler.applications.roster_file import read_roster
from scheduler.applications.roster_group_columns import GROUP_SHEET
from scheduler.applications.roster_member_columns import MEMBER_SHEET
from scheduler.applications.roster_records import Reading
from scheduler.demo import festival
from scheduler.demo.programme import CATEGORIES
from scheduler.people.identity import Sex
from scheduler.programmes.ages import AgeLimits
from scheduler.programmes.kinds import AgeRule
from scheduler.programmes.models import Category, Programme
from scheduler.spreadsheets.workbook import read_workbook
from scheduler.spreadsheets.writing import FilledSheet, entry_workbook
from tests.applications.rosters import examined, group, member, read, stored

pytestmark = pytest.mark.any_database

FESTIVAL = festival.read()
COUNTRY = {"GZ": "CN", "HK": "HK", "MO": "MO", "GB": "GB", "NZ": "NZ", "SG": "SG", "JP": "JP"}
READING = Reading("CN", dt.date(2027, 3, 1))


def row(key, in_group):
    pupil = FESTIVAL.pupils[key]
    return member(
        pupil.name,
        pupil.born.isoformat(),
        sex=Sex(pupil.sex),
        latin_name=pupil.latin_name,
        guardian_name="林心",  # in simplified and traditional alike
        group=in_group,
    )


def of_school(school):
    """The school's groups and their members, whatever their categories are."""
    own = [each for each in FESTIVAL.groups.values() if each.school == school]
    groups = [group(f"{each.key} 合唱", voicing=each.voicing) for each in own]
    members = [row(key, f"{each.key} 合唱") for each in own for key in each.members]
    return groups, members


CATEGORY = Category(
    names={"en": "Choir"},
    programme=Programme(starts_on=dt.date(2027, 7, 19)),
    min_members=1,
    max_members=9,
    max_works=2,
    max_minutes=8,
)
ROOMY = CategoryLimits(min_members=1, max_members=100, max_works=2, max_minutes=60)


@pytest.mark.parametrize("school", sorted(FESTIVAL.schools))
def test_every_school_writes_and_reads_its_roster_without_loss(app, school):
    groups, members = of_school(school)
    locale = FESTIVAL.schools[school].locale
    sheets = [
        FilledSheet(GROUP_SHEET, [group_values(each, locale) for each in groups]),
        FilledSheet(MEMBER_SHEET, [member_values(each, locale) for each in members]),
    ]
    with app.test_request_context():
        content = entry_workbook(sheets, guide(CATEGORY, "school"), locale)
    found = read_roster(read_workbook(content), READING)
    problems, changes = examined(found, StoredRoster(), ROOMY)
    assert problems == []
    assert [placed.record for placed in found.groups.rows] == groups
    assert [placed.record for placed in found.members.rows] == members
    assert {change.change for change in changes.members} == {Change.NEW}
    assert len(changes.pupils) == len(
        {key for each in FESTIVAL.groups.values() if each.school == school for key in each.members}
    )


@pytest.mark.parametrize("school", ["S01", "S08", "S33", "S39"])
def test_the_same_roster_again_changes_nothing(school):
    groups, members = of_school(school)
    _, changes = examined(read(groups, members), stored(groups, members), ROOMY)
    assert changes.is_nothing


@pytest.mark.parametrize(
    ("school", "encoding"),
    [
        ("S01", "gb18030"),
        ("S05", "gb18030"),
        ("S27", "big5hkscs"),
        ("S39", "utf-8-sig"),
        ("S36", "utf-8"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_members_as_csv_of_the_schools_own_program(school, encoding, separator):
    _groups, members = of_school(school)
    locale = FESTIVAL.schools[school].locale
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow([column.heading(locale) for column in MEMBER_SHEET.columns])
    writable = [m for m in members if can_be_written(m.name, encoding)]
    for each in writable:
        values = member_values(each, locale)
        writer.writerow([values[column.key] or "" for column in MEMBER_SHEET.columns])
    content = buffer.getvalue().encode(encoding)
    found = read_roster(read_workbook(content, known_headings=KNOWN_HEADINGS), READING)
    assert [placed.record for placed in found.members.rows] == writable
    assert found.problems == ()


def can_be_written(name, encoding):
    try:
        name.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def test_five_of_the_junior_trebles_are_too_young_for_their_class():
    born_from, born_to = next(c[7] for c in CATEGORIES if c[0] == "CHOIR_TREBLE_J")
    rows = [row(key, "G18 合唱") for key in FESTIVAL.groups["G18"].members]
    ages = AgeLimits(AgeRule.BORN_BETWEEN, 2027, born_from=born_from, born_to=born_to)
    limits = CategoryLimits(1, 100, 2, 60, ages=ages)
    problems, _ = examined(read([group("G18 合唱")], rows), StoredRoster(), limits)
    too_young = {p.row for p in problems if p.code == "roster_too_young"}
    also_primary = set(FESTIVAL.groups["G18"].members) & set(FESTIVAL.groups["G04"].members)
    assert len(also_primary) == 5
    rows_of = dict(enumerate(FESTIVAL.groups["G18"].members, 2))
    assert {rows_of[number] for number in too_young} == also_primary
    assert {p.code for p in problems} == {"roster_too_young"}


@pytest.mark.parametrize("key", ["P0109", "P0184", "P1525", "P0217", "P0301", "P0339", "P0071"])
def test_the_special_names_come_through(key):
    found = read([group()], [row(key, "云岭合唱团")])
    (placed,) = found.members.rows
    assert placed.record.name == FESTIVAL.pupils[key].name


def test_namesakes_of_one_school_are_two_pupils_in_both_their_groups():
    one, other = FESTIVAL.pupils["P0001"], FESTIVAL.pupils["P0002"]
    assert (one.name, one.school) == (other.name, other.school)
    groups, members = of_school(one.school)
    _, changes = examined(read(groups, members), StoredRoster(), ROOMY)
    pupil_by_row = {change.row: change.pupil for change in changes.members}
    rows = {key: [] for key in (one, other)}
    for number, record in enumerate(members, 2):
        for pupil, found in rows.items():
            if (record.name, record.birth_on) == (pupil.name, pupil.born):
                found.append(pupil_by_row[number])
    assert [len(found) for found in rows.values()] == [2, 2]
    assert [len(set(found)) for found in rows.values()] == [1, 1]
    assert rows[one][0] != rows[other][0]
