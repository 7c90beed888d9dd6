"""What ical.js makes of feeds; Thunderbird and Nextcloud read calendars with it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

READER = Path(__file__).with_name("read_with_icaljs.mjs")
ICALJS = READER.parents[2] / "node_modules" / "ical.js"
needs_icaljs = pytest.mark.skipif(
    not (shutil.which("node") and ICALJS.exists()), reason="ical.js is missing: npm install"
)


def read_by_icaljs(*feeds):
    """Return name and events of each feed; instants are seconds since 1970, dates are text.

    Starts one Node process, which costs more than reading does.
    """
    done = subprocess.run(
        ["node", str(READER)], input=b"".join(feeds), capture_output=True, check=True
    )
    return json.loads(done.stdout)
