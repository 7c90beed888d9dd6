"""Reach guardians: one mail per address with all children, slips for families without mail."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import and_, select

from scheduler.access.permissions import Actor
from scheduler.audit import services as audit
from scheduler.consents import links
from scheduler.consents.models import GuardianAsk, GuardianLink
from scheduler.consents.progress import SchoolPart, Stand, pupils_of, stands
from scheduler.consents.refusals import ConsentRefusal
from scheduler.consents.services import asked_purposes, rules_of
from scheduler.database import db
from scheduler.errors import NotFound, Refused
from scheduler.notifications import services as notifications
from scheduler.organisations.models import School
from scheduler.people.models import Guardian, Guardianship, Person

REQUEST = "consents.request"
REMINDER = "consents.reminder"


@dataclass(slots=True)
class Waiting:
    """A guardian of whom an answer is missing, for which children, and when asked before."""

    guardian: Guardian
    ask: GuardianAsk | None
    children: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return the mail address as addresses are told apart; blank if there is none."""
        return (self.guardian.email or "").strip().lower()


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whom a click would reach now: addresses due, those mailed too recently, and the rest."""

    due: dict[str, list[Waiting]]
    recent: dict[str, list[Waiting]]
    without_mail: list[Waiting]
    next_at: dt.datetime | None

    @property
    def waiting(self) -> list[Waiting]:
        """Return everybody whose answer is missing."""
        groups = (*self.due.values(), *self.recent.values(), self.without_mail)
        return [each for group in groups for each in group]


def outlook(part: SchoolPart, group: str, *, now: dt.datetime) -> Outlook:
    """Return whom a request or reminder would reach now; three queries, nothing is made.

    An address is due when no mail about this programme went there within the reminder days.
    """
    pause = dt.timedelta(days=rules_of(part.programme).reminder_days)
    by_address: defaultdict[str, list[Waiting]] = defaultdict(list)
    for each in _waiting(part, group):
        by_address[each.address].append(each)
    without_mail = by_address.pop("", [])
    due, recent, soonest = {}, {}, []
    for address, family in by_address.items():
        mailed = [each.ask.mailed_at for each in family if each.ask and each.ask.mailed_at]
        if mailed and max(mailed) + pause > now:
            recent[address] = family
            soonest.append(max(mailed) + pause)
        else:
            due[address] = family
    return Outlook(due, recent, without_mail, min(soonest, default=None))


def mail_guardians(
    part: SchoolPart,
    group: str,
    *,
    actor: Actor,
    secret_key: str | bytes,
    public_url: str,
    now: dt.datetime,
) -> int:
    """Queue one mail per address that is due, with the pages of all its children; return how many.

    Whoever was mailed within the reminder days is left out, also when two officers click at once.
    Names and addresses stand in the mail's sealed part. Raises `Refused` while the programme asks
    for nothing.
    """
    _demand_asked(part)
    lock_school(part)
    reached = outlook(part, group, now=now).due
    guardians = [each.guardian for family in reached.values() for each in family]
    links_by_id = links.make_links(
        guardians, locale=part.school.locale, secret_key=secret_key, now=now
    )
    for address, family in reached.items():
        _mail(part, address, family, links_by_id, secret_key, public_url, now)
    note("consents:mail", part, actor, now, group=group, mails=len(reached))
    return len(reached)


def prepare_slips(
    part: SchoolPart,
    group: str,
    *,
    is_for_all: bool,
    actor: Actor,
    secret_key: str | bytes,
    now: dt.datetime,
) -> int:
    """Make the pages of those who wait without a mail address (or of all who wait); return how
    many. Whoever gets a slip counts as asked.
    """
    _demand_asked(part)
    lock_school(part)
    found = outlook(part, group, now=now)
    chosen = found.waiting if is_for_all else found.without_mail
    links.make_links(
        [each.guardian for each in chosen],
        locale=part.school.locale,
        secret_key=secret_key,
        now=now,
    )
    for each in chosen:
        _note(part, each, now).slip_at = now
    db.session.flush()
    note("consents:slips", part, actor, now, group=group, slips=len(chosen))
    return len(chosen)


@dataclass(frozen=True, slots=True)
class Slip:
    """A guardian's slip: whose it is, for which children, and the page's path."""

    link: GuardianLink
    guardian: Guardian
    children: list[str]
    path: str


def slips_of(
    part: SchoolPart, group: str, *, is_for_all: bool, secret_key: str | bytes
) -> list[Slip]:
    """Return the slips of guardians who have a page, by the first child's name.

    Without `is_for_all` those who have a mail address are left out.
    """
    found: dict[int, tuple[Guardian, list[str]]] = {}
    for guardian, name in _guardians_with_children(part, group):
        if is_for_all or not guardian.email:
            found.setdefault(guardian.id, (guardian, []))[1].append(name)
    live = links.live_links(found)
    return [
        Slip(live[key], guardian, children, links.path_of(live[key], secret_key))
        for key, (guardian, children) in found.items()
        if key in live
    ]


def replace_link(
    part: SchoolPart, stamp: str, *, actor: Actor, secret_key: str | bytes, now: dt.datetime
) -> Guardian:
    """End a guardian's page and make a new one: a slip was lost, or passed on.

    Raises `NotFound` for a guardian without a pupil in this part.
    """
    own = {guardian.id for guardian, _ in _guardians_with_children(part, "")}
    link = next((each for each in links.live_links(own).values() if each.stamp == stamp), None)
    if link is None:
        raise NotFound
    links.replace(link, secret_key=secret_key, now=now)
    note("consents:replace_link", part, actor, now, guardian=link.guardian_id)
    return link.guardian


def _waiting(part: SchoolPart, group: str) -> list[Waiting]:
    standing = stands(part.programme, pupils_of(part.programme.id, part.school.id, group))
    open_ids = select(standing.c.person_id).where(standing.c.state == Stand.MISSING)
    rows = db.session.execute(
        select(Guardian, GuardianAsk, Person.name)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Person, Guardianship.person_id == Person.id)
        .outerjoin(
            GuardianAsk,
            and_(
                GuardianAsk.guardian_id == Guardian.id,
                GuardianAsk.programme_id == part.programme.id,
            ),
        )
        .where(Guardian.school_id == part.school.id, Person.id.in_(open_ids))
        .order_by(Person.sort_key, Person.name, Person.id, Guardian.id)
    )
    found: dict[int, Waiting] = {}
    for guardian, ask, name in rows:
        found.setdefault(guardian.id, Waiting(guardian, ask)).children.append(name)
    return list(found.values())


def _guardians_with_children(part: SchoolPart, group: str) -> list[tuple[Guardian, str]]:
    rows = db.session.execute(
        select(Guardian, Person.name)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Person, Guardianship.person_id == Person.id)
        .where(
            Guardian.school_id == part.school.id,
            Person.id.in_(pupils_of(part.programme.id, part.school.id, group)),
        )
        .order_by(Person.sort_key, Person.name, Person.id, Guardian.id)
    )
    return [(guardian, name) for guardian, name in rows]


def _mail(
    part: SchoolPart,
    address: str,
    family: list[Waiting],
    links_by_id: dict[int, GuardianLink],
    secret_key: str | bytes,
    public_url: str,
    now: dt.datetime,
) -> None:
    first = family[0].guardian
    pages = [
        f"{', '.join(each.children)}\n"
        f"{public_url}{links.path_of(links_by_id[each.guardian.id], secret_key)}"
        for each in family
    ]
    asks = [_note(part, each, now) for each in family]
    is_reminder = any(ask.mails for ask in asks)
    notifications.queue(
        REMINDER if is_reminder else REQUEST,
        to_address=first.email or address,
        to_name=first.name,
        locale=links_by_id[first.id].locale,
        now=now,
        facts={"programme": part.programme.names, "school": part.school.name},
        secrets={"pages": "\n\n".join(pages)},
        about=part.school.code,
        programme_id=part.programme.id,
    )
    for ask in asks:
        ask.mailed_at = now
        ask.mails += 1


def _note(part: SchoolPart, waiting: Waiting, now: dt.datetime) -> GuardianAsk:
    if waiting.ask is None:
        waiting.ask = GuardianAsk(
            programme_id=part.programme.id,
            guardian_id=waiting.guardian.id,
            asked_at=now,
            mails=0,
        )
        db.session.add(waiting.ask)
    return waiting.ask


def _demand_asked(part: SchoolPart) -> None:
    if not asked_purposes(part.programme.id):
        raise Refused(ConsentRefusal.NOTHING_ASKED)


def lock_school(part: SchoolPart) -> None:
    """Let one at a time write to the guardians of a school."""
    db.session.execute(select(School.id).where(School.id == part.school.id).with_for_update())


def note(action: str, part: SchoolPart, actor: Actor, now: dt.datetime, **facts: object) -> None:
    """Note in the audit log what was done with a school's part of a programme."""
    audit.record(
        action,
        account_id=actor.account_id,
        subject_type="school",
        subject_ref=part.school.code,
        now=now,
        programme=part.programme.code,
        **facts,
    )
