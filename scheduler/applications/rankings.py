"""Ranks that the reviewers of a level give: the order of a category, ties, and decisions from it.

Whoever decides at a level orders what waits there for their decision: a district its own schools'
entries, the organiser all that have come so far. No Flask here.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from scheduler.access.permissions import Actor, Permission, Role, is_own_case
from scheduler.applications import levels, queues
from scheduler.applications.decisions import Decision
from scheduler.applications.models import Application
from scheduler.applications.ordered_decisions import Choice, asked_in_order, check_choice
from scheduler.applications.quota_line import reached, within_quota
from scheduler.applications.ranking_models import EntryRank
from scheduler.applications.steps import LONGEST_TEXT, lock_category
from scheduler.applications.workflow import Refusal, State
from scheduler.audit import services as audit
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.organisations.models import School
from scheduler.programmes.approval import ApprovalLevel, LevelKind
from scheduler.programmes.models import Category


@dataclass(frozen=True, slots=True)
class Remit:
    """A category at a level, as far as somebody decides on it."""

    category: Category
    level: ApprovalLevel | None
    actor: Actor

    @property
    def level_id(self) -> int | None:
        """Return the level's key; None for the organiser of a programme without levels."""
        return self.level.id if self.level is not None else None


@dataclass(frozen=True, slots=True)
class RankedRow:
    """An entry in its place; `below` is its rank at the highest level that has passed it on.

    `is_tied` tells that others have the same rank, and nobody has said who comes first.
    `is_within` is None for whoever sees blind: who is over a quota shares it with those above.
    """

    application: Application
    rank: int | None
    below: int | None
    is_tied: bool
    is_within: bool | None
    tie_reason: str = ""


@dataclass(frozen=True, slots=True)
class RankedTable:
    """The order of a remit: the ranked first, then the others as they were submitted."""

    rows: list[RankedRow]

    @property
    def candidates(self) -> list[RankedRow]:
        """Return those that have a rank."""
        return [row for row in self.rows if row.rank is not None]

    @property
    def within(self) -> int:
        """Return how many from the top get a place without a gap."""
        return reached(row.is_within for row in self.candidates)

    @property
    def ties(self) -> dict[int, list[RankedRow]]:
        """Return the rows of each rank that is still tied."""
        found: dict[int, list[RankedRow]] = {}
        for row in self.rows:
            if row.is_tied and row.rank is not None:
                found.setdefault(row.rank, []).append(row)
        return found

    @property
    def fingerprint(self) -> str:
        """Return what changes with every rank and with whoever comes or goes."""
        said = [(row.application.ref, row.rank, row.is_tied) for row in self.rows]
        return sha256(repr(said).encode()).hexdigest()[:16]


def remit_of(actor: Actor, category: Category, word: str = "") -> Remit:
    """Return what the actor orders in a category: at the level asked for, or their first one.

    Raises `NotFound` for whoever decides at no level of the programme.
    """
    known = levels.levels_of(category.programme_id)
    if category.programme_id in actor.scope_ids(Role.COORDINATOR):
        last = next((level for level in known if level.kind is LevelKind.ORGANISER), None)
        return Remit(category, last, actor)
    served = levels.served_levels(actor, category.programme_id)
    found = next((level for level in served if level.kind == word), None)
    if found is None and not served:
        raise NotFound
    return Remit(category, found or served[0], actor)


def table_of(remit: Remit) -> RankedTable:
    """Return the order as it stands, in a constant number of queries."""
    applications = list(db.session.scalars(_waiting(remit)))
    ranks = _ranks(remit, applications)
    below = _ranks_below(remit, applications)
    tied = Counter((each.rank, each.tie_order) for each in ranks.values())
    ordered = sorted(applications, key=lambda each: _order(each, ranks.get(each.id)))
    is_blind = levels.sees_blind(remit.actor, remit.category.programme_id)
    ranked = [] if is_blind else [each for each in ordered if each.id in ranks]
    within = within_quota(remit.level, ranked)
    rows = []
    for each in ordered:
        rank = ranks.get(each.id)
        rows.append(
            RankedRow(
                application=each,
                rank=rank.rank if rank else None,
                below=below.get(each.id),
                is_tied=rank is not None and tied[rank.rank, rank.tie_order] > 1,
                is_within=None if is_blind else within.get(each.id, False),
                tie_reason=rank.tie_reason if rank else "",
            )
        )
    return RankedTable(rows)


