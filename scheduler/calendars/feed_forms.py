"""The forms in which a feed is sent beside the .ics, each at an address of its own.

Not chosen by Accept: programs name types there that they cannot read (docs/calendars.md).
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

from scheduler.calendars import jscalendar
from scheduler.calendars.jcal import MEDIA_TYPE as JCAL_TYPE
from scheduler.calendars.jcal import jcal

Written = Callable[[bytes, str, dt.datetime], bytes]
"""Makes the form of a feed's stored octets, its reference, and the time of its last change."""


@dataclass(frozen=True, slots=True)
class FeedForm:
    """One form: the end of its address, and `mark`, by which its tags differ from the others'."""

    suffix: str
    media_type: str
    mark: str
    write: Written


def _jcal(body: bytes, _reference: str, _updated: dt.datetime) -> bytes:
    return _json(jcal(body))


def _jscalendar(body: bytes, reference: str, updated: dt.datetime) -> bytes:
    return _json(jscalendar.jscalendar(body, reference, updated))


def _json(thing: object) -> bytes:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":")).encode()


JCAL = FeedForm(".jcal.json", JCAL_TYPE, "-jcal", _jcal)
JSCALENDAR = FeedForm(".jscalendar.json", jscalendar.MEDIA_TYPE, "-jscalendar", _jscalendar)
FORMS = (JCAL, JSCALENDAR)


def form_at(path: str) -> FeedForm | None:
    """Return the form that an address asks for."""
    return next((form for form in FORMS if path.endswith(form.suffix)), None)
