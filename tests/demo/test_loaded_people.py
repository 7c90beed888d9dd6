"""What domain.md section 12.1 says of the festival's people, asked of the database."""

import datetime as dt
from collections import Counter

from sqlalchemy import func, select

from scheduler.applications.models import Application, Member, MemberRole
from scheduler.applications.workflow import State
from scheduler.people.models import Guardian, Guardianship, Person
from scheduler.programmes.models import Category

FIRST_DAY = dt.date(2027, 7, 16)


def pupil(demo, ref):
    return demo.scalars(select(Person).where(Person.ref == ref)).one()


def accepted_memberships(demo, *columns):
    return (
        select(*columns)
        .select_from(Member)
        .join(Application)
        .join(Person, Member.person_id == Person.id)
        .where(Application.state == State.ACCEPTED)
    )


def groups_of(demo, ref):
    query = accepted_memberships(demo, Application.ref).where(Person.ref == ref)
    return sorted(demo.scalars(query))


def guardians_of(demo, ref):
    return list(
        demo.scalars(select(Guardian).join(Guardianship).join(Person).where(Person.ref == ref))
    )


def test_there_are_1600_pupils(demo):
    pupils = select(func.count()).select_from(Person).where(~Person.is_adult)
    assert demo.scalar(pupils) == 1600


def test_the_accepted_groups_have_1639_places_for_pupils(demo):
    query = accepted_memberships(demo, func.count()).where(Member.role == MemberRole.PUPIL)
    assert demo.scalar(query) == 1639


def test_39_pupils_are_in_two_accepted_groups(demo):
    query = (
        accepted_memberships(demo, func.count())
        .where(Member.role == MemberRole.PUPIL)
        .group_by(Member.person_id)
    )
    assert Counter(demo.scalars(query)) == {1: 1561, 2: 39}


def test_1214_pupils_are_under_fourteen_on_the_first_day(demo):
    fourteen_years_before = FIRST_DAY.replace(year=FIRST_DAY.year - 14)
    query = select(func.count()).select_from(Person)
    assert demo.scalar(query.where(Person.birth_on > fourteen_years_before)) == 1214


def test_61_names_are_borne_by_several_pupils_of_one_school(demo):
    bearers = (
        select(func.count(Person.id))
        .where(~Person.is_adult)
        .group_by(Person.school_id, Person.name)
    )
    assert sum(count > 1 for count in demo.scalars(bearers)) == 61


def test_namesakes_of_one_school_are_two_people_in_the_same_two_groups(demo):
    one, other = pupil(demo, "P0001"), pupil(demo, "P0002")
    assert (one.name, one.school_id) == (other.name, other.school_id) == ("陈子涵", one.school_id)
    assert one.birth_on != other.birth_on
    assert groups_of(demo, "P0001") == groups_of(demo, "P0002") == ["G06", "G40"]


def test_twins_share_one_guardian_and_their_groups(demo):
    (mother,), (same,) = guardians_of(demo, "P0071"), guardians_of(demo, "P0072")
    assert mother is same
    assert groups_of(demo, "P0071") == groups_of(demo, "P0072") == ["G38", "G45"]


def test_siblings_share_a_guardian_with_one_address(demo):
    query = select(func.count(Guardianship.id)).group_by(Guardianship.guardian_id)
    assert Counter(demo.scalars(query)).keys() == {1, 2}


def test_rare_characters_are_stored_as_they_are(demo):
    names = {ref: pupil(demo, ref).name for ref in ("P0109", "P0184", "P1525")}
    assert names == {"P0109": "龚䶮", "P0184": "沈𬭎远", "P1525": "𠮷田 遥"}


def test_names_sort_by_their_reading(demo):
    keys = {ref: pupil(demo, ref).sort_key for ref in ("P0109", "P0184", "P0217", "P0301")}
    assert keys == {
        "P0109": "gong yan",
        "P0184": "shen hong yuan",
        "P0217": "mai mai ti jiang ai li",
        "P0301": "shan yu an",
    }


def test_a_latin_name_is_kept_and_sorts(demo):
    persons = [pupil(demo, ref) for ref in ("P0339", "P1525")]
    assert [(person.latin_name, person.sort_key) for person in persons] == [
        ("LYU SIRUI", "lyu sirui"),
        ("YOSHIDA HARUKA", "yoshida haruka"),
    ]


def test_one_person_conducts_two_choirs_of_two_schools(demo):
    query = accepted_memberships(demo, Application.ref, Application.school_id).where(
        Person.name == "林望舒", Member.role == MemberRole.CONDUCTOR
    )
    assert sorted(ref for ref, _ in demo.execute(query)) == ["G01", "G02"]
    persons = select(func.count()).select_from(Person).where(Person.name == "林望舒")
    assert demo.scalar(persons) == 1


def test_whose_guardian_refuses_taking_part_is_in_a_group_of_forty(demo):
    assert groups_of(demo, "P0442") == ["G19"]


def test_a_permit_that_ends_too_early_is_remarked(demo):
    assert "2027-07-17" in pupil(demo, "P1126").remark


def test_exactly_five_members_are_too_young_for_their_class(demo):
    query = (
        select(Application.ref, Person.ref)
        .select_from(Member)
        .join(Application)
        .join(Category, Application.category_id == Category.id)
        .join(Person, Member.person_id == Person.id)
        .where((Person.birth_on > Category.born_to) | (Person.birth_on < Category.born_from))
        .order_by(Person.ref)
    )
    found = [tuple(row) for row in demo.execute(query)]
    assert found == [("G18", f"P{number}") for number in range(1262, 1267)]


def test_every_adult_number_belongs_to_nobody(demo):
    import phonenumbers

    numbers = [
        *demo.scalars(select(Person.phone).where(Person.phone.is_not(None)).distinct()),
        *demo.scalars(select(Guardian.phone).distinct()),
    ]
    parsed = [phonenumbers.parse(number) for number in numbers]
    assert {phonenumbers.is_possible_number(number) for number in parsed} == {True}
    assert {phonenumbers.is_valid_number(number) for number in parsed} == {False}


def test_no_document_number_is_stored(demo):
    query = select(func.count()).select_from(Person).where(Person.document_index.is_not(None))
    assert demo.scalar(query) == 0
