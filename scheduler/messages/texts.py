"""Words about messages: what each placeholder is filled with, and who reads a kind."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications.templates import Readers

PLACEHOLDER_WORDS = {
    "category": _l("the category"),
    "changes": _l("the new and changed times"),
    "children": _l("the first names of the children"),
    "count": _l("how many entries"),
    "deadline": _l("until when the school must answer"),
    "entries": _l("the entries with their results, reasons and links"),
    "group": _l("the group"),
    "link": _l("the address of the page"),
    "lottery": _l("the lottery's name"),
    "notes": _l("what you write when you publish"),
    "number": _l("the number of the release"),
    "pages": _l("the private pages, with the children's names"),
    "places": _l("how many places are held"),
    "programme": _l("the programme"),
    "pupil": _l("the pupil's name"),
    "reason": _l("what you write when you decide; may be empty"),
    "receipts": _l("the groups with their receipts"),
    "ref": _l("the entry's reference"),
    "school": _l("the school"),
    "seed": _l("when the number for the draw is known"),
    "source": _l("where the number for the draw comes from"),
    "timetable_link": _l("the address of the timetable"),
}

READER_LABELS = {
    Readers.STAFF: _l("Staff"),
    Readers.SCHOOL: _l("School"),
    Readers.FAMILY: _l("Guardian"),
}
