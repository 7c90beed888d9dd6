"""Pupils and their guardians. Everybody is invented."""

import datetime as dt
import random
from collections import defaultdict
from typing import Any

from scheduler.demo.festival import Festival, PupilRecord, SchoolRecord
from scheduler.demo.names import guardian_name, phone_number, surname_of
from scheduler.demo.writing import add_all
from scheduler.people.identity import Sex
from scheduler.people.models import Guardian, Guardianship, Person
from scheduler.people.sorting import sort_key

TWINS = "twins_same_guardian"
PERMIT_ENDS = "hk_student_home_return_permit_expires_2027-07-17"
PERMIT_REMARK = "回鄉證有效期至 2027-07-17"

# So many households share one that has no mail address and gets its slip on paper.
WITHOUT_MAIL_AMONG = 50

# Two of one surname among this many schoolmates are taken for brother and sister.
SIBLINGS_AMONG = 12

HAN_GRADES = "零一二三四五六七八九"


def add_pupils(
    festival: Festival, school_ids: dict[str, int], *, created_at: dt.datetime
) -> dict[str, int]:
    """Add all pupils; return their ids by the file's key, which is also their reference."""
    remarks = dict.fromkeys(festival.special_cases[PERMIT_ENDS], PERMIT_REMARK)
    rows = [
        {
            "ref": pupil.key,
            "school_id": school_ids[pupil.school],
            "name": pupil.name,
            "latin_name": pupil.latin_name,
            "sort_key": sort_key(pupil.name, pupil.latin_name),
            "sex": Sex(pupil.sex),
            "birth_on": pupil.born,
            "grade": grade(pupil.born, festival.schools[pupil.school]),
            "remark": remarks.get(pupil.key),
            "created_at": created_at,
        }
        for pupil in festival.pupils.values()
    ]
    return dict(zip(festival.pupils, add_all(Person, rows), strict=True))


def grade(born: dt.date, school: SchoolRecord) -> str:
    """Return the grade of the school year 2026/27 as the school's place calls it."""
    # Everywhere in the demo a child is taken to start at six, in September.
    starts = born.year + 6 + (born >= dt.date(born.year, 9, 1))
    year = max(1, 2027 - starts)
    match school.origin:
        case "GZ":
            return f"{HAN_GRADES[year]}年级" if year <= 9 else f"高{HAN_GRADES[year - 9]}"  # noqa: PLR2004
        case "HK":
            return f"小{HAN_GRADES[year]}" if year <= 6 else f"中{HAN_GRADES[year - 6]}"  # noqa: PLR2004
        case "MO":
            return f"小{HAN_GRADES[year]}" if year <= 6 else f"初{HAN_GRADES[year - 6]}"  # noqa: PLR2004
        case "JP":
            return f"小学{year}年" if year <= 6 else f"中学{year - 6}年"  # noqa: PLR2004
        case "GB" | "NZ":
            return f"Year {year + 1}"
    return f"Grade {year}"


def families(festival: Festival) -> list[list[PupilRecord]]:
    """Return the pupils by household: twins and some schoolmates of one surname are siblings."""
    twins = set(festival.special_cases[TWINS])
    households: dict[str, list[PupilRecord]] = {}
    waiting: dict[tuple[str, str], PupilRecord] = {}
    seen: defaultdict[str, int] = defaultdict(int)
    for pupil in festival.pupils.values():
        seen[pupil.school] += 1
        if pupil.key in twins:
            households.setdefault(TWINS, []).append(pupil)
            continue
        key = (pupil.school, _family_name(pupil, festival))
        elder = waiting.pop(key, None) if seen[pupil.school] % SIBLINGS_AMONG == 0 else None
        if elder is not None and elder.born != pupil.born:
            households[elder.key].append(pupil)
            continue
        households[pupil.key] = [pupil]
        waiting[key] = pupil
    return list(households.values())


def _family_name(pupil: PupilRecord, festival: Festival) -> str:
    if festival.schools[pupil.school].is_chinese:
        return surname_of(pupil.name)
    return pupil.name.split()[0 if festival.schools[pupil.school].origin == "JP" else -1]


def add_guardians(
    festival: Festival, school_ids: dict[str, int], person_ids: dict[str, int]
) -> list[int]:
    """Add a guardian for each household, whom all its children share; return their ids."""
    chance = random.Random(2027)  # noqa: S311 - the same demo every time
    households = families(festival)
    rows: list[dict[str, Any]] = []
    for number, household in enumerate(households):
        school = festival.schools[household[0].school]
        rows.append(
            {
                "school_id": school_ids[school.key],
                "name": guardian_name(household[0], school, chance),
                "email": None
                if number % WITHOUT_MAIL_AMONG == WITHOUT_MAIL_AMONG - 1
                else f"family.{household[0].key.lower()}@families.example",
                "phone": phone_number(school.origin, 1000 + number),
            }
        )
    ids = add_all(Guardian, rows)
    add_all(
        Guardianship,
        [
            {"person_id": person_ids[pupil.key], "guardian_id": guardian_id}
            for guardian_id, household in zip(ids, households, strict=True)
            for pupil in household
        ],
    )
    return ids
