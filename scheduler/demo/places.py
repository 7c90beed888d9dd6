"""Districts and schools of the demo."""

from scheduler.demo.festival import Festival, SchoolRecord
from scheduler.demo.writing import add_all
from scheduler.organisations.models import CodeScheme, District, Region, School

REGIONS = {"GZ": Region.GUANGZHOU, "HK": Region.HONG_KONG, "MO": Region.MACAO}
COUNTRIES = {"GZ": "CN", "HK": "CN", "MO": "CN"}

# What the bureaus and ministries call their numbers; the numbers themselves are invented.
SCHEMES = {
    "GZ": CodeScheme.CHINA,
    "HK": CodeScheme.HONG_KONG,
    "GB": CodeScheme.UNITED_KINGDOM,
    "NZ": CodeScheme.NEW_ZEALAND,
}
CHINESE_TYPES = {("P",): "21", ("J",): "31", ("J", "H"): "34", ("P", "J"): "31"}


def add_districts(festival: Festival) -> dict[str, int]:
    """Add the districts named by schools; return their ids by code."""
    divisions = {school.division for school in festival.schools.values() if school.division}
    codes = sorted(division.partition(" ")[0] for division in divisions)
    names = dict(division.split(" ", 1) for division in divisions)
    ids = add_all(District, [{"code": code, "name": names[code]} for code in codes])
    return dict(zip(codes, ids, strict=True))


def add_schools(festival: Festival, district_ids: dict[str, int]) -> dict[str, int]:
    """Add all schools; return their ids by the file's key, which is also their code here."""
    rows = [
        {
            "code": school.key,
            "name": school.name,
            "region": REGIONS.get(school.origin, Region.OVERSEAS),
            "country": COUNTRIES.get(school.origin, school.origin),
            "stages": list(school.stages),
            "district_id": district_ids[school.division.partition(" ")[0]]
            if school.division
            else None,
            "timezone": school.zone,
            "locale": school.locale,
            "code_scheme": SCHEMES.get(school.origin),
            "official_code": _official_code(school),
        }
        for school in festival.schools.values()
    ]
    return dict(zip(festival.schools, add_all(School, rows), strict=True))


def _official_code(school: SchoolRecord) -> str | None:
    number = int(school.key[1:])
    match school.origin:
        case "GZ":
            return f"{CHINESE_TYPES[school.stages]}44{990000 + number:06}"
        case "HK" | "GB":
            return f"{990000 + number}"
        case "NZ":
            return f"{9900 + number}"
    return None
