"""The scan of an entry's form with the school's seal, and for which content it was sealed."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.applications.models import StoredFile
from scheduler.database import Model


class AttachedForm(Model):
    """An entry's sealed form. `digest` is the content's that was printed and sealed."""

    __tablename__ = "sealed_form"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("application.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_file.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(String(64))

    file: Mapped[StoredFile] = relationship()
