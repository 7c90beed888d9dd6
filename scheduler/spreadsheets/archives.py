"""Looks at an upload's bytes before any spreadsheet library does: kind, encryption, real size."""

import re
import zipfile

from scheduler.errors import Refused
from scheduler.spreadsheets.limits import Limits, WorkbookCode
from scheduler.spreadsheets.xml_parts import count_markup

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OTHER_SIGNATURES = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"{\\rtf": "RTF",
}
_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|table|\?xml|meta)", re.IGNORECASE)
_ENCRYPTED_FLAG = 0x1


def check_kind(content: bytes) -> None:
    """Raise `Refused` for files that are certainly neither .xlsx nor text."""
    if content.startswith(_OLE2):
        is_encrypted = _ENCRYPTED_STREAM in content
        raise Refused(WorkbookCode.ENCRYPTED if is_encrypted else WorkbookCode.OLD_FORMAT)
    for signature, name in _OTHER_SIGNATURES.items():
        if content.startswith(signature):
            raise Refused(WorkbookCode.OTHER_FORMAT, kind=name)
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        # Web pages saved as .xls: programs open them, which is why people send them.
        raise Refused(WorkbookCode.OTHER_FORMAT, kind="HTML/XML")


def check_parts(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raise `Refused` unless the archive is an .xlsx of sane size without document types.

    The sizes in the directory can be trusted as upper bounds: `zipfile` stops reading a part there.
    """
    parts = archive.infolist()
    if len(parts) > limits.parts:
        raise Refused(WorkbookCode.DAMAGED)
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise _too_large(limits.unpacked_bytes)
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise Refused(WorkbookCode.ENCRYPTED)
    _check_parts_of_kind({part.filename for part in parts})
    _check_xml(archive, limits)


def _check_parts_of_kind(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise Refused(WorkbookCode.OTHER_FORMAT, kind="XLSB")
    if "content.xml" in names:
        raise Refused(WorkbookCode.OTHER_FORMAT, kind="ODS")
    if "Index/Document.iwa" in names:
        raise Refused(WorkbookCode.OTHER_FORMAT, kind="Numbers")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Refused(WorkbookCode.OTHER_FORMAT, kind="DOCX/PPTX")
    if "[Content_Types].xml" not in names:
        raise Refused(WorkbookCode.OTHER_FORMAT, kind="ZIP")


def _check_xml(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse document types, and more tags than an honest workbook's."""
    parts = [part for part in archive.infolist() if is_xml(part.filename)]
    if sum(part.file_size for part in parts) > limits.xml_bytes:
        raise _too_large(limits.xml_bytes)
    left = limits.tags
    for part in parts:
        with archive.open(part) as source:
            left -= count_markup(source, left)
        if left < 0:
            raise Refused(WorkbookCode.TOO_MANY_CELLS)


def is_xml(name: str) -> bool:
    """Tell whether a part is one that a workbook's readers parse."""
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _too_large(most_bytes: int) -> Refused:
    return Refused(WorkbookCode.TOO_LARGE_UNPACKED, megabytes=most_bytes // 2**20)
