"""The words of calendar entries, per language.

They are stored with the entry when it is published, in all languages at once, by services that
know no request and no reader; so they stand here and not in the pages' catalogues.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from scheduler.calendars.entries import EntryChange, EntryText, Times
from scheduler.calendars.wording import day
from scheduler.formats import zone_text


@dataclass(frozen=True, slots=True)
class EntryWords:
    """The sentences of one language, with named placeholders."""

    summary: str
    call: str
    warm_up: str
    stage: str
    category: str
    programme: str
    performance: str
    activity: str
    new: str
    moved: str
    stays: str
    cancelled: str
    judging: str
    comma: str = "，"
    semicolon: str = "；"


ABOUT = 2
"""So many details at the end say what it is, not when: category or kind, and programme."""

_WORDS = {
    "en": EntryWords(
        summary="Performance: %(group)s",
        call="Be there by: %(time)s",
        warm_up="Warm-up: %(time)s, warm-up room %(room)s",
        stage="On stage: %(time)s",
        category="Category: %(category)s",
        programme="%(programme)s",
        performance="Performance",
        activity="Time: %(time)s",
        new="New: %(what)s, %(now)s",
        moved="Changed: %(what)s, now %(now)s (before: %(was)s)",
        stays="Changed: %(what)s, now %(now)s (same time as before)",
        cancelled="Cancelled: %(what)s (it was to be %(was)s)",
        judging="Judging: %(what)s",
        comma=", ",
        semicolon="; ",
    ),
    "zh_Hans": EntryWords(
        summary="演出：%(group)s",
        call="报到：%(time)s",
        warm_up="热身：%(time)s，%(room)s 号热身室",
        stage="上台：%(time)s",
        category="组别：%(category)s",
        programme="%(programme)s",
        performance="演出",
        activity="时间：%(time)s",
        new="新增：%(what)s，%(now)s",
        moved="变更：%(what)s，现为 %(now)s（原为 %(was)s）",
        stays="变更：%(what)s，现为 %(now)s（时间不变）",
        cancelled="取消：%(what)s（原为 %(was)s）",
        judging="评审：%(what)s",
    ),
    "zh_Hant_HK": EntryWords(
        summary="演出：%(group)s",
        call="報到：%(time)s",
        warm_up="熱身：%(time)s，%(room)s 號熱身室",
        stage="上台：%(time)s",
        category="組別：%(category)s",
        programme="%(programme)s",
        performance="演出",
        activity="時間：%(time)s",
        new="新增：%(what)s，%(now)s",
        moved="更改：%(what)s，現為 %(now)s（原為 %(was)s）",
        stays="更改：%(what)s，現為 %(now)s（時間不變）",
        cancelled="取消：%(what)s（原為 %(was)s）",
        judging="評審：%(what)s",
    ),
}


def entry_words(locale: str) -> EntryWords:
    """Return the words of a language; English for one that has none."""
    return _WORDS.get(locale, _WORDS["en"])


def change_line(change: EntryChange, locale: str, zone: str) -> str:
    """Return one line of a notice: what, when and where now with its parts, and when before."""
    words = entry_words(locale)
    text = change.texts.get(locale) or change.texts["en"]
    place = f"{words.comma}{text.location}" if text.location else ""
    now = _when(change.now, locale, zone) + place if change.now else ""
    was = _when(change.was, locale, zone) if change.was else ""
    if change.now is None:
        return words.cancelled % {"what": text.summary, "was": was}
    now += f" – {words.semicolon.join(parts_of(text))}"
    if change.was is None:
        return words.new % {"what": text.summary, "now": now}
    sentence = words.stays if change.was == change.now else words.moved
    return sentence % {"what": text.summary, "now": now, "was": was}


def parts_of(text: EntryText) -> tuple[str, ...]:
    """Return the details that tell the times within a performance: call, warm-up, stage."""
    return text.details[:-ABOUT]


def _when(times: Times, locale: str, zone: str) -> str:
    start, end = (instant.astimezone(ZoneInfo(zone)) for instant in times)
    offset = zone_text(start, zone)
    return f"{day(start.date(), locale)} {start:%H:%M}–{end:%H:%M} ({offset})"
