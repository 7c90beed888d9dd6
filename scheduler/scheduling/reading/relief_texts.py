"""What would help when rules collide, in words."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from scheduler.scheduling.engine.relief import Way

RELIEFS: dict[Way, LazyString] = {
    Way.DROP: _l("Without it, a timetable exists."),
    Way.ALONE: _l("To give it up would not be enough: other rules collide as well."),
    Way.LATER: _l("If it ended %(amount)s min later, a timetable would exist."),
    Way.EARLIER: _l("If it began %(amount)s min earlier, a timetable would exist."),
    Way.LESS_REST: _l("With %(amount)s min less rest, a timetable would exist."),
    Way.MORE_ROOMS: _l("With so many rooms more, a timetable would exist: %(amount)s."),
    Way.LARGER: _l("With a stage for %(amount)s people more, a timetable would exist."),
}


def relief_sentence(way: str, amount: int) -> str:
    """Return the sentence of a change that was proved to help, or not to be enough."""
    return str(RELIEFS[Way(way)]) % {"amount": amount}
