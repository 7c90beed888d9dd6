"""Words about messages: what each placeholder is filled with, and who reads a kind."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications.templates import Readers

PLACEHOLDER_WORDS = {
    "answer_by": _l("until which day an answer is asked for"),
    "category": _l("the category"),
    "changes": _l("the new and changed times"),
    "children": _l("the first names of the children"),
    "coming": _l("how many pupils of the guest school come"),
    "count": _l("how many entries"),
    "deadline": _l("until when the school must answer"),
    "entries": _l("the entries with their results, reasons and links"),
    "group": _l("the group"),
    "lead": _l("the school that leads the entry"),
    "least": _l("how many pupils the category asks for"),
    "link": _l("the address of the page"),
    "lottery": _l("the lottery's name"),
    "message": _l("what the lead school writes to the school it invites"),
    "notes": _l("what you write when you publish"),
    "number": _l("the number of the release"),
    "pages": _l("the private pages, with the children's names"),
    "places": _l("how many places are held"),
    "programme": _l("the programme"),
    "pupil": _l("the pupil's name"),
    "reason": _l("the reason, as you or the school wrote it; may be empty"),
    "pupils": _l("how many pupils it is about"),
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
    Readers.PARTNER: _l("School of a joint entry"),
    Readers.FAMILY: _l("Guardian"),
}
