"""The encodings in which feeds are stored, and which of them suits a client. Pure."""

import gzip
from enum import StrEnum
from functools import lru_cache

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

BROTLI_QUALITY = 5
"""A twelfth of the time of the best one, for some per cent more octets (docs/benchmarks.md)."""
_LEAST = 0.001
"""The quality of what is acceptable without being asked for; qualities have three decimals."""


class Encoding(StrEnum):
    """How octets travel, as Content-Encoding names it; the smallest first."""

    BROTLI = "br"
    GZIP = "gzip"
    IDENTITY = "identity"


COLUMNS = {
    Encoding.BROTLI: "body_br",
    Encoding.GZIP: "body_gzip",
    Encoding.IDENTITY: "body",
}
"""Where a subscription keeps its octets."""


def encoded(body: bytes) -> dict[str, bytes]:
    """Return a feed's octets in all encodings, by column; the same each time."""
    return {
        COLUMNS[Encoding.BROTLI]: brotli.compress(body, quality=BROTLI_QUALITY),
        COLUMNS[Encoding.GZIP]: gzip.compress(body, mtime=0),
        COLUMNS[Encoding.IDENTITY]: body,
    }


def decoded(octets: bytes, encoding: Encoding) -> bytes:
    """Return what was encoded. Only for octets of ours: a stranger's may grow without limit."""
    if encoding is Encoding.BROTLI:
        plain: bytes = brotli.decompress(octets)
        return plain
    return gzip.decompress(octets) if encoding is Encoding.GZIP else octets


@lru_cache(maxsize=1_024)
def suiting(accepted: str | None, offered: tuple[Encoding, ...] = tuple(Encoding)) -> Encoding:
    """Return which of the offered encodings an Accept-Encoding asks for (RFC 9110 12.5.3).

    The client's qualities decide, then the size. Whoever says nothing gets what everybody can
    read, and so does whoever accepts nothing that there is.
    """
    if accepted is None:
        return Encoding.IDENTITY
    qualities = parse_accept_header(accepted, Accept)
    best = max(offered, key=lambda encoding: _quality(qualities, encoding))
    return best if _quality(qualities, best) > 0 else Encoding.IDENTITY


def _quality(qualities: Accept, encoding: Encoding) -> float:
    is_told = any(value.lower() in {encoding.value, "*"} for value, _ in qualities)
    if encoding is Encoding.IDENTITY and not is_told:
        return _LEAST
    return float(qualities.quality(encoding.value))
