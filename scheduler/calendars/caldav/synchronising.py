"""Tokens that name a version of a calendar, and what changed since (RFC 6578).

A token stands for one stored change. If the changes that lead from it to the present are not all
kept, or it names a version that never was (a database restored from yesterday's copy), it is
refused, and the program reads the calendar as if for the first time.
"""

import re
from collections.abc import Sequence

from scheduler.calendars.caldav.collections import Change, Collection

_TOKEN = re.compile(r"data:,(\d{1,9})-([0-9a-f]{0,32})")


class UnknownTokenError(Exception):
    """The token names no version from which the present one can be reached."""


def token_of(collection: Collection) -> str:
    """Return the token of the present version: a URI, as RFC 6578 6.2 wants it."""
    return f"data:,{collection.version}-{collection.etag}"


def version_in(token: str) -> tuple[int, str]:
    """Return the number and the mark of a token's version. Raises `UnknownTokenError`."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise UnknownTokenError
    return int(parts[1]), parts[2]


def changed_uids(collection: Collection, token: str, changes: Sequence[Change]) -> list[str]:
    """Return the UIDs of what came, changed or went since a token's version, each once.

    `changes` are the kept ones after that version. Raises `UnknownTokenError`.
    """
    version, etag = version_in(token)
    if version == collection.version:
        if etag != collection.etag:
            raise UnknownTokenError
        return []
    expected = list(range(version + 1, collection.version + 1))
    if [each.version for each in changes] != expected or not expected:
        raise UnknownTokenError
    if changes[0].etag_before != etag:
        raise UnknownTokenError
    return sorted({uid for change in changes for uid in change.uids})
