"""What a mail says of an entry: its title, when and where, for the templates in `mails`."""

from scheduler.calendars.models import CalendarEntry
from scheduler.calendars.rendering import when_of


def facts_of(entry: CalendarEntry, locale: str) -> dict[str, str]:
    """Return an entry's title, time and place in a language; times name their zone."""
    text = entry.text_in(locale)
    return {
        "title": text.summary,
        "when": when_of(entry, locale),
        "place": text.location or "–",
    }
