"""The calendar that a token opens, as it is stored, and what changed in it since a version."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from scheduler.calendars import tokens
from scheduler.calendars.models import FeedChange, Subscription
from scheduler.calendars.stored import UnreadableError
from scheduler.calendars.stored_items import StoredItem, items_of

ROOT = "/caldav/"
ITEM_SUFFIX = ".ics"


@dataclass(frozen=True)
class Collection:
    """One subscription as CalDAV shows it. `home` is also its reader's own address (principal)."""

    id: int
    ref: str
    name: str
    zone: str
    etag: str
    modified_at: dt.datetime
    version: int
    is_synced: bool
    is_revoked: bool
    body: bytes

    @property
    def home(self) -> str:
        """The path of what stands around the calendar."""
        return f"{ROOT}{self.ref}/"

    @property
    def path(self) -> str:
        """The path of the calendar itself."""
        return f"{self.home}timetable/"

    @cached_property
    def items(self) -> dict[str, StoredItem]:
        """What it holds, by UID."""
        return items_of(self.body)

    def path_of(self, uid: str) -> str:
        """Return the path of an item, of one that is no more as well."""
        return f"{self.path}{uid}{ITEM_SUFFIX}"

    def item_at(self, path: str) -> StoredItem | None:
        """Return the item at a path, if there is one."""
        if not (path.startswith(self.path) and path.endswith(ITEM_SUFFIX)):
            return None
        return self.items.get(path[len(self.path) : -len(ITEM_SUFFIX)])


@dataclass(frozen=True, slots=True)
class Change:
    """The step to a version of a calendar: which items it touched, and what stood before it."""

    version: int
    etag_before: str
    uids: list[str]


class StoredCollections:
    """The calendars of a database. All methods raise `UnreadableError` when it does not answer."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def opened_by(self, token: str) -> Collection | None:
        """Return the calendar of a token, an ended one as well. One indexed look-up."""
        digest = tokens.digest(token)
        columns = (
            Subscription.id,
            Subscription.names,
            Subscription.locale,
            Subscription.zone,
            Subscription.etag,
            Subscription.modified_at,
            Subscription.version,
            Subscription.is_synced,
            Subscription.revoked_at,
            Subscription.body,
        )
        query = select(*columns).where(Subscription.token_digest == digest)
        try:
            with self._engine().connect() as connection:
                row = connection.execute(query).one_or_none()
        except SQLAlchemyError as error:
            raise UnreadableError from error
        if row is None:
            return None
        return Collection(
            id=row.id,
            ref=tokens.reference(digest),
            name=row.names.get(row.locale) or row.names["en"],
            zone=row.zone,
            etag=row.etag,
            modified_at=row.modified_at,
            version=row.version,
            is_synced=row.is_synced,
            is_revoked=row.revoked_at is not None,
            body=row.body,
        )

    def changes_since(self, collection: Collection, version: int) -> Sequence[Change]:
        """Return the kept changes that led from a version to the present one, in their order."""
        query = (
            select(FeedChange.version, FeedChange.etag_before, FeedChange.uids)
            .where(
                FeedChange.subscription_id == collection.id,
                FeedChange.version > version,
                FeedChange.version <= collection.version,
            )
            .order_by(FeedChange.version)
        )
        try:
            with self._engine().connect() as connection:
                return [Change(*row) for row in connection.execute(query)]
        except SQLAlchemyError as error:
            raise UnreadableError from error

    def follow(self, collection: Collection) -> None:
        """Keep the changes of a calendar from now on: somebody asks for them. Once for each."""
        mark = update(Subscription).where(Subscription.id == collection.id).values(is_synced=True)
        try:
            with self._engine().connect().execution_options(scheduler_writes=True) as connection:
                connection.execute(mark)
                connection.commit()
        except SQLAlchemyError as error:
            raise UnreadableError from error
