"""The words of an itinerary in every language at once, for calendars and pages alike."""

from dataclasses import dataclass

from scheduler.itineraries.kinds import ItemKind
from scheduler.organisations.models import Names

KIND_NAMES: dict[ItemKind, Names] = {
    ItemKind.FLIGHT: {"en": "Flight", "zh_Hans": "航班", "zh_Hant_HK": "航班"},
    ItemKind.TRAIN: {"en": "Train", "zh_Hans": "火车", "zh_Hant_HK": "火車"},
    ItemKind.COACH: {"en": "Coach", "zh_Hans": "大巴", "zh_Hant_HK": "旅遊巴士"},
    ItemKind.FERRY: {"en": "Ferry", "zh_Hans": "轮渡", "zh_Hant_HK": "渡輪"},
    ItemKind.STAY: {"en": "Stay", "zh_Hans": "住宿", "zh_Hant_HK": "住宿"},
    ItemKind.SCHOOL_DAY: {"en": "School day", "zh_Hans": "在校日", "zh_Hant_HK": "上學日"},
    ItemKind.VISIT: {"en": "Visit", "zh_Hans": "参观", "zh_Hant_HK": "參觀"},
    ItemKind.TALK: {"en": "Talk", "zh_Hans": "讲座", "zh_Hant_HK": "講座"},
    ItemKind.MEAL: {"en": "Meal", "zh_Hans": "用餐", "zh_Hant_HK": "用膳"},
    ItemKind.FREE: {"en": "Free time", "zh_Hans": "自由活动", "zh_Hant_HK": "自由活動"},
    ItemKind.BRIEFING: {"en": "Briefing", "zh_Hans": "说明会", "zh_Hant_HK": "簡介會"},
    ItemKind.HAND_OVER: {
        "en": "Host families",
        "zh_Hans": "寄宿家庭交接",
        "zh_Hant_HK": "寄宿家庭交接",
    },
    ItemKind.MEDICAL: {"en": "Medical", "zh_Hans": "医疗", "zh_Hant_HK": "醫療"},
    ItemKind.RESERVE: {"en": "Reserve", "zh_Hans": "机动时间", "zh_Hant_HK": "後備時間"},
}


@dataclass(frozen=True, slots=True)
class EntryWords:
    """The lines of a calendar entry in one language, with named placeholders."""

    way: str
    number: str
    under_way: str
    bring: str


_WORDS = {
    "en": EntryWords(
        way="%(start)s → %(end)s",
        number="Number: %(number)s",
        under_way="Under way: %(hours)s h %(minutes)s min",
        bring="To bring: %(things)s",
    ),
    "zh_Hans": EntryWords(
        way="%(start)s → %(end)s",
        number="班次：%(number)s",
        under_way="途中：%(hours)s 小时 %(minutes)s 分钟",
        bring="请带：%(things)s",
    ),
    "zh_Hant_HK": EntryWords(
        way="%(start)s → %(end)s",
        number="班次：%(number)s",
        under_way="途中：%(hours)s 小時 %(minutes)s 分鐘",
        bring="請帶：%(things)s",
    ),
}


def entry_words(locale: str) -> EntryWords:
    """Return the words of a language."""
    return _WORDS[locale]
