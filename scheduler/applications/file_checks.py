"""Whether a file may be kept: what it is by its content, how large, and what a scanner says."""

import shlex
import subprocess
import tempfile
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scheduler.errors import Refused

SCAN_SECONDS = 60
LONGEST_NAME = 120

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
EXTENSIONS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}

_PNG_BEGINNING = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_TAIL = 2048
"""A PDF ends with its mark, give or take what programs leave behind it."""


class FileCode(StrEnum):
    """Why a file is refused; sentences in `applications.form_texts`."""

    MISSING = "answer_file_missing"
    EMPTY = "answer_file_empty"
    TOO_LARGE = "answer_file_too_large"
    OTHER_KIND = "answer_file_other_kind"
    INCOMPLETE = "answer_file_incomplete"
    SCAN_REFUSED = "answer_file_scan_refused"
    SCAN_FAILED = "answer_file_scan_failed"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept; `name` is fit for a download."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What is accepted: the size, and the command that scans a copy in the folder, if any."""

    most_bytes: int
    scan_command: str
    folder: Path


def checked_file(name: str, content: bytes, limits: FileLimits) -> CheckedFile:
    """Return the file if it is a PDF, JPEG or PNG by its content and the scanner lets it pass.

    The scanner gets the path of a copy, which is gone afterwards. Raises `Refused`.
    """
    if not content:
        # Browsers send an empty file without a name where none was chosen.
        raise Refused(FileCode.EMPTY if name else FileCode.MISSING, field="file")
    if len(content) > limits.most_bytes:
        raise Refused(FileCode.TOO_LARGE, field="file", megabytes=limits.most_bytes // 2**20)
    media_type = media_type_of(content)
    if limits.scan_command:
        _scan(content, media_type, limits)
    return CheckedFile(download_name(name, media_type), media_type, content)


def media_type_of(content: bytes) -> str:
    """Return what the content is, whatever its name says; raises `Refused` for anything else."""
    if content.startswith(b"%PDF-"):
        is_whole, found = b"%%EOF" in content[-_TAIL:], PDF
    elif content.startswith(b"\xff\xd8\xff"):
        is_whole, found = b"\xff\xd9" in content[-_TAIL:], JPEG
    elif content.startswith(_PNG_BEGINNING):
        is_whole, found = b"IEND" in content[-_TAIL:], PNG
    else:
        raise Refused(FileCode.OTHER_KIND, field="file")
    if not is_whole:
        raise Refused(FileCode.INCOMPLETE, field="file")
    return found


def download_name(name: str, media_type: str) -> str:
    """Return the name without folders and without what hides its ending; the ending is ours."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " "
    )
    stem = kept.rpartition(".")[0] or kept
    stem = stem.strip(" .")[:LONGEST_NAME] or "file"
    return f"{stem}.{EXTENSIONS[media_type]}"


def _scan(content: bytes, media_type: str, limits: FileLimits) -> None:
    limits.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    suffix = f".{EXTENSIONS[media_type]}"
    with tempfile.NamedTemporaryFile(dir=limits.folder, suffix=suffix) as copy:
        copy.write(content)
        copy.flush()
        try:
            done = subprocess.run(  # noqa: S603 - the deployment's own command
                [*shlex.split(limits.scan_command), copy.name],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SCAN_SECONDS,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired):
            # A scanner that does not answer lets nothing pass.
            raise Refused(FileCode.SCAN_FAILED, field="file") from None
    if done.returncode != 0:
        raise Refused(FileCode.SCAN_REFUSED, field="file")
