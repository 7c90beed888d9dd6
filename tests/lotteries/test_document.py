"""The program that docs/lottery.md offers to everybody gives the published result."""

import re
import subprocess
import sys

from scheduler import paths
from scheduler.lotteries.draw import Entry
from scheduler.lotteries.lists import FrozenList, list_text, read_list, result_of
from tests.lotteries.test_lists import FROZEN

DOCUMENT = (paths.PACKAGE.parent / "docs" / "lottery.md").read_text(encoding="utf-8")
SEED = "03 08 11 17 25 31 + 09"


def test_ten_lines_of_any_language_are_enough(tmp_path):
    program = re.search(r"```python\n(.*?)```", DOCUMENT, re.DOTALL).group(1)
    receipts = [f"R-{number:03}" for number in range(40)]
    entries = tuple(Entry(receipt, receipt, "CHAMBER", "-") for receipt in receipts)
    text = list_text(FrozenList(FROZEN.heads, {("CHAMBER", "*"): 7}, entries))
    (tmp_path / "L-7KQ2M9XD-list.txt").write_bytes(text.encode())
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    ours = [line.split() for line in result_of(text, SEED).splitlines()[4:]]
    assert [line.split() for line in done.stdout.splitlines()] == [
        [rank, unit, outcome] for rank, _, unit, _, _, outcome, _ in ours
    ]
    assert len(program.splitlines()) <= 12


def test_the_example_of_a_list_is_one():
    example = re.search(r"```\n(ambassador-scheduler lottery list.*?)```", DOCUMENT, re.DOTALL)
    assert read_list(example.group(1)).places == {("CHAMBER", "*"): 1, ("CHAMBER", "GZ"): 1}
