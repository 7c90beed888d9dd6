"""Lotteries, their entrants with receipts, and what became of them."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.applications.models import Application
from scheduler.database import Model, stored_enum
from scheduler.lotteries.draw import Outcome
from scheduler.programmes.models import Category, Names, Programme


class LotteryState(StrEnum):
    """From `frozen` on the lottery is public, and nothing it was drawn from can be changed.

    `replaced` is a lottery that was not carried out: a later one, with its reason, took its place.
    """

    DRAFT = "draft"
    FROZEN = "frozen"
    DRAWN = "drawn"
    APPLYING = "applying"
    APPLIED = "applied"
    REPLACED = "replaced"


class Strata(StrEnum):
    """By what places may be kept for some of the entrants."""

    NONE = "none"
    REGION = "region"
    DISTRICT = "district"
    STAGE = "stage"


class Bundles(StrEnum):
    """Which entries win or wait together."""

    NONE = "none"
    SCHOOL = "school"
    FAMILY = "family"


class Applied(StrEnum):
    """What applying the result did to an entry."""

    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    SKIPPED = "skipped"
    REFUSED = "refused"


lottery_category = Table(
    "lottery_category",
    Model.metadata,
    Column("lottery_id", ForeignKey("lottery.id", ondelete="CASCADE"), primary_key=True),
    Column("category_id", ForeignKey("category.id"), primary_key=True, index=True),
)


class Lottery(Model):
    """One draw for the places of one or several categories of a programme.

    `places` is category code → stratum (or `*`) → number. `list_text` is what was published at the
    freeze; everything about the result follows from it and from `seed`.
    """

    __tablename__ = "lottery"
    __table_args__ = (
        CheckConstraint("(frozen_at IS NULL) = (list_text IS NULL)", name="frozen_has_list"),
        CheckConstraint("(drawn_at IS NULL) = (seed IS NULL)", name="drawn_has_seed"),
        CheckConstraint("state <> 'draft' OR frozen_at IS NULL", name="draft_is_not_frozen"),
        CheckConstraint("frozen_at IS NULL OR seed_at > frozen_at", name="seed_after_freeze"),
        CheckConstraint("drawn_at IS NULL OR drawn_at >= seed_at", name="drawn_after_seed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    names: Mapped[Names] = mapped_column(JSON)
    state: Mapped[LotteryState] = mapped_column(
        stored_enum(LotteryState, "state"), default=LotteryState.DRAFT
    )
    strata: Mapped[Strata] = mapped_column(stored_enum(Strata, "strata"), default=Strata.NONE)
    bundles: Mapped[Bundles] = mapped_column(stored_enum(Bundles, "bundles"), default=Bundles.NONE)
    places: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seed_source: Mapped[str] = mapped_column(String(400))
    seed_at: Mapped[dt.datetime]
    reason: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=1)
    list_text: Mapped[str | None] = deferred(mapped_column(Text))
    list_digest: Mapped[str | None] = mapped_column(String(64))
    seed: Mapped[str | None] = mapped_column(String(200))
    seed_reference: Mapped[str | None] = mapped_column(String(400))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("lottery.id"))
    created_at: Mapped[dt.datetime]
    frozen_at: Mapped[dt.datetime | None]
    drawn_at: Mapped[dt.datetime | None]
    applied_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    programme: Mapped[Programme] = relationship()
    categories: Mapped[list[Category]] = relationship(
        secondary=lottery_category, order_by=Category.position
    )
    replaced_by: Mapped["Lottery | None"] = relationship(remote_side="Lottery.id")

    @property
    def subject(self) -> Subject:
        """A lottery is reached by its programme's coordinators."""
        return Subject(programme_id=self.programme_id)

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may read it."""
        return self.state is not LotteryState.DRAFT


class LotteryEntry(Model):
    """An entrant as it was frozen, and its result. The receipt is all the public ever sees of it.

    `number` is an entry's place in its category's line, of those that wait.
    """

    __tablename__ = "lottery_entry"
    __table_args__ = (
        UniqueConstraint("lottery_id", "application_id"),
        UniqueConstraint("lottery_id", "rank"),
        CheckConstraint("(rank IS NULL) = (outcome IS NULL)", name="drawn_whole"),
        Index(None, "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lottery_id: Mapped[int] = mapped_column(ForeignKey("lottery.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    receipt: Mapped[str] = mapped_column(String(16), unique=True)
    unit: Mapped[str] = mapped_column(String(16))
    category_code: Mapped[str] = mapped_column(String(32))
    stratum: Mapped[str] = mapped_column(String(40))
    rank: Mapped[int | None]
    outcome: Mapped[Outcome | None] = mapped_column(stored_enum(Outcome, "outcome"))
    place_of: Mapped[str | None] = mapped_column(String(40))
    number: Mapped[int | None]
    applied: Mapped[Applied | None] = mapped_column(stored_enum(Applied, "applied"))
    refusal: Mapped[str | None] = mapped_column(String(60))
    told_at: Mapped[dt.datetime | None]

    lottery: Mapped[Lottery] = relationship()
    application: Mapped[Application] = relationship()
