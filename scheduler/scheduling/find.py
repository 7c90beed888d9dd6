"""Loads what the addresses of planning name; the guard asks the permission on it."""

from dataclasses import dataclass

from sqlalchemy import select

from scheduler.access.permissions import Subject
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.organisations import services as schools
from scheduler.organisations.models import School
from scheduler.programmes import venue_services
from scheduler.programmes.models import Programme, Venue
from scheduler.programmes.services import find_programme
from scheduler.scheduling.models import Release
from scheduler.scheduling.parties.busy_services import find_busy_school
from scheduler.scheduling.parties.staff_services import find_staff
from scheduler.scheduling.services import find_plan

__all__ = [
    "SchoolTimetable",
    "find_busy_school",
    "find_plan",
    "find_programme",
    "find_release",
    "find_school",
    "find_staff",
    "find_venue",
]

LARGEST_NUMBER = 2**31 - 1
"""What an integer column holds; databases answer larger numbers with an error."""


@dataclass(frozen=True)
class SchoolTimetable:
    """One school's part of a programme's timetable."""

    programme: Programme
    school: School

    @property
    def subject(self) -> Subject:
        """Reached by the school, its district, and the programme's coordinators."""
        return Subject(
            programme_id=self.programme.id,
            school_id=self.school.id,
            district_id=self.school.district_id,
        )


def find_release(code: str, number: int) -> Release:
    """Return a programme's release by its number; raises `NotFound`."""
    if number > LARGEST_NUMBER:
        raise NotFound
    release = db.session.scalar(
        select(Release).join(Programme).where(Programme.code == code, Release.number == number)
    )
    if release is None:
        raise NotFound
    return release


def find_venue(code: str, venue_code: str) -> Venue:
    """Return a programme's venue; raises `NotFound`."""
    return venue_services.find_venue(code, venue_code)


def find_school(code: str, school_code: str) -> SchoolTimetable:
    """Return a school's part of a programme; raises `NotFound`."""
    return SchoolTimetable(find_programme(code), schools.find_school(school_code))
