"""Words and sentences about exports."""

from flask_babel import lazy_gettext as _l

from scheduler.jobs.texts import add_failure
from scheduler.reports.refusals import ExportRefusal
from scheduler.texts import add_sentences

add_sentences(
    {
        ExportRefusal.PURPOSE_MISSING: _l("Please write what the list is needed for."),
        ExportRefusal.TOO_MANY_ROWS: _l(
            "A file holds at most %(most)s rows. Please narrow the list by its filters."
        ),
        ExportRefusal.DECIDED_ALREADY: _l("Somebody has decided on this request already."),
        ExportRefusal.NOT_READY: _l("There is no file to download here, or not any more."),
        ExportRefusal.NO_FONT: _l(
            "No Chinese font is installed on the server, so no readable PDF can be made. Please "
            "ask the administrator to install Noto Sans CJK (on Debian: fonts-noto-cjk)."
        ),
    }
)

add_failure(
    "NotAllowed", _l("You may not read this list any more. Nothing of it has been written.")
)
