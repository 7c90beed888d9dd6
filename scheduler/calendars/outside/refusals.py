"""Why a calendar from outside is not taken; sentences in `texts` beside this."""

from enum import StrEnum


class Refusal(StrEnum):
    """Codes of what is wrong with an address, with what it answered, or with a file."""

    NO_ADDRESS = "outside_no_address"
    SCHEME = "outside_scheme"
    PORT = "outside_port"
    UNKNOWN_HOST = "outside_unknown_host"
    PRIVATE_HOST = "outside_private_host"
    UNREACHABLE = "outside_unreachable"
    TOO_SLOW = "outside_too_slow"
    TOO_MANY_REDIRECTS = "outside_too_many_redirects"
    STATUS = "outside_status"
    ENCODING = "outside_encoding"
    TOO_LARGE = "outside_too_large"
    NO_CALENDAR = "outside_no_calendar"
    TOO_MANY_EVENTS = "outside_too_many_events"
    TOO_FREQUENT = "outside_too_frequent"
    TOO_HARD = "outside_too_hard"
