"""The rules that a programme states, in words: what each asks for, and how it is broken."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

STATED_BROKEN: dict[str, LazyString] = {
    "one_day": _l("%(groups)s are spread over %(days)s days; they belong on one."),
    "spread_days": _l("%(groups)s lie on %(days)s days; they need at least %(needed_days)s."),
    "days_apart": _l("%(groups)s lie on the same day; they belong on different ones."),
    "in_order": _l("%(groups)s do not begin in the order that was set."),
    "following": _l("There are %(minutes)s min between %(groups)s; that is not what was agreed."),
    "one_venue": _l("%(groups)s are spread over %(venues)s; they belong in one venue."),
    "seats": _l("%(groups)s needs %(size)s seats, but %(venues)s has %(seats)s."),
    "breaks": _l(
        "%(people)s would be needed for %(minutes)s min from %(start)s on without a break of "
        "%(break_minutes)s min; at most %(most_minutes)s min are right."
    ),
    "compact_days": _l(
        "%(people)s would have %(minutes)s min without a group on the day that begins at "
        "%(start)s; %(pause_minutes)s min are right."
    ),
    "few_early": _l(
        "%(groups)s begin in the first %(early_minutes)s min of a day; early slots for so many "
        "groups are right: %(most)s."
    ),
    "in_company": _l("%(groups)s stands alone on its day, away from what it belongs to."),
    "own_session": _l("%(groups)s share a session; they do not belong together."),
    "unwanted_sessions": _l("%(groups)s is in a session that was not wished for (%(venues)s)."),
    "one_venue_a_round": _l("%(groups)s lie side by side in %(venues)s; they belong in one venue."),
    "rounds_in_a_row": _l("The sessions of %(groups)s do not follow each other."),
    "not_beside": _l("%(groups)s lie side by side in different venues."),
    "numbered": _l("%(groups)s is number %(number)s; it was to be number %(needed_number)s."),
}

STATED_RULES: dict[str, LazyString] = {
    "one_day": _l("%(groups)s lie on one day."),
    "spread_days": _l("%(groups)s are spread over enough days."),
    "days_apart": _l("%(groups)s lie on different days."),
    "in_order": _l("%(groups)s begin in the order that was set."),
    "following": _l("%(groups)s follow each other with the time between them that was agreed."),
    "one_venue": _l("%(groups)s are in one venue."),
    "seats": _l("Everybody in %(groups)s has a seat."),
    "breaks": _l("%(people)s has breaks."),
    "compact_days": _l("%(people)s does not wait long between groups."),
    "few_early": _l("%(groups)s share out their early slots, also with the edition before."),
    "in_company": _l("%(groups)s lie next to each other, none of them alone on a day."),
    "own_session": _l("%(groups)s have their sessions to themselves."),
    "unwanted_sessions": _l("%(groups)s lie in sessions that suit them."),
    "one_venue_a_round": _l("%(groups)s lie in one venue at a time."),
    "rounds_in_a_row": _l("%(groups)s lie in sessions that follow each other."),
    "not_beside": _l("%(groups)s do not lie side by side in different venues."),
    "numbered": _l("%(groups)s have the numbers that they were given."),
}
