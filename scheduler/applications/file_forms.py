"""The upload of a file that answers a field."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from scheduler.applications.file_checks import CheckedFile, checked_file
from scheduler.applications.file_storage import file_limits
from scheduler.web import BaseForm


class FileForm(BaseForm):
    """One file; what it is, is judged by its content."""

    file = FileField(_l("File"), render_kw={"accept": ".pdf,.jpg,.jpeg,.png"})

    def checked(self) -> CheckedFile:
        """Return the file if it may be kept; raises `Refused`."""
        limits = file_limits()
        sent = self.file.data
        content = b"" if sent is None else sent.stream.read(limits.most_bytes + 1)
        return checked_file(getattr(sent, "filename", None) or "", content, limits)
