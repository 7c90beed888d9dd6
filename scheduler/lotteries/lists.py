"""The published texts of a lottery: the frozen list and the result, written and read. Pure.

Their form is fixed to the byte, because the list's SHA-256 stands in the draw: UTF-8, every line
ended by one LF, fields parted by one blank, lines sorted by code point (docs/lottery.md).
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from scheduler.lotteries.draw import Drawn, Entry, Outcome, Place, draw

LIST_FORMAT = "ambassador-scheduler lottery list 1"
RESULT_FORMAT = "ambassador-scheduler lottery result 1"
LONGEST_SEED = 200
HEADS = ("lottery", "programme", "frozen", "seed-at", "seed-source")
WORD = r"[A-Za-z0-9][A-Za-z0-9_-]*|-|\*"
PLACES_LINE = re.compile(
    rf"places (?P<category>{WORD}) (?P<stratum>{WORD}) (?P<count>[0-9]{{1,6}})"
)
ENTRY_LINE = re.compile(
    rf"entry (?P<receipt>{WORD}) (?P<unit>{WORD}) (?P<category>{WORD}) (?P<stratum>{WORD})"
)


class ListProblem(ValueError):  # noqa: N818 - said as it is read
    """A text is no list of ours, or was changed on its way; the message says which line."""


@dataclass(frozen=True)
class FrozenList:
    """What a frozen list says: its heads by name, places, entries."""

    heads: Mapping[str, str]
    places: Mapping[Place, int]
    entries: tuple[Entry, ...]


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes as 64 small hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def one_line(text: str) -> str:
    """Return a text with every stretch of blanks and line breaks as one blank, none at its ends."""
    return " ".join(text.split())


def is_typeable(seed: str) -> bool:
    """Tell whether everybody could type a seed again: short, Latin letters, digits, punctuation."""
    return bool(seed) and seed.isascii() and seed.isprintable() and len(seed) <= LONGEST_SEED


def utc_text(instant: dt.datetime) -> str:
    """Return an instant as lists write it."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def list_text(frozen: FrozenList) -> str:
    """Return the list in its one and only form."""
    places = sorted(
        f"places {category} {stratum} {count}"
        for (category, stratum), count in frozen.places.items()
    )
    entries = sorted(
        f"entry {entry.receipt} {entry.unit} {entry.category} {entry.stratum}"
        for entry in frozen.entries
    )
    heads = [f"{name} {frozen.heads[name]}" for name in HEADS]
    return _lines([LIST_FORMAT, *heads, *places, *entries])


def read_list(text: str) -> FrozenList:
    """Return what a list says; raises `ListProblem` unless it is exactly in its form."""
    lines = text.split("\n")
    if lines[0] != LIST_FORMAT:
        raise ListProblem(f'line 1 is not "{LIST_FORMAT}"')
    first = len(HEADS) + 1
    places, entries = _read_body(lines[first:-1], first + 1)
    frozen = FrozenList(_read_heads(lines), places, tuple(entries))
    if list_text(frozen) != text:
        raise ListProblem("the lines are not sorted, are repeated, or the last one does not end")
    if len({entry.receipt for entry in entries}) < len(entries):
        raise ListProblem("a receipt stands in it twice")
    return frozen


def _read_heads(lines: list[str]) -> dict[str, str]:
    heads = {}
    for number, name in enumerate(HEADS, start=1):
        word, _blank, value = (lines[number] if number < len(lines) else "").partition(" ")
        if word != name:
            raise ListProblem(f'line {number + 1} does not begin with "{name}"')
        heads[name] = value
    return heads


def _read_body(lines: list[str], first_number: int) -> tuple[dict[Place, int], list[Entry]]:
    places: dict[Place, int] = {}
    entries: list[Entry] = []
    for number, line in enumerate(lines, start=first_number):
        if found := PLACES_LINE.fullmatch(line):
            places[found["category"], found["stratum"]] = int(found["count"])
        elif found := ENTRY_LINE.fullmatch(line):
            entries.append(Entry(**found.groupdict()))
        else:
            raise ListProblem(f"line {number} is neither places nor an entry")
    return places, entries


def drawn_from(text: str, seed: str) -> list[Drawn]:
    """Return the draw of a list's text with a seed; raises `ListProblem`."""
    frozen = read_list(text)
    return draw(frozen.entries, frozen.places, seed=one_line(seed), digest=digest_of(text))


def result_text(lottery: str, digest: str, seed: str, drawn: Iterable[Drawn]) -> str:
    """Return the result in its one and only form: heads, then a line per entry by rank."""
    heads = [f"lottery {lottery}", f"list-sha256 {digest}", f"seed {one_line(seed)}"]
    return _lines([RESULT_FORMAT, *heads, *map(_result_line, drawn)])


def result_of(text: str, seed: str) -> str:
    """Return the result that a list's text and a seed lead to; raises `ListProblem`."""
    heads = read_list(text).heads
    return result_text(heads["lottery"], digest_of(text), seed, drawn_from(text, seed))


def _result_line(drawn: Drawn) -> str:
    entry = drawn.entry
    place_of = drawn.place_of if drawn.outcome is Outcome.PLACE else "-"
    words = (drawn.rank, entry.receipt, entry.unit, entry.category, entry.stratum)
    return " ".join([*map(str, words), drawn.outcome.value, str(place_of)])


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
