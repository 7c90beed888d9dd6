"""What a mail says of an entry: its title, when and where, for the templates in `mails`."""

from scheduler.calendars import wording
from scheduler.calendars.models import CalendarEntry


def facts_of(entry: CalendarEntry, locale: str) -> dict[str, str]:
    """Return an entry's title, time and place in a language; times name their zone."""
    text = entry.text_in(locale)
    return {
        "title": text.summary,
        "when": wording.when(entry.times, entry.zone, locale, is_all_day=entry.is_all_day),
        "place": text.location or "–",
    }
