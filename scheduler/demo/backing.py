"""Who stands behind the demo's programme, its series, its showcase levels and its named dates."""

import datetime as dt
from zoneinfo import ZoneInfo

from scheduler.database import db
from scheduler.demo.festival import Festival
from scheduler.demo.writing import add_all
from scheduler.organisations.models import Organisation
from scheduler.programmes.kinds import DateKind, OrganisationRole
from scheduler.programmes.levels import DEFAULT_NAMES
from scheduler.programmes.models import (
    OutcomeLevel,
    Programme,
    ProgrammeDate,
    ProgrammeOrganisation,
    ProgrammeSeries,
)

SERIES = {
    "code": "festival",
    "names": {
        "en": "Little Ambassadors Festival",
        "zh_Hans": "小小使者展演",
        "zh_Hant_HK": "小小使者展演",
    },
}

# code, role, country, en, zh_Hans, zh_Hant_HK: there are no such bureaus.
ORGANISATIONS = (
    ("YPEB", OrganisationRole.GUIDE, "CN", "Yunyu Provincial Education Bureau (fictional)",
     "云屿省教育厅（虚构）", "雲嶼省教育廳（虛構）"),
    ("YMEB", OrganisationRole.HOST, "CN", "Yunyu Municipal Education Bureau (fictional)",
     "云屿市教育局（虚构）", "雲嶼市教育局（虛構）"),
    ("LAC", OrganisationRole.ORGANISER, "CN", "Little Ambassadors Exchange Centre (fictional)",
     "小小使者交流中心（虚构）", "小小使者交流中心（虛構）"),
    ("HYAA", OrganisationRole.CO_ORGANISER, "HK", "Harbour Youth Arts Association (fictional)",
     "港湾青少年艺术协会（虚构）", "港灣青少年藝術協會（虛構）"),
    ("CMF", OrganisationRole.SUPPORTER, "MO", "Coast Music Foundation (fictional)",
     "海岸音乐基金会（虚构）", "海岸音樂基金會（虛構）"),
)  # fmt: skip

# Days after entry closes, and the local hour (domain.md section 12.1).
AFTER_ENTRY = {
    DateKind.REVIEW_OPENS: (1, 9),
    DateKind.DISTRICT_REVIEW_UNTIL: (16, 18),
    DateKind.MUNICIPAL_REVIEW_UNTIL: (37, 18),
    DateKind.REVIEW_CLOSES: (44, 18),
    DateKind.PUBLIC_NOTICE_FROM: (47, 9),
    DateKind.CONFIRM_BY: (58, 18),
}
# Days before the festival begins, and the local hour.
BEFORE_FESTIVAL = {
    DateKind.LEADERS_MEETING: (34, 10),
    DateKind.CONSENTS_UNTIL: (26, 18),
    DateKind.ROSTER_FREEZE: (14, 18),
    DateKind.SUBSTITUTIONS_UNTIL: (4, 18),
}


def add_series() -> int:
    """Add the series; return its key."""
    return add_all(ProgrammeSeries, [SERIES])[0]


def add_backing(festival: Festival, programme_id: int) -> None:
    """Add the organisations behind the festival, its levels of approval and its dates."""
    _add_organisations(programme_id)
    _add_levels(programme_id)
    _add_dates(festival, db.session.get_one(Programme, programme_id))


def _add_organisations(programme_id: int) -> None:
    """Add the organisations, each with its part."""
    rows = [
        {
            "code": code,
            "names": dict(zip(("en", "zh_Hans", "zh_Hant_HK"), names, strict=True)),
            "country": country,
        }
        for code, _role, country, *names in ORGANISATIONS
    ]
    parts = [
        {"programme_id": programme_id, "organisation_id": key, "role": spec[1], "position": 1}
        for key, spec in zip(add_all(Organisation, rows), ORGANISATIONS, strict=True)
    ]
    add_all(ProgrammeOrganisation, parts)


def _add_levels(programme_id: int) -> None:
    """Add the usual showcase levels."""
    levels = enumerate(DEFAULT_NAMES, start=1)
    add_all(
        OutcomeLevel,
        [{"programme_id": programme_id, "position": n, "names": names} for n, names in levels],
    )


def _add_dates(festival: Festival, programme: Programme) -> None:
    """Add what follows entry and what comes before the festival; the notice is a day before entry.

    Days that entry is reckoned from are those of loading; the festival's own are fixed.
    """
    zone = ZoneInfo(festival.zone)
    opened = programme.entry_opens_at.astimezone(zone).date()
    closed = programme.entry_closes_at.astimezone(zone).date()
    days = {DateKind.NOTICE: (opened - dt.timedelta(days=1), 9)}
    days |= {k: (closed + dt.timedelta(days=n), h) for k, (n, h) in AFTER_ENTRY.items()}
    first = festival.dates[0]
    days |= {k: (first - dt.timedelta(days=n), h) for k, (n, h) in BEFORE_FESTIVAL.items()}
    add_all(
        ProgrammeDate,
        [
            {
                "programme_id": programme.id,
                "kind": kind,
                "at": dt.datetime.combine(day, dt.time(hour), zone),
            }
            for kind, (day, hour) in days.items()
        ],
    )
