"""How a stored state is shown: its word in the reader's language, a tone and an icon.

One table for all rooms, so that "accepted" or "failed" looks and reads alike everywhere. Which
states exist and what leads from one to the next is the rooms' business, not this module's.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


@dataclass(frozen=True)
class StateLook:
    """Tones are neutral, info, success, warning, danger and accent; icons are the sprite's."""

    word: LazyString | str
    tone: str = "neutral"
    icon: str = "circle-fill"


_WORKING = ("info", "arrow-repeat")
_GOOD = ("success", "check-circle-fill")
_BAD = ("danger", "exclamation-circle-fill")

_LOOKS: dict[str, StateLook] = {
    # Applications
    "draft": StateLook(_l("Draft"), "neutral", "pencil"),
    "submitted": StateLook(_l("Submitted"), "info", "send"),
    "returned": StateLook(_l("Returned for changes"), "warning", "arrow-counterclockwise"),
    "offered": StateLook(_l("Place offered"), "accent", "envelope"),
    "accepted": StateLook(_l("Accepted"), *_GOOD),
    "waitlisted": StateLook(_l("Waitlisted"), "accent", "hourglass-split"),
    "rejected": StateLook(_l("Rejected"), "danger", "x-circle-fill"),
    "withdrawn": StateLook(_l("Withdrawn"), "neutral", "slash-circle"),
    "confirmed": StateLook(_l("Confirmed"), *_GOOD),
    # Requests to substitute a member
    "pending": StateLook(_l("Waits for a decision"), "warning", "hourglass-split"),
    "approved": StateLook(_l("Approved"), *_GOOD),
    # Forms with a school's seal
    "form_not_attached": StateLook(_l("Not attached"), "warning", "exclamation-triangle-fill"),
    "form_matches": StateLook(_l("Attached"), *_GOOD),
    "form_outdated": StateLook(_l("No longer matches"), "warning", "arrow-repeat"),
    "joined": StateLook(_l("Takes part"), "info", "people"),
    "declined": StateLook(_l("Declined"), "neutral", "x-circle-fill"),
    # Two groups of one pupil
    "overlaps": StateLook(_l("Times overlap"), *_BAD),
    "may_meet": StateLook(_l("Times may meet"), "warning", "exclamation-triangle-fill"),
    "kept_apart": StateLook(_l("Planning keeps them apart"), "info", "people"),
    "apart": StateLook(_l("Times cannot meet"), *_GOOD),
    # Roster imports
    "reading": StateLook(_l("Being read"), *_WORKING),
    "problems": StateLook(_l("Problems found"), "warning", "exclamation-triangle-fill"),
    "preview": StateLook(_l("Ready to confirm"), "info", "eye"),
    "applying": StateLook(_l("Being saved"), *_WORKING),
    "new": StateLook(_l("New"), "success", "plus-lg"),
    "changed": StateLook(_l("Changed"), "warning", "pencil"),
    "unchanged": StateLook(_l("Unchanged"), "neutral", "check2"),
    "removed": StateLook(_l("Removed"), "danger", "dash-lg"),
    # Jobs and mails
    "queued": StateLook(_l("Waiting"), "neutral", "hourglass-split"),
    "running": StateLook(_l("Running"), *_WORKING),
    "stopping": StateLook(_l("Stopping"), "warning", "stop-circle"),
    "done": StateLook(_l("Done"), *_GOOD),
    "failed": StateLook(_l("Failed"), *_BAD),
    "sending": StateLook(_l("Being sent"), "info", "send"),
    "sent": StateLook(_l("Sent"), *_GOOD),
    "bounced": StateLook(_l("Came back"), "danger", "arrow-counterclockwise"),
    # What happened to a timetable
    "in_force": StateLook(_l("In force"), "warning", "exclamation-triangle-fill"),
    "taken_back": StateLook(_l("Taken back"), "neutral", "arrow-counterclockwise"),
    # Exports
    "awaiting_approval": StateLook(_l("Waits for approval"), "warning", "hourglass-split"),
    "being_made": StateLook(_l("Being written"), *_WORKING),
    "ready": StateLook(_l("Ready"), *_GOOD),
    "refused": StateLook(_l("Refused"), "danger", "x-circle-fill"),
    # Plans and releases
    "solving": StateLook(_l("Being planned"), *_WORKING),
    "impossible": StateLook(_l("Impossible"), *_BAD),
    "undecided": StateLook(_l("Undecided"), "warning", "question-circle"),
    "awaiting_confirmation": StateLook(
        _l("Waits for a second confirmation"), "warning", "hourglass-split"
    ),
    "void": StateLook(_l("No longer valid"), "neutral", "slash-circle"),
    "moved": StateLook(_l("Moved"), "warning", "arrows-move"),
    "published": StateLook(_l("Published"), "success", "broadcast"),
    "superseded": StateLook(_l("Superseded"), "neutral", "archive"),
    "cancelled": StateLook(_l("Cancelled"), "danger", "slash-circle"),
    # Lotteries, public notices and objections to them
    "frozen": StateLook(_l("List frozen"), "info", "lock"),
    "drawn": StateLook(_l("Drawn by lot"), "success", "shield-check"),
    "applied": StateLook(_l("Applied"), *_GOOD),
    "replaced": StateLook(_l("Replaced"), "neutral", "archive"),
    "place": StateLook(_l("Place"), *_GOOD),
    "waiting": StateLook(_l("In line"), "accent", "hourglass-split"),
    "taken_down": StateLook(_l("Taken down"), "neutral", "archive"),
    "answered": StateLook(_l("Answered"), "success", "check2"),
    "upheld": StateLook(_l("Upheld"), "warning", "exclamation-triangle-fill"),
    "dismissed": StateLook(_l("Dismissed"), "neutral", "slash-circle"),
    # Entry windows
    "upcoming": StateLook(_l("Not yet open"), "info", "clock"),
    "open": StateLook(_l("Open"), "success", "unlock"),
    "closed": StateLook(_l("Closed"), "neutral", "lock"),
    # Accounts, tokens, consents
    "invited": StateLook(_l("Invited"), "info", "envelope"),
    "active": StateLook(_l("Active"), *_GOOD),
    "locked": StateLook(_l("Locked"), "warning", "lock"),
    "ended": StateLook(_l("Ended"), "neutral", "slash-circle"),
    "expired": StateLook(_l("Expired"), "neutral", "clock-history"),
    "revoked": StateLook(_l("Revoked"), "danger", "slash-circle"),
    "given": StateLook(_l("Given"), *_GOOD),
    "consent_given": StateLook(_l("Given"), *_GOOD),
    "consent_refused": StateLook(_l("Refused"), *_BAD),
    "consent_missing": StateLook(_l("Not answered yet"), "warning", "exclamation-triangle-fill"),
    "consent_outdated": StateLook(_l("Asked again: the text is new"), "warning", "arrow-repeat"),
    "consent_at_school": StateLook(_l("Declared by the school"), "info", "building"),
    "missing": StateLook(_l("Missing"), "warning", "exclamation-triangle-fill"),
}


def state_look(state: object) -> StateLook:
    """Return the look of a state, given as enum member or stored word.

    A state that is not in the table shows its own word in neutral colours, never as an error.
    """
    word = str(getattr(state, "value", state))
    return _LOOKS.get(word) or StateLook(word)
