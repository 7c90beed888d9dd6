"""Words and sentences about entry forms, answers and files."""

from flask_babel import lazy_gettext as _l

from scheduler.applications.file_checks import FileCode
from scheduler.applications.form_services import FormRefusal
from scheduler.programmes.form_fields import AskedWhen, Audience, FieldKind, FieldOwner
from scheduler.texts import add_sentences

OWNERS = {
    FieldOwner.GROUP: _l("Each group"),
    FieldOwner.MEMBER: _l("Each pupil"),
}
FIELD_KINDS = {
    FieldKind.TEXT: _l("Text"),
    FieldKind.NUMBER: _l("Number"),
    FieldKind.CHOICE: _l("Choice"),
    FieldKind.DATE: _l("Date"),
    FieldKind.DURATION: _l("Duration (minutes and seconds)"),
    FieldKind.FILE: _l("File (PDF, JPEG or PNG)"),
    FieldKind.VIDEO: _l("Link to a video"),
    FieldKind.PERSON: _l("One of the school's adults"),
}
AUDIENCES = {
    Audience.EVERYBODY: _l("The school; its leaders can read it"),
    Audience.OFFICER: _l("The school's officers only"),
    Audience.LEADER: _l("The team leader, or an officer"),
    Audience.STAFF: _l("Staff only; schools never see it"),
}
ASKED_WHEN = {
    AskedWhen.ENTRY: _l("With the entry"),
    AskedWhen.ACCEPTED: _l("Once the group is accepted"),
}

add_sentences(
    {
        FormRefusal.TOO_MANY_FIELDS: _l("A form has %(most)s fields at most."),
        FormRefusal.LABEL_TAKEN: _l(
            "“%(label)s” is a column of the workbook already. Please choose another label."
        ),
        FormRefusal.OPTIONS_MISSING: _l("Please offer at least one answer to choose."),
        FormRefusal.OPTION_REPEATED: _l("“%(label)s” is offered twice, in one of the languages."),
        FormRefusal.OPTION_INCOMPLETE: _l("Please fill in the English text of this answer."),
        FormRefusal.OPTION_IN_USE: _l(
            "Somebody has chosen an answer that would be left out. Mark it as not offered any "
            "more instead."
        ),
        FormRefusal.LIMITS_ORDER: _l("The upper limit cannot be below the lower one."),
        FormRefusal.KIND_IN_USE: _l(
            "There are answers already, so what kind of answer is asked of whom cannot change. "
            "Retire this field and add another one."
        ),
        FormRefusal.CONDITION_MIXED: _l("Please choose answers of one field only."),
        FormRefusal.CONDITION_UNKNOWN: _l(
            "A field of a group can depend on a field of a group only, one of a pupil on one of a "
            "pupil."
        ),
        FormRefusal.CONDITION_CIRCLE: _l("The two fields would wait for each other."),
        FormRefusal.FIELD_IN_USE: _l(
            "This field has been answered, so it cannot be deleted. Retire it instead: its "
            "answers stay."
        ),
        FormRefusal.FIELD_IN_CONDITION: _l(
            "Another field is asked depending on this one. Change that one's condition first."
        ),
        FormRefusal.OPTION_IN_CONDITION: _l(
            "Another field is asked depending on an answer that would be left out."
        ),
        FileCode.MISSING: _l("A file is missing. Please choose one."),
        FileCode.EMPTY: _l("This file is empty. Please choose another one."),
        FileCode.TOO_LARGE: _l("The file is larger than %(megabytes)s MB."),
        FileCode.OTHER_KIND: _l(
            "The file is neither a PDF nor a JPEG or PNG picture, whatever its name says."
        ),
        FileCode.INCOMPLETE: _l("The end of the file is missing. Please save it again."),
        FileCode.SCAN_REFUSED: _l("The scanner found something harmful in this file."),
        FileCode.SCAN_FAILED: _l(
            "The file could not be scanned just now. Please try again in a few minutes."
        ),
    }
)
