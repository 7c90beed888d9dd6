"""What the kinds of activities are called, in every language at once.

Calendar entries are stored in all languages by services that know no reader, so these words stand
here and not in the pages' catalogues; pages use the same ones.
"""

from scheduler.organisations.models import Names
from scheduler.scheduling.activities.models import ActivityKind

KIND_NAMES: dict[ActivityKind, Names] = {
    ActivityKind.REHEARSAL: {"en": "Rehearsal", "zh_Hans": "排练", "zh_Hant_HK": "綵排"},
    ActivityKind.AUDITION: {"en": "Audition", "zh_Hans": "选拔", "zh_Hant_HK": "試演"},
    ActivityKind.INTERVIEW: {"en": "Interview", "zh_Hans": "面试", "zh_Hant_HK": "面試"},
    ActivityKind.STATION: {
        "en": "Workshop or station",
        "zh_Hans": "工作坊（站点活动）",
        "zh_Hant_HK": "工作坊（攤位活動）",
    },
    ActivityKind.COURSE: {"en": "Course", "zh_Hans": "课程", "zh_Hant_HK": "課程"},
    ActivityKind.MEETING: {"en": "Meeting", "zh_Hans": "会议", "zh_Hant_HK": "會議"},
    ActivityKind.CEREMONY: {"en": "Ceremony", "zh_Hans": "仪式", "zh_Hant_HK": "典禮"},
    ActivityKind.VISIT: {"en": "Visit", "zh_Hans": "参观", "zh_Hant_HK": "參觀"},
}
