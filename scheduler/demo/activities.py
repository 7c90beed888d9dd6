"""What the demo's festival has beside the performances: a meeting, rehearsals, an audition."""

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.applications.models import Application
from scheduler.database import db
from scheduler.demo.festival import Festival
from scheduler.programmes.models import Category, Venue
from scheduler.scheduling.activities.models import (
    ActivityKind,
    Attendance,
    Before,
    Invited,
    PlannedActivity,
    StaffInvited,
)

REHEARSED = "SYMPHONY"
AUDITIONED = ("G41", "G42")
MEETING_VENUE = "V4"
STAGE_VENUE = "V1"
AUDITION_VENUE = "V3"


def add_activities(
    festival: Festival,
    programme_id: int,
    category_ids: Mapping[str, int],
    application_ids: Mapping[str, int],
) -> None:
    """Add the leaders' meeting, orchestras' stage rehearsals and an audition before jurors."""
    venues = {
        venue.code: venue
        for venue in db.session.scalars(select(Venue).where(Venue.programme_id == programme_id))
    }
    zone = ZoneInfo(festival.zone)
    noon = dt.datetime.combine(festival.dates[1], dt.time(12, 30), zone).astimezone(dt.UTC)
    meeting = PlannedActivity(
        kind=ActivityKind.MEETING,
        name="领队会议",
        names={"en": "Leaders' meeting", "zh_Hant_HK": "領隊會議"},
        minutes=20,
        invited=Invited.ALL,
        attendance=Attendance.LEADERS,
        latest_at=noon,
        venues=[venues[MEETING_VENUE]],
    )
    rehearsal = PlannedActivity(
        kind=ActivityKind.REHEARSAL,
        name="走台",
        names={"en": "Stage rehearsal", "zh_Hant_HK": "綵排"},
        minutes=10,
        clear_minutes=5,
        invited=Invited.CATEGORY,
        category=db.session.get_one(Category, category_ids[REHEARSED]),
        for_each_group=True,
        before=Before.BEFORE,
        venues=[venues[STAGE_VENUE]],
    )
    audition = PlannedActivity(
        kind=ActivityKind.AUDITION,
        name="闭幕音乐会选拔",
        names={"en": "Audition for the closing concert", "zh_Hant_HK": "閉幕音樂會試演"},
        minutes=10,
        invited=Invited.CHOSEN,
        chosen=[db.session.get_one(Application, application_ids[key]) for key in AUDITIONED],
        staff=StaffInvited.JURORS,
        for_each_group=True,
        venues=[venues[AUDITION_VENUE]],
    )
    for activity in (meeting, rehearsal, audition):
        activity.programme_id = programme_id
        db.session.add(activity)
    db.session.flush()
