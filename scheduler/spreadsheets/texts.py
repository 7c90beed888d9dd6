"""Sentences about files and cells: what is wrong. What is accepted, the column says."""

from flask_babel import lazy_gettext as _l

from scheduler.spreadsheets.cells import CellCode
from scheduler.spreadsheets.limits import WorkbookCode
from scheduler.texts import add_sentences

add_sentences(
    {
        CellCode.MISSING: _l("This must be filled in."),
        CellCode.DIGITS_LOST: _l(
            "The number %(shown)s is stored as a number. Spreadsheet programs keep only "
            "%(digits)s digits of a number and lose the others: set the cell to text and type "
            "all digits again."
        ),
        CellCode.BECAME_DATE: _l(
            "The program has turned this into the date %(shown)s. Set the cell to text and type it "
            "again."
        ),
        CellCode.ERROR_VALUE: _l("The cell shows the error %(shown)s. Type the value itself."),
        CellCode.FORMULA_WITHOUT_RESULT: _l(
            "The cell holds a formula whose result is not stored in the file. Type the value "
            "itself."
        ),
        CellCode.TOO_LONG: _l("This has %(length)s characters; at most %(longest)s are accepted."),
        CellCode.UNWRITABLE: _l(
            "The cell holds a character that cannot be stored, such as a control character. Delete "
            "the cell and type the text again."
        ),
        CellCode.NOT_A_CHOICE: _l("“%(shown)s” is none of the accepted values."),
        CellCode.NOT_A_DURATION: _l("“%(shown)s” is not a duration in minutes and seconds."),
        WorkbookCode.EMPTY: _l("The file is empty."),
        WorkbookCode.TOO_LARGE: _l("The file is larger than %(megabytes)s MB."),
        WorkbookCode.TOO_LARGE_UNPACKED: _l(
            "Unpacked, the workbook is larger than %(megabytes)s MB. Copy your rows into a fresh "
            "entry workbook: deleted or coloured empty rows are often the reason."
        ),
        WorkbookCode.TOO_MANY_SHEETS: _l("The workbook has more than %(most)s sheets."),
        WorkbookCode.TOO_MANY_ROWS: _l(
            "The sheet “%(sheet)s” has more than %(most)s rows. Please upload it in parts."
        ),
        WorkbookCode.TOO_MANY_COLUMNS: _l(
            "The sheet “%(sheet)s” has headings beyond column no. %(most)s."
        ),
        WorkbookCode.TOO_MANY_CELLS: _l(
            "The workbook has far more cells than a roster. Copy your rows into a fresh entry "
            "workbook: coloured empty rows are often the reason."
        ),
        WorkbookCode.ENCRYPTED: _l(
            "The workbook is protected by a password. Save it without one and upload it again."
        ),
        WorkbookCode.OLD_FORMAT: _l(
            "This is a workbook of the old .xls kind. Save it as .xlsx and upload it again."
        ),
        WorkbookCode.OTHER_FORMAT: _l(
            "This is a file of another kind (%(kind)s). Save it as .xlsx or .csv and upload it "
            "again."
        ),
        WorkbookCode.DAMAGED: _l(
            "The file cannot be read: it seems to be damaged. Save it again as .xlsx or .csv."
        ),
        WorkbookCode.UNREADABLE_TEXT: _l(
            "The text in this file is in an unknown encoding. Save it as .xlsx, or as CSV in UTF-8."
        ),
    }
)
