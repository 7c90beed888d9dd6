"""The engine's rules in words: what is broken, what collides, what is too short."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from scheduler.formats import format_day, listed, local, named, venue_name
from scheduler.scheduling.activities.planning import BOUNDS, PLACE_FOR
from scheduler.scheduling.activities.planning import RULE_ID as ACTIVITY_ID
from scheduler.scheduling.engine.catalogue import Following
from scheduler.scheduling.engine.delay import DELAY
from scheduler.scheduling.engine.present import NOTICE
from scheduler.scheduling.happenings.absences import ABSENCE, RESERVE
from scheduler.scheduling.parties.busy_texts import STAFF_BROKEN, STAFF_RULES, busy_sentence
from scheduler.scheduling.parties.staff_attending import BREAKS
from scheduler.scheduling.rules.stating import COMPACT
from scheduler.scheduling.situation import ARRIVAL, PRIMARY_END, Situation
from scheduler.scheduling.stated_texts import STATED_BROKEN, STATED_RULES

BROKEN: dict[str, LazyString] = {
    "left": _l("%(name)s is no longer accepted, but still has a time. Remove it from the draft."),
    "gone": _l("%(name)s is no longer planned, but still has a time. Remove it from the draft."),
    BOUNDS: _l("%(groups)s would be from %(start)s to %(end)s, outside of the times set for it."),
    PLACE_FOR: _l("%(groups)s is in %(venues)s, which is none of the venues chosen for it."),
    "room_number": _l(
        "%(groups)s is in warm-up room %(room)s, but %(venues)s has only %(count)s. Deal the rooms "
        "anew."
    ),
    "unplaced": _l("%(groups)s has no time yet."),
    "stage_size": _l(
        "%(groups)s needs a stage for %(size)s, but the stage of %(venues)s holds %(stage_size)s."
    ),
    "stage_overlap": _l("%(groups)s overlap on the stage of %(venues)s by %(minutes)s min."),
    "room_capacity": _l(
        "%(venues)s has %(count)s warm-up rooms, but from %(start)s on %(needed)s groups warm up "
        "there: %(groups)s."
    ),
    "opening_hours": _l(
        "%(groups)s needs %(venues)s from %(start)s to %(end)s; it is not open all that time."
    ),
    "closure": _l(
        "%(groups)s would be in %(venues)s while it is closed (%(closed_from)s to "
        "%(closed_until)s)."
    ),
    ARRIVAL: _l(
        "%(groups)s would be there from %(start)s to %(end)s, but has not arrived or has left."
    ),
    PRIMARY_END: _l("%(groups)s is a primary school group and would end too late: %(end)s."),
    ABSENCE: _l(
        "%(groups)s would be there from %(start)s to %(end)s, but the school or somebody of the "
        "group is away."
    ),
    "party_clash": _l(
        "%(persons_are)s in %(groups)s, with %(minutes)s min between them; the way alone "
        "takes %(travel_minutes)s min."
    ),
    "party_overlap": _l("%(persons_are)s in %(groups)s at once: these overlap by %(minutes)s min."),
    "party_rest": _l(
        "%(persons_are)s in %(groups)s and would rest %(minutes)s min; they need "
        "%(needed_minutes)s min."
    ),
    "party_busy": _l("People in %(groups)s are busy elsewhere until %(busy_until)s."),
    "block_venues": _l("%(category)s is split over %(venues)s; one jury stays in one venue."),
    "block_interrupted": _l("%(groups)s stands in the middle of the block of %(category)s."),
    "block_sessions": _l("%(category)s is split over several sessions; one jury hears it in one."),
    "block_idle": _l("The block of %(category)s has %(minutes)s idle minutes."),
    "lock": _l("%(groups)s is not where it is locked."),
    "grid": _l("%(groups)s does not start on a full step of %(grid)s min."),
}

RULES: dict[str, LazyString] = {
    "unplaced": _l("%(groups)s must take place."),
    "stage_size": _l("Groups stand on a stage that is large enough for them (%(venues)s)."),
    "stage_overlap": _l("One group at a time on the stage of %(venues)s, changeover included."),
    "room_capacity": _l("No more groups warm up in %(venues)s at once than it has rooms."),
    PLACE_FOR: _l("%(groups)s is only in the venues chosen for it."),
    "opening_hours": _l("%(venues)s is used only during its opening hours."),
    "closure": _l("%(venues)s is not used while it is closed."),
    "time_limit_primary": _l("Primary school groups end in time in the evening."),
    "time_limit": _l("Groups from %(region)s take part only between arrival and departure."),
    "party_clash": _l("People in %(groups)s cannot be in two places at once."),
    "party_rest": _l("People in %(groups)s rest between their performances."),
    "party_busy": _l("People in %(groups)s have another engagement."),
    "block": _l("%(category)s is heard in one block, in one venue, by one jury."),
    "lock": _l("%(groups)s is locked to its place or time."),
    "grid": _l("Times start on full steps."),
}

FINDINGS: dict[str, LazyString] = {
    "no_stage_fits": _l("No stage is large enough for %(groups)s (%(size)s on stage)."),
    "no_time_fits": _l(
        "There is no open time at any fitting venue in which %(groups)s may be there."
    ),
    "stage_minutes_short": _l(
        "%(count)s groups (%(categories)s) need %(needed_minutes)s min on a stage for %(size)s; "
        "left are %(available_minutes)s min (%(venues)s)."
    ),
    "stage_minutes_short_primary": _l(
        "%(count)s primary school groups (%(categories)s) need %(needed_minutes)s min on a stage "
        "for %(size)s before their latest end; left are %(available_minutes)s min (%(venues)s)."
    ),
    "stage_minutes_short_stay": _l(
        "%(count)s travelled groups (%(categories)s) need %(needed_minutes)s min on a stage for "
        "%(size)s between arrival and departure; left are %(available_minutes)s min (%(venues)s)."
    ),
    "room_minutes_short": _l(
        "Warming up takes %(needed_minutes)s min in all; the warm-up rooms have "
        "%(available_minutes)s min (%(venues)s)."
    ),
    "block_too_long": _l(
        "%(category)s takes %(needed_minutes)s min in one block; the longest open session has "
        "%(available_minutes)s min."
    ),
    "blocks_per_session": _l(
        "Each of these blocks fills more than half a session: %(categories)s. There are "
        "%(needed_minutes)s of them for %(available_minutes)s sessions (%(venues)s)."
    ),
    "party_minutes_short": _l(
        "%(persons_are)s in %(count)s groups (%(groups)s): with the rests that takes "
        "%(needed_minutes)s min, and they have %(available_minutes)s min."
    ),
}

_INSTANTS = frozenset(
    {"start", "end", "closed_from", "closed_until", "busy_from", "busy_until", "latest", "earliest"}
)

HAPPENED: dict[str, LazyString] = {
    ABSENCE: _l("Groups whose school or people are away take part before or after."),
    NOTICE: _l("Nobody is called earlier than they were told without notice."),
    RESERVE: _l("What is cancelled goes into the reserve times."),
    DELAY: _l("Who is delayed comes later by as much."),
    BOUNDS: _l("%(groups)s keeps within the times set for it."),
}
"""Limits on time that have sentences of their own: of what happened, and of activities."""

NAMED_AT_MOST = 3
"""So many groups are called by name where a reason holds for many."""


class Names:
    """What the ids of a situation are called in the reader's language."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._groups: dict[str, str] = {ref: item.title for ref, item in situation.items.items()}
        for item in situation.items.values():
            if item.activity is not None:
                self._groups.setdefault(item.activity.ref, item.activity_title)
        self._venues: dict[str, str] = {
            code: venue_name(venue) for code, venue in situation.venues.items()
        }
        self._categories = {
            group.category.code: named(group.category.names)
            for item in situation.items.values()
            for group in item.groups
        }

    def groups(self, ids: Iterable[Any]) -> str:
        """Return the group names among the ids; a party's id holds those of its groups."""
        refs = [ref for id_ in ids for ref in _plain(str(id_)).split("+")]
        found = dict.fromkeys(self._groups[ref] for ref in refs if ref in self._groups)
        return listed(found) or listed(dict.fromkeys(str(id_) for id_ in ids))

    def venues(self, ids: Iterable[Any]) -> str:
        """Return the venue names among the ids."""
        return listed(self._venues[str(id_)] for id_ in ids if str(id_) in self._venues)

    def all_venues(self) -> str:
        """Return every venue's name."""
        return listed(self._venues.values())

    def categories(self, ids: Iterable[Any]) -> str:
        """Return the category names among the ids."""
        return listed(self._categories[str(id_)] for id_ in ids if str(id_) in self._categories)

    def busy(self, ids: list[str], facts: Mapping[str, Any]) -> str | None:
        """Say what the people of a party are busy with while their group has its place."""
        party, *groups = ids
        group, people = self.groups(groups), self.people([party])
        return busy_sentence(self._situation, party, group, facts, names=people)

    def people(self, ids: Iterable[Any]) -> str:
        """Return the names of the staff for whom parties stand, and rules about their days."""
        parties = [str(id_).removeprefix(BREAKS).removeprefix(COMPACT) for id_ in ids]
        staff = self._situation.staff
        return listed(each.name for party in parties for each in staff.get(party, ()))

    def moment(self, minute: int) -> str:
        """Return day and local time of one of the engine's minutes."""
        timescale = self._situation.timescale
        wall = local(timescale.instant(minute), timescale.zone)
        return f"{format_day(wall.date())} {wall:%H:%M}"


