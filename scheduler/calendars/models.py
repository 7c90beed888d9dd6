"""What stands in calendars, who has it, and the stored feeds that polls are answered from."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.calendars.choices import EVENING, Choice, Naming, Reminder, ReminderKind
from scheduler.calendars.entries import Audience, EntryKind, EntryText, Times
from scheduler.calendars.ical import Status
from scheduler.database import Model, stored_enum

LIVE_SHARED = "is_shared AND revoked_at IS NULL"
PUBLIC = "public"
"""The kind of the audience that is everybody; its key is where the feed lies."""
LONGEST_ADDRESS = 101
"""A key and a language: no longer than the columns that keep them, with the slash between."""


class CalendarEntry(Model):
    """One thing in calendars; a cancelled one stays as a tombstone until it is long past."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        UniqueConstraint("scope_kind", "scope_key", "key"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("sequence >= 0", name="sequence_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    scope_kind: Mapped[str] = mapped_column(String(40))
    scope_key: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(200))
    sequence: Mapped[int] = mapped_column(default=0)
    status: Mapped[Status] = mapped_column(stored_enum(Status, "entry_status"))
    kind: Mapped[EntryKind] = mapped_column(
        stored_enum(EntryKind, "entry_kind"), default=EntryKind.PERFORMANCE
    )
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime] = mapped_column(index=True)
    zone: Mapped[str] = mapped_column(String(60))
    end_zone: Mapped[str] = mapped_column(String(60), default="")
    is_all_day: Mapped[bool] = mapped_column(default=False)
    is_busy: Mapped[bool] = mapped_column(default=True)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    url: Mapped[str] = mapped_column(String(500), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of everything that is shown, in all languages; a change of it is a change."""
    audience_mark: Mapped[str] = mapped_column(String(64))
    """SHA-256 of who has it; a change of it alone leaves the entry as it is."""
    modified_at: Mapped[dt.datetime]
    cancelled_at: Mapped[dt.datetime | None]

    @property
    def times(self) -> Times:
        """From and until."""
        return self.starts_at, self.ends_at

    @property
    def geo(self) -> tuple[float, float] | None:
        """Latitude and longitude, if the place has them."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def is_cancelled(self) -> bool:
        """A tombstone."""
        return self.status is Status.CANCELLED

    def text_in(self, locale: str) -> EntryText:
        """Return the text in the language, or in English if its source gave none."""
        return EntryText.from_json(self.texts.get(locale) or self.texts["en"])


class CalendarBulletin(Model):
    """What a source said last about its entries: which edition they are, and the notes with it."""

    __tablename__ = "calendar_bulletin"
    __table_args__ = (UniqueConstraint("scope_kind", "scope_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope_kind: Mapped[str] = mapped_column(String(40))
    scope_key: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    notes: Mapped[str] = mapped_column(String(1000), default="")
    published_at: Mapped[dt.datetime]


class EntryAudience(Model):
    """One audience that has one entry."""

    __tablename__ = "entry_audience"
    __table_args__ = (Index(None, "kind", "key", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("calendar_entry.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)


class Following(Model):
    """That whoever has one calendar finds in it what another one holds: a guardian their child's.

    `label` says whose it is, for a calendar in which several come together ("" for a group).
    """

    __tablename__ = "calendar_following"
    __table_args__ = (Index(None, "kind", "key"),)

    follower_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    follower_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    label: Mapped[str] = mapped_column(String(160), default="")

    @property
    def followed(self) -> Audience:
        """Whose entries are followed."""
        return Audience(self.kind, self.key)


class EntryRendering(Model):
    """The octets of one entry in one language, rendered once per change."""

    __tablename__ = "entry_rendering"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("calendar_entry.id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(String(20), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Subscription(Model):
    """One feed at one secret address, stored ready to send.

    Shared feeds (of a school, a venue) exist once per language and are shown to all who may see
    their page; the others belong to one person, who may have several, each with a name of its own
    and a choice of what it holds. `revision` counts the changes of that choice; reminders by mail
    (`reminder_minute` is local, from midnight) are none of them. `etag` is bare:
    without quotes or encoding.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        Index(None, "audience_kind", "audience_key"),
        Index(
            "uq_subscription_live_shared",
            "audience_kind",
            "audience_key",
            "locale",
            unique=True,
            sqlite_where=text(LIVE_SHARED),
            postgresql_where=text(LIVE_SHARED),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(32))
    audience_kind: Mapped[str] = mapped_column(String(40))
    audience_key: Mapped[str] = mapped_column(String(80))
    is_shared: Mapped[bool] = mapped_column(default=False)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    locale: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(60), default="")
    kinds: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    alarm_minutes: Mapped[int | None]
    has_cancelled: Mapped[bool] = mapped_column(default=True)
    naming: Mapped[Naming] = mapped_column(stored_enum(Naming, "naming"), default=Naming.INITIALS)
    reminder_kind: Mapped[ReminderKind] = mapped_column(
        stored_enum(ReminderKind, "reminder_kind"), default=ReminderKind.NONE
    )
    reminder_minute: Mapped[int] = mapped_column(default=EVENING)
    revision: Mapped[int] = mapped_column(default=0)
    chosen_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    etag: Mapped[str] = mapped_column(String(32), default="")
    modified_at: Mapped[dt.datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    body_gzip: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    body_br: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    version: Mapped[int] = mapped_column(default=0)
    """Counts the changes of the octets."""
    is_synced: Mapped[bool] = mapped_column(default=False)
    """Whether a program follows it change by change: only then are changes kept (`FeedChange`)."""

    @property
    def name(self) -> str:
        """What calendars call it, in its language."""
        return self.names.get(self.locale) or self.names["en"]

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may read it: there is no secret in its address then."""
        return self.audience_kind == PUBLIC

    @property
    def tells_busy_times(self) -> bool:
        """Tell whether it has an address for these: visitors are never busy."""
        return self.is_shared and not self.is_public

    @property
    def public_address(self) -> str:
        """What stands in the place of a token in the address of a public feed."""
        return f"{PUBLIC}/{self.audience_key}/{self.locale}"

    @property
    def choice(self) -> Choice:
        """What its owner wants to find in it."""
        return Choice(
            kinds=None if self.kinds is None else frozenset(map(EntryKind, self.kinds)),
            alarm_minutes=self.alarm_minutes,
            has_cancelled=self.has_cancelled,
            naming=self.naming,
        )

    @property
    def reminder(self) -> Reminder:
        """How its owner wants to be reminded by mail."""
        return Reminder(self.reminder_kind, self.reminder_minute)

    @property
    def audience(self) -> Audience:
        """Whose feed it is."""
        return Audience(self.audience_kind, self.audience_key)


class FeedChange(Model):
    """Which items of a feed came, went or changed when its octets changed to a version."""

    __tablename__ = "feed_change"

    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    etag_before: Mapped[str] = mapped_column(String(32))
    uids: Mapped[list[str]] = mapped_column(JSON)
    changed_at: Mapped[dt.datetime] = mapped_column(index=True)


class PersonalLink(Model):
    """The secret address of one person's own page, which needs no account; it carries a feed."""

    __tablename__ = "personal_link"
    __table_args__ = (
        Index(
            "uq_personal_link_live",
            "audience_kind",
            "audience_key",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(32))
    audience_kind: Mapped[str] = mapped_column(String(40))
    audience_key: Mapped[str] = mapped_column(String(80))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"), unique=True)
    created_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]

    subscription: Mapped[Subscription] = relationship(lazy="joined", innerjoin=True)

    @property
    def audience(self) -> Audience:
        """Whose page it is."""
        return Audience(self.audience_kind, self.audience_key)


class FeedFetch(Model):
    """That a version of a feed was fetched on a day by a family of clients; no more is kept."""

    __tablename__ = "feed_fetch"

    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("subscription.id", ondelete="CASCADE"), primary_key=True
    )
    fetched_on: Mapped[dt.date] = mapped_column(primary_key=True)
    client: Mapped[str] = mapped_column(String(20), primary_key=True)
    etag: Mapped[str] = mapped_column(String(32), primary_key=True)
    fetches: Mapped[int]
    last_at: Mapped[dt.datetime]