def give_ranks(
    remit: Remit, given: Mapping[str, int | None], *, seen: str, now: dt.datetime
) -> None:
    """Set the ranks of these entries; None takes one away. A tie that changes is open again.

    Raises `Conflict` if the order is not the one that was seen, `NotAllowed` for the rank of an
    entry of one's own school.
    """
    table = _locked(remit, seen)
    changed = [row for row in table.rows if given.get(row.application.ref, row.rank) != row.rank]
    _demand_not_own(remit, changed)
    _write_ranks(remit, table, given, now)


def _write_ranks(
    remit: Remit, table: RankedTable, given: Mapping[str, int | None], now: dt.datetime
) -> None:
    known = _ranks(remit, [row.application for row in table.rows])
    touched: set[int] = set()
    for row in table.rows:
        ref = row.application.ref
        if ref not in given or given[ref] == row.rank:
            continue
        touched |= {rank for rank in (row.rank, given[ref]) if rank is not None}
        _set_rank(remit, row.application, known.get(row.application.id), given[ref])
    if not touched:
        return
    db.session.flush()
    for each in _ranks(remit, [row.application for row in table.rows]).values():
        if each.rank in touched:
            each.tie_order, each.tie_reason = None, ""
    _record("ranking:rank", remit, now, entries=len(given))


def move(remit: Remit, ref: str, step: int, *, seen: str, now: dt.datetime) -> None:
    """Exchange an entry with the one above (-1) or below (1); without a rank it becomes the last.

    Raises `Refused` between equal ranks, for which a reason is needed.
    """
    table = _locked(remit, seen)
    row = next((each for each in table.rows if each.application.ref == ref), None)
    if row is None:
        raise NotFound
    if row.rank is None:
        last = max((each.rank or 0 for each in table.rows), default=0)
        give_ranks(remit, {ref: last + 1}, seen=seen, now=now)
        return
    place = table.candidates.index(row) + step
    if not 0 <= place < len(table.candidates):
        return
    other = table.candidates[place]
    if other.rank == row.rank:
        raise Refused(Refusal.TIE_NEEDS_REASON, rank=row.rank)
    give_ranks(remit, {ref: other.rank, other.application.ref: row.rank}, seen=seen, now=now)


def break_tie(
    remit: Remit, rank: int, order: Sequence[str], *, reason: str, seen: str, now: dt.datetime
) -> None:
    """Say in which order entries of one rank come, and why; it stands in the audit log."""
    table = _locked(remit, seen)
    tied = table.ties.get(rank, [])
    if not reason.strip():
        raise Refused(Refusal.TIE_REASON_MISSING, field="reason")
    if len(reason) > LONGEST_TEXT:
        raise Refused(Refusal.TEXT_TOO_LONG, field="reason", most=LONGEST_TEXT)
    _demand_not_own(remit, tied)
    if sorted(order) != sorted(row.application.ref for row in tied):
        raise Refused(Refusal.TIE_ORDER_INCOMPLETE)
    known = _ranks(remit, [row.application for row in tied])
    id_by_ref = {row.application.ref: row.application.id for row in tied}
    for number, ref in enumerate(order, start=1):
        own = known[id_by_ref[ref]]
        own.tie_order, own.tie_reason = number, reason.strip()
    db.session.flush()
    _record("ranking:break_tie", remit, now, rank=rank, order=list(order), reason=reason.strip())


def take_over(remit: Remit, *, seen: str, now: dt.datetime) -> None:
    """Give each entry without a rank the one that it has from the level below."""
    table = _locked(remit, seen)
    given = {row.application.ref: row.below for row in table.rows if row.rank is None and row.below}
    _write_ranks(remit, table, given, now)


