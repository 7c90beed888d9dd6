"""How large an upload may be, and the refusals of whole files."""

from dataclasses import dataclass
from enum import StrEnum

LAST_ROW = 1_048_576
"""No spreadsheet program has rows beyond this one."""


class WorkbookCode(StrEnum):
    """Why a whole file is not read."""

    EMPTY = "file_empty"
    TOO_LARGE = "file_too_large"
    TOO_LARGE_UNPACKED = "file_too_large_unpacked"
    TOO_MANY_SHEETS = "file_too_many_sheets"
    TOO_MANY_ROWS = "file_too_many_rows"
    TOO_MANY_COLUMNS = "file_too_many_columns"
    TOO_MANY_CELLS = "file_too_many_cells"
    ENCRYPTED = "file_encrypted"
    OLD_FORMAT = "file_old_format"
    OTHER_FORMAT = "file_other_format"
    DAMAGED = "file_damaged"
    UNREADABLE_TEXT = "file_unreadable_text"


@dataclass(frozen=True)
class Limits:
    """Limits of one upload: far above an honest roster, far below what could stop the worker.

    `xml_bytes` and `tags` hold for all XML parts together: a cell is four to six tags, and an
    empty one, which costs an attacker's archive next to nothing, still one.
    """

    file_bytes: int = 20 * 2**20
    unpacked_bytes: int = 160 * 2**20
    xml_bytes: int = 64 * 2**20
    tags: int = 4_000_000
    parts: int = 2_000
    sheets: int = 20
    rows: int = 20_000
    columns: int = 64