def _plain(id_: str) -> str:
    """Return an id without the word that says what it is of an activity."""
    return id_.removeprefix(PLACE_FOR).removeprefix(f"{BOUNDS} ")


def region_name(region: str) -> str:
    """Return where groups of a region come from."""
    known = {"GZ": _("Guangzhou"), "HK": _("Hong Kong"), "MO": _("Macao"), "OVERSEAS": _("abroad")}
    return str(known.get(region, region))


def broken_sentence(code: str, ids: Iterable[str], facts: Mapping[str, Any], names: Names) -> str:
    """Return the sentence of a broken rule."""
    ids = list(ids)
    if code == "party_busy" and (said := names.busy(ids, facts)):
        return said
    code, facts = _overlap(code, facts)
    if code in STAFF_BROKEN and names.people(ids):
        return _filled(STAFF_BROKEN[code], ids, facts, names)
    if code == "stated":
        if _orders_activity(ids, facts):
            return _ordered(ids[-2:], names)
        return _filled(STATED_BROKEN[str(facts["rule"])], ids, facts, names)
    if code == "time_limit":
        # The rule's own id may name a whole activity, of which this is one turn.
        code, ids = str(facts.get("rule", code)), ids[1:]
    elif code == "block":
        code = f"block_{facts.get('reason', 'venues')}"
    elif str(facts.get("room", "")).startswith(PLACE_FOR):
        code = PLACE_FOR
    return _filled(BROKEN[code], ids, facts, names)


