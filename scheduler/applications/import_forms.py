"""The upload of a roster."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from scheduler.spreadsheets.limits import Limits, WorkbookCode
from scheduler.texts import sentence
from scheduler.web import BaseForm

_HOW: dict[str, Any] = {
    "validators": [FileRequired(_l("Please choose a file."))],
    "render_kw": {"accept": ".xlsx,.xlsm,.csv,.txt"},
}


class UploadForm(BaseForm):
    """One file; what is in it is found out by the job."""

    file = FileField(
        _l("Completed workbook"),
        description=_l(
            "An .xlsx workbook, or a .csv file with one of its two tables; up to %(megabytes)s MB.",
            megabytes=Limits().file_bytes // 2**20,
        ),
        **_HOW,
    )

    def validate_file(self, field: Any) -> None:
        """Refuse what is empty or too large before it is kept."""
        limit = Limits().file_bytes
        self.content: bytes = field.data.stream.read(limit + 1)
        if not self.content:
            raise ValidationError(sentence(WorkbookCode.EMPTY))
        if len(self.content) > limit:
            raise ValidationError(sentence(WorkbookCode.TOO_LARGE, megabytes=limit // 2**20))


class PupilsUploadForm(UploadForm):
    """A guest school's file, which has one table only."""

    file = FileField(
        _l("Completed workbook"),
        description=_l(
            "An .xlsx workbook, or a .csv file with the table of members; up to %(megabytes)s MB.",
            megabytes=Limits().file_bytes // 2**20,
        ),
        **_HOW,
    )
