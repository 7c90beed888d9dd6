"""The engine from a command line, without the application.

python -m scheduler.scheduling.engine solve problem.json --seconds 60 > plan.json
python -m scheduler.scheduling.engine --help
"""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from math import isfinite
from typing import TYPE_CHECKING

from scheduler.scheduling.engine import commands
from scheduler.scheduling.engine.assigning.result import Aim
from scheduler.scheduling.engine.commands import Exit
from scheduler.scheduling.engine.schema import SCHEMAS
from scheduler.scheduling.engine.sentences import sentence
from scheduler.scheduling.engine.shape import ProblemError

if TYPE_CHECKING:
    from argparse import _SubParsersAction
    from collections.abc import Callable, Sequence

NOTES = """\
Files are JSON in UTF-8; “-” reads one from the standard input. Their schemas: the command
“schema”; in words: docs/planning-format.md. Results are JSON on the standard output, progress and
complaints come on the error output. Ctrl-C ends a search and keeps the best that it has.

exit status:
  0  a valid plan or assignment, a possible problem, another place
  1  none, or a rule is broken
  2  a file or an option that cannot be used
"""
HIGHEST_SEED = 2**31 - 1


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    arguments = _parser().parse_args(words)
    try:
        return int(arguments.command(arguments))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"{where}{error.strerror}\n")
    except ProblemError as error:
        sys.stderr.write(f"{sentence(error)}\n")
    return Exit.UNUSABLE


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m scheduler.scheduling.engine",
        description="Plans activities in venues and time, and assigns people to places.",
        epilog=NOTES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    added = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    solve = _command(added, "solve", "write the best plan found", commands.solve)
    _searches(solve)
    solve.add_argument("--start", metavar="PLAN", help="a plan to start from, valid or not")
    repair = _command(added, "repair", "move as little of a plan as possible", commands.repair)
    repair.add_argument("plan", metavar="PLAN", help="the plan that no longer fits the problem")
    repair.add_argument("--now", type=int, metavar="MINUTE", help="what began before it stays")
    _searches(repair)
    trade = _command(
        added, "tradeoffs", "write a few plans that trade one wish for others", commands.tradeoffs
    )
    _searches(trade)
    trade.add_argument("--start", metavar="PLAN", help="the plan that the others are compared with")
    check = _command(added, "check", "list what a plan breaks, and its cost", commands.check)
    check.add_argument("plan", metavar="PLAN")
    explain = _command(added, "explain", "name the rules that leave no plan", commands.explain)
    _seconds(explain, 30)
    elsewhere = _command(
        added, "elsewhere", "say where else one activity could stand", commands.elsewhere
    )
    elsewhere.add_argument("plan", metavar="PLAN")
    elsewhere.add_argument("activity", metavar="ACTIVITY", help="the id of the activity")
    assign = _command(added, "assign", "write who goes where, or what is short", commands.assign)
    assign.add_argument(
        "--aim",
        type=Aim,
        choices=list(Aim),
        default=Aim.CHEAPEST,
        help="the least sum of costs, or the worst off first (default: %(default)s)",
    )
    _seconds(assign, 60)
    schema = added.add_parser("schema", help="write the JSON Schema of a kind of file")
    schema.set_defaults(command=commands.schema)
    schema.add_argument("of", choices=list(SCHEMAS), help="the kind of file")
    return parser


def _command(
    added: _SubParsersAction[ArgumentParser],
    name: str,
    said: str,
    command: Callable[..., Exit],
) -> ArgumentParser:
    """Add a command about a problem."""
    parser = added.add_parser(
        name,
        help=said,
        description=f"{said[0].upper()}{said[1:]}.",
        epilog=NOTES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=command)
    parser.add_argument("problem", metavar="PROBLEM", help="a file with a problem")
    return parser


def _searches(parser: ArgumentParser) -> None:
    _seconds(parser, 60)
    parser.add_argument(
        "--work",
        type=_positive,
        metavar="UNITS",
        help="end by the solver's own count of work: the same result in every run; one unit "
        "takes a second or less. --seconds still holds",
    )
    parser.add_argument(
        "--seed", type=_seed, default=1, help="another seed, another way (default: %(default)s)"
    )


def _seconds(parser: ArgumentParser, usual: int) -> None:
    parser.add_argument(
        "--seconds", type=_positive, default=usual, help="of search (default: %(default)s)"
    )


def _positive(word: str) -> float:
    number = float(word)
    if not isfinite(number) or number <= 0:
        raise ArgumentTypeError(f"{word} is no number above 0")
    return number


def _seed(word: str) -> int:
    number = int(word)
    if not 0 <= number <= HIGHEST_SEED:
        raise ArgumentTypeError(f"{word} is not between 0 and {HIGHEST_SEED}")
    return number


if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda *_: commands.stop.set())
    sys.exit(main())
