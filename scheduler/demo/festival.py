"""The festival file as typed records. What the file leaves out is made by the other modules."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("festival.json")

LOCALE_BY_TAG = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant_HK"}


@dataclass(frozen=True)
class SchoolRecord:
    """`origin` is GZ, HK, MO, or a country; `division` is a GB/T 2260 code and name."""

    key: str
    origin: str
    name: str
    stages: tuple[str, ...]
    division: str | None
    zone: str
    locale: str

    @property
    def is_chinese(self) -> bool:
        """Tell whether the school's people have Chinese names."""
        return self.origin in {"GZ", "HK", "MO"}


@dataclass(frozen=True)
class PupilRecord:
    """A pupil with the names that the file has."""

    key: str
    school: str
    name: str
    latin_name: str | None
    born: dt.date
    sex: str


@dataclass(frozen=True)
class GroupRecord:
    """A group with its pupils' keys."""

    key: str
    kind: str
    school: str
    voicing: str | None
    members: tuple[str, ...]


@dataclass(frozen=True)
class VenueRecord:
    """A venue; `closed` are local starts and ends."""

    key: str
    name: str
    seats: int
    stage_max: int
    warmups: int
    closed: tuple[tuple[dt.datetime, dt.datetime], ...]


@dataclass(frozen=True)
class Festival:
    """The whole file."""

    zone: str
    dates: tuple[dt.date, ...]
    schools: dict[str, SchoolRecord]
    pupils: dict[str, PupilRecord]
    groups: dict[str, GroupRecord]
    venues: tuple[VenueRecord, ...]
    special_cases: dict[str, tuple[str, ...]]


@cache
def read() -> Festival:
    """Return the festival of the package's file."""
    raw: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    schools = [_school(row) for row in raw["schools"]]
    pupils = [_pupil(row) for row in raw["students"]]
    groups = [_group(row) for row in raw["groups"]]
    return Festival(
        zone=raw["meta"]["tz"],
        dates=tuple(dt.date.fromisoformat(day) for day in raw["meta"]["dates"]),
        schools={school.key: school for school in schools},
        pupils={pupil.key: pupil for pupil in pupils},
        groups={group.key: group for group in groups},
        venues=tuple(_venue(row) for row in raw["venues"]),
        special_cases={
            case: (keys,) if isinstance(keys, str) else tuple(keys)
            for case, keys in raw["special_cases"]
        },
    )


def _school(row: dict[str, Any]) -> SchoolRecord:
    return SchoolRecord(
        key=row["id"],
        origin=row["region"],
        name=row.get("name_zh") or row["name"],
        stages=tuple(row["stage"]),
        division=row.get("division"),
        zone=row["tz"],
        # Portuguese is not spoken by the product yet: its school reads English.
        locale=LOCALE_BY_TAG.get(row["locale"], "en"),
    )


def _pupil(row: dict[str, Any]) -> PupilRecord:
    names: dict[str, str] = row["name"]
    own_script = names.get("zh") or names.get("ja")
    return PupilRecord(
        key=row["id"],
        school=row["school"],
        name=own_script or names["en"],
        latin_name=names.get("en") if own_script else None,
        born=dt.date.fromisoformat(row["dob"]),
        sex=row["sex"],
    )


def _group(row: dict[str, Any]) -> GroupRecord:
    return GroupRecord(row["id"], row["kind"], row["school"], row["voicing"], tuple(row["members"]))


def _venue(row: dict[str, Any]) -> VenueRecord:
    closed = tuple(
        (dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end))
        for start, end in row["closed"]
    )
    return VenueRecord(
        row["id"], row["name"], row["seats"], row["stage_max"], row["warmups"], closed
    )