def _overlap(code: str, facts: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Tell a clash within which no time is left from one with too little for the way."""
    if code == "party_clash" and facts["minutes"] < 0:
        return "party_overlap", {**facts, "minutes": -facts["minutes"]}
    return code, facts


def reason_sentence(code: str, ids: Iterable[str], facts: Mapping[str, Any], names: Names) -> str:
    """Return the sentence of a colliding rule or of a count that cannot come out."""
    if code == "time_limit" and "primary" in ids:
        code = "time_limit_primary"
    elif code == "time_limit" and facts.get("rule") in HAPPENED:
        return _filled(HAPPENED[str(facts["rule"])], ids, facts, names)
    elif code == "stage_minutes_short" and facts.get("limit"):
        code += "_primary" if facts["limit"] == "primary" else "_stay"
    elif code == "room_capacity" and any(str(id_).startswith(PLACE_FOR) for id_ in ids):
        code = PLACE_FOR
    if code == "stated":
        if _orders_activity(list(ids), facts):
            return _ordered(list(ids)[-2:], names)
        return _filled(STATED_RULES[str(facts["rule"])], ids, facts, names)
    text = FINDINGS.get(code) or RULES[code]
    if code in STAFF_RULES and names.people(ids):
        text = STAFF_RULES[code]
    return _filled(text, ids, facts, names)


def _orders_activity(ids: list[str], facts: Mapping[str, Any]) -> bool:
    return facts["rule"] == Following.kind and ids[0].startswith(f"{ACTIVITY_ID} ")


def _ordered(pair: list[str], names: Names) -> str:
    first, then = (names.groups([id_]) for id_ in pair)
    return str(_("%(first)s has to be over before %(then)s begins.", first=first, then=then))


def grouped_reasons(reasons: Iterable[Mapping[str, Any]], names: Names) -> list[str]:
    """Return a sentence for each of the reasons; what is true of many groups is said once."""
    merged: dict[str, tuple[str, list[Any], Mapping[str, Any]]] = {}
    for one in reasons:
        # When all venues are closed, every single group is without a fitting time.
        key = one["code"] if one["code"] == "no_time_fits" else repr(one)
        merged.setdefault(key, (one["code"], [], one["facts"]))[1].extend(one["ids"])
    return [_reason_of_many(code, ids, facts, names) for code, ids, facts in merged.values()]


def _reason_of_many(code: str, ids: list[Any], facts: Mapping[str, Any], names: Names) -> str:
    if code != "no_time_fits" or len(ids) <= NAMED_AT_MOST:
        return reason_sentence(code, ids, facts, names)
    text = ngettext(
        "There is no open time at any fitting venue for %(num)s group, such as %(groups)s.",
        "There is no open time at any fitting venue for %(num)s groups, such as %(groups)s.",
        len(ids),
        groups=names.groups(ids[:NAMED_AT_MOST]),
    )
    return str(text)


def _filled(text: LazyString, ids: Iterable[str], facts: Mapping[str, Any], names: Names) -> str:
    ids = list(ids)
    venues = [*ids, *_listed_fact(facts, "venues")]
    values: dict[str, Any] = {
        key: names.moment(value) if key in _INSTANTS and isinstance(value, int) else value
        for key, value in facts.items()
    }
    values["groups"] = names.groups([id_ for id_ in ids if not names.venues([id_])])
    values["venues"] = names.venues(venues) or names.all_venues()
    values["category"] = names.categories(ids)
    values["categories"] = (
        names.categories([*ids, *_listed_fact(facts, "blocks")]) or values["groups"]
    )
    values["people"] = names.people(ids) or _("Somebody of the staff")
    if "persons" in facts:
        values["persons_are"] = ngettext(
            "%(num)s person is", "%(num)s people are", int(facts["persons"])
        )
    values["region"] = listed(region_name(id_) for id_ in ids)
    return str(text) % values


def _listed_fact(facts: Mapping[str, Any], key: str) -> list[Any]:
    fact = facts.get(key)
    return list(fact) if isinstance(fact, list | tuple) else []
