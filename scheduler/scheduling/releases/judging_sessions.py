"""When jurors judge: the sessions of a published timetable, as entries of their own.

A juror's calendar says where to be from when to when, not which group is on stage meanwhile.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from scheduler.accounts.duty_calendars import account_audience
from scheduler.accounts.models import Account
from scheduler.calendars.entries import EntryDraft, EntryKind, EntryText, Scope
from scheduler.formats import local, named_in
from scheduler.languages import LOCALES
from scheduler.organisations.models import Names
from scheduler.programmes.models import Programme, Venue
from scheduler.scheduling.items import names_of
from scheduler.scheduling.parties.staff_attending import invites
from scheduler.scheduling.parties.staff_models import Duty, StaffMember
from scheduler.scheduling.releases.entries import geo_of, location_of
from scheduler.scheduling.releases.wording import entry_words
from scheduler.scheduling.timetable import Performance

LONGEST_PAUSE = dt.timedelta(minutes=60)
"""After a longer one jurors are asked to come again: another session begins."""

Cause = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of time in which the same jurors judge at one venue.

    `key` is made of what is judged and the session's number, so that one that moves stays the same
    entry in calendars.
    """

    key: str
    names: Names
    venue: Venue
    starts_at: dt.datetime
    ends_at: dt.datetime
    jurors: tuple[StaffMember, ...]


def judging_scope(programme: Programme) -> Scope:
    """Return the source under which a programme's judging sessions are published."""
    return Scope("judging", programme.code)


def sessions_of(
    programme: Programme, lines: Iterable[Performance], staff: Iterable[StaffMember]
) -> list[Session]:
    """Return the sessions of jurors who can be written to, in an order that stays."""
    jurors = [each for each in staff if each.duty is Duty.JUROR and each.email]
    lines_by_cause: defaultdict[Cause, list[Performance]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.starts_at, line.item.ref)):
        lines_by_cause[_cause(line)].append(line)
    return [
        session
        for cause, own in sorted(lines_by_cause.items(), key=lambda pair: str(pair[0]))
        for session in _sessions(cause, own, jurors, programme.timezone)
    ]


def session_draft(
    programme: Programme, session: Session, accounts: Mapping[str, Account]
) -> EntryDraft:
    """Return a session as calendars get it; `accounts` are those of its jurors, by address."""
    own = [accounts.get(str(juror.email).lower()) for juror in session.jurors]
    return EntryDraft(
        key=session.key,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=programme.timezone,
        texts={locale: _text(programme, session, locale) for locale in LOCALES},
        audiences=frozenset(account_audience(account) for account in own if account),
        geo=geo_of(session.venue),
        kind=EntryKind.MEETING,
    )


def _cause(line: Performance) -> Cause:
    """Return what is judged: an activity, or the performances of a category."""
    if line.item.activity is not None:
        return "activity", line.item.activity.ref
    return "category", line.item.groups[0].category_id


def _sessions(
    cause: Cause, lines: list[Performance], jurors: list[StaffMember], zone: str
) -> Iterator[Session]:
    own = tuple(juror for juror in jurors if _judges(juror, lines[0]))
    if not own:
        return
    for number, run in enumerate(_runs(lines, zone), start=1):
        venue = run[0].venue
        if venue is None:
            continue
        yield Session(
            key=f"judging:{cause[0]}:{cause[1]}:{number}",
            names=_names(run[0]),
            venue=venue,
            starts_at=run[0].starts_at,
            ends_at=max(line.ends_at for line in run),
            jurors=own,
        )


def _judges(juror: StaffMember, line: Performance) -> bool:
    if line.item.activity is not None:
        return invites(line.item.activity, juror.duty)
    return line.item.groups[0].category_id in {each.id for each in juror.categories}


def _names(line: Performance) -> Names:
    activity = line.item.activity
    return line.item.about if activity is None else names_of(activity)


def _runs(lines: list[Performance], zone: str) -> Iterator[list[Performance]]:
    """Yield what follows on each other at one venue on one day, without a long pause."""
    run: list[Performance] = []
    for line in lines:
        if run and not _follows(run[-1], line, zone):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _follows(before: Performance, line: Performance, zone: str) -> bool:
    is_there = before.venue is not None and line.venue is not None
    same_place = is_there and before.venue is line.venue
    same_day = local(before.starts_at, zone).date() == local(line.starts_at, zone).date()
    return same_place and same_day and line.starts_at - before.ends_at <= LONGEST_PAUSE


def _text(programme: Programme, session: Session, locale: str) -> EntryText:
    words = entry_words(locale)
    about = named_in(session.names, locale)
    told = words.programme % {"programme": named_in(programme.names, locale)}
    return EntryText(
        words.judging % {"what": about}, location_of(session.venue, locale), (about, told), about
    )
