"""Districts and schools. A school's names are kept as the school writes them, never converted."""

from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.access.permissions import Subject
from scheduler.database import Model, stored_enum

Names = dict[str, str]
"""A text per locale code (`en`, `zh_Hans`, `zh_Hant_HK`); `en` is always there."""


class Region(StrEnum):
    """Where a school travels from; attendance windows are set per region."""

    GUANGZHOU = "GZ"
    HONG_KONG = "HK"
    MACAO = "MO"
    OVERSEAS = "OVERSEAS"


class CodeScheme(StrEnum):
    """Who gave a school its official number (domain.md section 8)."""

    CHINA = "cn"
    HONG_KONG = "hk"
    UNITED_KINGDOM = "gb"
    NEW_ZEALAND = "nz"
    OTHER = "other"


class District(Model):
    """A district whose bureau reviews its schools' applications (code by GB/T 2260)."""

    __tablename__ = "district"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(80))

    @property
    def subject(self) -> Subject:
        """A district is reached by its own reviewers."""
        return Subject(district_id=self.id)


class School(Model):
    """A school or institution that enters pupils.

    `code` is our own short reference and stands in addresses; `official_code` is the number that
    an authority gave it, unique within its scheme, and may change when the school's type does.
    """

    __tablename__ = "school"
    __table_args__ = (
        UniqueConstraint("code_scheme", "official_code"),
        CheckConstraint(
            "(code_scheme IS NULL) = (official_code IS NULL)", name="official_code_has_scheme"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    region: Mapped[Region] = mapped_column(stored_enum(Region, "region"))
    country: Mapped[str] = mapped_column(String(2), default="CN")
    stages: Mapped[list[str]] = mapped_column(JSON, default=list)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    locale: Mapped[str] = mapped_column(String(16), default="zh_Hans")
    code_scheme: Mapped[CodeScheme | None] = mapped_column(stored_enum(CodeScheme, "code_scheme"))
    official_code: Mapped[str | None] = mapped_column(String(20))

    district: Mapped[District | None] = relationship()

    STAGES: ClassVar[tuple[str, ...]] = ("P", "J", "H")

    @property
    def subject(self) -> Subject:
        """A school is reached by its officers, its district, and platform staff."""
        return Subject(school_id=self.id, district_id=self.district_id)


class Organisation(Model):
    """Who stands behind programmes: bureaus, associations, foundations. No school, no account."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    names: Mapped[Names] = mapped_column(JSON)
    country: Mapped[str] = mapped_column(String(2), default="CN")
    url: Mapped[str | None] = mapped_column(String(300))

    @property
    def subject(self) -> Subject:
        """An organisation belongs to nobody: only platform staff reach it."""
        return Subject()
