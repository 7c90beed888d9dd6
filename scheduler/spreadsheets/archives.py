"""Looks at an upload's bytes before any spreadsheet library does: kind, encryption, real size."""

import re
import zipfile

from scheduler.errors import Refused
from scheduler.spreadsheets.limits import Limits, WorkbookCode

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
_PROLOGUE_BYTES = 64 * 1024
_ROOT_ELEMENT = re.compile(rb"<[A-Za-z_]")


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
        megabytes = limits.unpacked_bytes // 2**20
        raise Refused(WorkbookCode.TOO_LARGE_UNPACKED, megabytes=megabytes)
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise Refused(WorkbookCode.ENCRYPTED)
    _check_parts_of_kind({part.filename for part in parts})
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _check_prologue(archive, part)


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


def _check_prologue(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse document types: workbooks have none, and entities are what XML bombs are made of."""
    with archive.open(part) as source:
        prologue = source.read(_PROLOGUE_BYTES).replace(b"\x00", b"")
    root = _ROOT_ELEMENT.search(prologue)
    before = prologue[: root.start()] if root else prologue
    if b"<!DOCTYPE" in before or b"<!ENTITY" in before or (prologue and not root):
        raise Refused(WorkbookCode.DAMAGED)