def asked_from_ranks(
    remit: Remit, choice: Choice, *, now: dt.datetime
) -> list[tuple[str, Decision]]:
    """Return the decisions on the ranked entries, from the top, and note who takes them.

    The caller applies them, each for itself. Raises `Conflict` if the order is not the one shown,
    `Refused` while ranks are tied.
    """
    lock_category(remit.category.id)
    table = table_of(remit)
    check_choice([row.application.ref for row in table.candidates], choice)
    if table.ties:
        raise Refused(Refusal.TIES_LEFT, ranks=", ".join(map(str, table.ties)))
    asked = asked_in_order(choice, remit.level)
    facts = {"count": choice.count, "waiting": choice.waiting, "rest": str(choice.rest or "")}
    _record("ranking:decide", remit, now, asked=len(asked), **facts)
    return asked


def _waiting(remit: Remit) -> Select[Application]:
    programme = remit.category.programme
    here = Application.level_id == remit.level_id
    if remit.level is None or remit.level.kind is LevelKind.ORGANISER:
        here = or_(here, Application.level_id.is_(None))
    return (
        select(Application)
        .join(School, Application.school_id == School.id)
        .where(
            queues.reach(remit.actor, programme),
            Application.category_id == remit.category.id,
            Application.state == State.SUBMITTED,
            here,
        )
        .options(
            joinedload(Application.school).joinedload(School.district),
            joinedload(Application.category),
        )
    )


def _order(application: Application, rank: EntryRank | None) -> tuple[object, ...]:
    submitted = (application.submitted_at or application.created_at, application.id)
    if rank is None:
        return (True, 0, 0, *submitted)
    return (False, rank.rank, rank.tie_order or 0, *submitted)


def _ranks(remit: Remit, applications: Sequence[Application]) -> dict[int, EntryRank]:
    query = select(EntryRank).where(
        EntryRank.application_id.in_([each.id for each in applications]),
        EntryRank.level_id.is_not_distinct_from(remit.level_id),
    )
    return {each.application_id: each for each in db.session.scalars(query)}


def _ranks_below(remit: Remit, applications: Sequence[Application]) -> dict[int, int]:
    if remit.level is None:
        return {}
    rows = db.session.execute(
        select(EntryRank.application_id, EntryRank.rank)
        .join(ApprovalLevel, ApprovalLevel.id == EntryRank.level_id)
        .where(
            EntryRank.application_id.in_([each.id for each in applications]),
            ApprovalLevel.position < remit.level.position,
        )
        .order_by(ApprovalLevel.position)
    )
    return {row.application_id: row.rank for row in rows}


def _set_rank(
    remit: Remit, application: Application, known: EntryRank | None, rank: int | None
) -> None:
    if rank is None:
        if known is not None:
            db.session.delete(known)
    elif known is not None:
        known.rank = rank
    else:
        own = {"application_id": application.id, "level_id": remit.level_id}
        db.session.add(EntryRank(rank=rank, tie_reason="", **own))


def _demand_not_own(remit: Remit, rows: Sequence[RankedRow]) -> None:
    """Raise `NotAllowed` if one of the entries is of a school that the actor acts for."""
    for row in rows:
        if is_own_case(remit.actor, Permission.APPLICATION_NOMINATE, row.application.subject):
            raise NotAllowed


def _locked(remit: Remit, seen: str) -> RankedTable:
    lock_category(remit.category.id)
    table = table_of(remit)
    if table.fingerprint != seen:
        raise Conflict
    return table


def _record(action: str, remit: Remit, now: dt.datetime, **facts: object) -> None:
    audit.record(
        action,
        account_id=remit.actor.account_id,
        subject_type="programme",
        subject_ref=remit.category.programme.code,
        now=now,
        category=remit.category.code,
        level=str(remit.level.kind) if remit.level else "organiser",
        **facts,
    )
