"""Invented names, addresses and telephone numbers of adults, the same in every demo."""

import random
from dataclasses import dataclass

from scheduler.demo.festival import PupilRecord, SchoolRecord

# Nobody's numbers: the lengths are right, the ranges are assigned to no operator.
PHONE_PREFIXES = {
    "GZ": "+861200000", "HK": "+8520000", "MO": "+8532000", "GB": "+447700900", "NZ": "+6400000",
    "SG": "+650000", "JP": "+81300000", "PT": "+35120000",
}  # fmt: skip

COMPOUND_SURNAMES = ("欧阳", "司徒", "上官", "诸葛", "司马")

SURNAMES_HANS = tuple("陈李黄张梁林刘吴罗何郑谢杨周曾邓苏卢蔡潘叶钟冯彭余")
GIVEN_HANS = (
    "文静", "志明", "晓岚", "建国", "雅琴", "海涛", "慧敏", "国强", "丽华", "俊峰", "秋月", "永康",
    "婉仪", "子健", "若兰", "伟民", "淑芬", "思远", "玉珍", "启航", "美玲", "振宇", "佩珊", "家辉",
)  # fmt: skip
SURNAMES_HANT = (
    ("陳", "CHAN"), ("李", "LEE"), ("黃", "WONG"), ("張", "CHEUNG"), ("梁", "LEUNG"),
    ("林", "LAM"), ("劉", "LAU"), ("吳", "NG"), ("何", "HO"), ("鄭", "CHENG"),
)  # fmt: skip
GIVEN_HANT = (
    ("詠詩", "Wing Sze"), ("志偉", "Chi Wai"), ("美儀", "Mei Yee"), ("家俊", "Ka Chun"),
    ("慧珊", "Wai Shan"), ("國榮", "Kwok Wing"), ("淑貞", "Suk Ching"), ("子軒", "Tsz Hin"),
    ("嘉欣", "Ka Yan"), ("永健", "Wing Kin"),
)  # fmt: skip
LATIN_NAMES = {
    "GB": (
        ("Helen", "Peter", "Ruth", "Simon", "Fiona", "Graham"),
        ("Ashdown", "Marlowe", "Pemberton", "Hartley"),
    ),
    "NZ": (
        ("Aroha", "Callum", "Hana", "Grant", "Moana", "Stuart"),
        ("Tamahori", "McLeod", "Whitford", "Parata"),
    ),
    "SG": (
        ("Serene", "Kelvin", "Priya", "Faizal", "Adeline", "Marcus"),
        ("Tan", "Krishnan", "Goh", "Rahim"),
    ),
    "PT": (
        ("Inês", "Rui", "Catarina", "Nuno", "Leonor", "Tiago"),
        ("Azevedo", "Carvalhal", "Figueira", "Salgado"),
    ),
}
JAPANESE_NAMES = (
    (("石橋", "ISHIBASHI"), ("宮本", "MIYAMOTO"), ("黒木", "KUROKI"), ("平野", "HIRANO")),
    (("直子", "NAOKO"), ("健太", "KENTA"), ("恵", "MEGUMI"), ("修", "OSAMU"), ("明美", "AKEMI")),
)


@dataclass(frozen=True)
class AdultName:
    """A name in its own script, and in Latin letters where that is another one."""

    name: str
    latin_name: str | None = None


def adult_name(school: SchoolRecord, chance: random.Random) -> AdultName:
    """Return a name as people of the school's place have them."""
    if school.origin == "GZ":
        return AdultName(chance.choice(SURNAMES_HANS) + chance.choice(GIVEN_HANS))
    if school.is_chinese:
        (surname, latin), given = chance.choice(SURNAMES_HANT), chance.choice(GIVEN_HANT)
        return AdultName(surname + given[0], f"{latin} {given[1]}")
    if school.origin == "JP":
        surnames, givens = JAPANESE_NAMES
        (own, latin), given = chance.choice(surnames), chance.choice(givens)
        return AdultName(f"{own} {given[0]}", f"{latin} {given[1]}")
    first_names, last_names = LATIN_NAMES[school.origin]
    return AdultName(f"{chance.choice(first_names)} {chance.choice(last_names)}")


def guardian_name(pupil: PupilRecord, school: SchoolRecord, chance: random.Random) -> str:
    """Return a parent's name: the pupil's surname with another given name."""
    if school.origin == "JP":
        return f"{pupil.name.split()[0]} {chance.choice(JAPANESE_NAMES[1])[0]}"
    if not school.is_chinese:
        first_names, _last_names = LATIN_NAMES[school.origin]
        return f"{chance.choice(first_names)} {pupil.name.split()[-1]}"
    if "·" in pupil.name:
        return f"{pupil.name.partition('·')[2]}·{chance.choice(('吐尔逊', '阿不都'))}"
    given = chance.choice(GIVEN_HANS if school.origin == "GZ" else [g for g, _ in GIVEN_HANT])
    return surname_of(pupil.name) + given


def surname_of(name: str) -> str:
    """Return the surname of a Chinese name."""
    return name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]


def phone_number(origin: str, number: int) -> str:
    """Return a telephone number that belongs to nobody."""
    prefix = PHONE_PREFIXES[origin]
    digits = 3 if origin == "GB" else 4
    return f"{prefix}{number % 10**digits:0{digits}}"
