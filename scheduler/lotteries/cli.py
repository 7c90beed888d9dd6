"""The command that recomputes a draw from downloaded files. It opens no database."""

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from scheduler.lotteries.draw import Drawn, Outcome, waiting_numbers
from scheduler.lotteries.lists import ListProblem, digest_of, drawn_from, result_of

AGREES, DISAGREES, UNREADABLE = 0, 1, 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

lottery = AppGroup("lottery", help="Check a published lottery.")


@lottery.command("verify")
@click.argument("entrants", metavar="LIST", type=FILE)
@click.argument("seed")
@click.option("--result", type=FILE, help="The downloaded result, to be compared.")
@click.option("--sha256", help="The check sum that was published at the freeze.")
@click.option("--receipt", help="Tell what was drawn for this receipt.")
def verify(
    entrants: Path, seed: str, result: Path | None, sha256: str | None, receipt: str | None
) -> None:
    """Draw again from the downloaded LIST and the SEED, and say whether that agrees.

    Exit code: 0 agrees, 1 does not, 2 a file cannot be read or the receipt is not in the list.
    """
    try:
        text = _read(entrants)
        drawn = drawn_from(text, seed)
        published = _read(result) if result else None
    except (ListProblem, UnicodeDecodeError) as problem:
        click.echo(f"This is not a list as it was published: {problem}.", err=True)
        sys.exit(UNREADABLE)
    click.echo(f"list-sha256 {digest_of(text)}")
    click.echo(f"{len(drawn)} entries, {sum(map(_has_place, drawn))} places given")
    _say_receipt(drawn, receipt)
    differences = _differences(text, seed, published, sha256)
    for line in differences:
        click.echo(line, err=True)
    if result is None and sha256 is None:
        click.echo("Drawn again; give --result and --sha256 to compare.")
        return
    click.echo("DISAGREES" if differences else "AGREES")
    sys.exit(DISAGREES if differences else AGREES)


def _read(place: Path) -> str:
    """Return the text as it is: line ends and all."""
    return place.read_bytes().decode("utf-8")


def _has_place(drawn: Drawn) -> bool:
    return drawn.outcome is Outcome.PLACE


def _say_receipt(drawn: list[Drawn], receipt: str | None) -> None:
    if receipt is None:
        return
    own = next((each for each in drawn if each.entry.receipt == receipt.strip().upper()), None)
    if own is None:
        click.echo(f"{receipt} is not in the list.", err=True)
        sys.exit(UNREADABLE)
    if _has_place(own):
        words = f"place ({own.place_of})"
    else:
        words = f"waiting, no. {waiting_numbers(drawn)[own.entry.receipt]} in {own.entry.category}"
    click.echo(f"{own.entry.receipt}: rank {own.rank} of {len(drawn)}, {words}")


def _differences(text: str, seed: str, published: str | None, sha256: str | None) -> list[str]:
    found = []
    if sha256 is not None and sha256.strip().lower() != digest_of(text):
        found.append(f"The list's check sum is not {sha256}.")
    if published is None:
        return found
    ours, theirs = result_of(text, seed).split("\n"), published.split("\n")
    for number in range(max(len(ours), len(theirs))):
        here, there = (lines[number : number + 1] for lines in (ours, theirs))
        if here != there:
            found.append(f"Line {number + 1} of the result should be: {''.join(here)}")
            break
    return found


def init_app(app: Flask) -> None:
    """Add the command to `flask --app wsgi`."""
    app.cli.add_command(lottery)
