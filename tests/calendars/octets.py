"""Our own reading of a feed's octets, sharing no code with the renderer or any library."""

import datetime as dt
import re

UTC_STAMP = re.compile(rb"[0-9]{8}T[0-9]{6}Z")
ONCE_IN_CALENDAR = (b"VERSION", b"PRODID", b"NAME", b"X-WR-CALNAME", b"REFRESH-INTERVAL")
ONCE_IN_EVENT = (b"UID", b"DTSTAMP", b"DTSTART", b"DTEND", b"SUMMARY", b"STATUS", b"SEQUENCE")
FORBIDDEN = (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"RRULE")
TEXT_PROPERTIES = (b"SUMMARY", b"LOCATION", b"DESCRIPTION", b"CATEGORIES", b"NAME")


def complaints(feed: bytes) -> list[str]:
    """Return what is wrong with the octets of a feed, nothing when all is right."""
    return [
        *_wrong_lines(feed),
        *_wrong_calendar(feed),
        *_repeated_uids(feed),
        *_wrong_events(feed),
    ]


def events(feed: bytes) -> dict[bytes, bytes]:
    """Return the raw octets of each VEVENT by its UID."""
    blocks = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", feed, re.DOTALL)
    return {values(block, b"UID")[0]: block for block in blocks}


def outside_events(feed: bytes) -> bytes:
    """Return the feed without its VEVENTs."""
    return re.sub(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", b"", feed, flags=re.DOTALL)


def unfolded(feed: bytes) -> list[bytes]:
    """Return the content lines of a feed."""
    return feed.replace(b"\r\n ", b"").split(b"\r\n")[:-1]


def values(block: bytes, name: bytes) -> list[bytes]:
    """Return the values of a property, in order of appearance."""
    return [
        line.partition(b":")[2]
        for line in unfolded(block)
        if line.startswith((name + b":", name + b";"))
    ]


def text(value: bytes) -> str:
    """Return a TEXT value without its escapes (RFC 5545 3.3.11)."""
    signs = {"n": "\n", "N": "\n"}
    return re.sub(r"\\(.)", lambda sign: signs.get(sign[1], sign[1]), value.decode())


def moment(block: bytes, name: bytes) -> dt.datetime | dt.date:
    """Return a date, or an instant in UTC, of a property that is there once."""
    (value,) = values(block, name)
    if UTC_STAMP.fullmatch(value):
        return dt.datetime.strptime(value.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    return dt.date.fromisoformat(value.decode())


def _wrong_lines(feed: bytes) -> list[str]:
    wrong = []
    if not feed.endswith(b"\r\n") or feed.startswith(b"\xef\xbb\xbf"):
        wrong.append("no CRLF at the end, or a byte order mark")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", feed):
        wrong.append("a bare CR or LF")
    for line in feed.split(b"\r\n")[:-1]:
        if not 0 < len(line) <= 75:
            wrong.append(f"{len(line)} octets: {line!r}")
        if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line):
            wrong.append(f"a control character: {line!r}")
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            wrong.append(f"a fold inside a character: {line!r}")
        if re.search(rb"(?<!\\)(?:\\\\)*\\$", line):
            wrong.append(f"a fold after a backslash: {line!r}")
    return wrong


def _wrong_calendar(feed: bytes) -> list[str]:
    head = unfolded(outside_events(feed))
    wrong = [
        f"{name!r} {count} times"
        for name in ONCE_IN_CALENDAR
        if (count := sum(line.startswith((name + b":", name + b";")) for line in head)) != 1
    ]
    if b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" not in head:
        wrong.append("no refresh interval with its VALUE")
    if any(line.startswith(b"UID") for line in head):
        wrong.append("a UID on the calendar")
    has_events, has_zone = b"BEGIN:VEVENT\r\n" in feed, b"BEGIN:VTIMEZONE" in head
    if has_events is has_zone:
        wrong.append("a VTIMEZONE belongs in an empty feed and in no other")
    wrong += [f"{line!r}" for line in unfolded(feed) if line.startswith(FORBIDDEN)]
    return wrong


def _repeated_uids(feed: bytes) -> list[str]:
    uids = values(feed, b"UID")
    return [f"{uid!r} more than once" for uid in sorted(set(uids)) if uids.count(uid) > 1]


def _wrong_events(feed: bytes) -> list[str]:
    wrong = []
    for uid, block in events(feed).items():
        wrong += [
            f"{uid!r}: {name!r} {count} times"
            for name in ONCE_IN_EVENT
            if (count := len(values(block, name))) != 1
        ]
        if values(block, b"DTSTAMP") != values(block, b"LAST-MODIFIED"):
            wrong.append(f"{uid!r}: DTSTAMP is not LAST-MODIFIED")
        for name in (b"DTSTAMP", b"DTSTART", b"DTEND"):
            wrong += [
                f"{uid!r}: {name!r} is not in UTC"
                for line in unfolded(block)
                if line.startswith(name) and not _is_utc_or_date(line)
            ]
        for line in unfolded(block):
            value = line.partition(b":")[2]
            if line.startswith(TEXT_PROPERTIES) and re.search(
                rb"(?<!\\)(?:\\\\)*(;|\\[^\\;,nN])", value
            ):
                wrong.append(f"{uid!r}: escapes: {line!r}")
    return wrong


def _is_utc_or_date(line: bytes) -> bool:
    name, _, value = line.partition(b":")
    if name.endswith(b";VALUE=DATE"):
        return re.fullmatch(rb"[0-9]{8}", value) is not None
    return b";" not in name and UTC_STAMP.fullmatch(value) is not None
