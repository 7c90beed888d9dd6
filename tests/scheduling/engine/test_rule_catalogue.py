"""docs/planning-rules.md is what the script makes of the catalogue."""

import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "scripts" / "rule_catalogue.py"


def test_the_published_catalogue_is_the_present_one():
    script = runpy.run_path(str(SCRIPT), run_name="catalogue")
    assert script["FILE"].read_text(encoding="utf-8") == script["catalogue"]()
