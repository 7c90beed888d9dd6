"""What is wrong with a file, in English sentences for whoever uses the engine by itself.

The application says its own things in its readers' languages and asks nothing of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.scheduling.engine.shape import ProblemError

SENTENCES: Mapping[str, str] = {
    "not_json": "This is no JSON; the mistake is in line {line} or just before.",
    "not_text": "This is no text in UTF-8.",
    "doubled_field": "The field “{field}” stands twice in one object.",
    "not_an_object": "Here must stand an object {{…}}: the {kind}.",
    "unknown_field": "A {kind} has no field “{field}”.",
    "unknown_rule": "There is no rule of the kind “{kind}”.",
    "missing_field": "The field “{field}” of the {kind} is missing.",
    "bad_value": "This is no value for the field “{field}” of a {kind}.",
    "too_large": "Numbers go from -{most} to {most}.",
    "doubled_id": "“{id}” stands there twice ({kind}).",
    "unknown_activity": "“{owner}” names the activity “{id}”, which does not exist.",
    "unknown_venue": "“{owner}” names the venue “{id}”, which does not exist.",
    "unknown_id": "“{owner}” names “{id}”, which does not exist.",
    "no_days": "A problem needs at least one day.",
    "grid_below_one": "The grid must be at least 1 minute, not {grid_minutes}.",
    "bad_window": "The window [{start}, {end}] of “{id}” ends before it begins, or begins below 0.",
    "windows_overlap": "Two windows of “{id}” overlap; the later begins at {start}.",
    "window_outside_days": "The window of “{id}” that begins at {start} lies in none of the days.",
    "bad_party": "The party “{id}” needs at least 1 person, and no negative rest.",
    "bad_changeover": "The changeover from “{before}” to “{after}” takes less than 0 minutes.",
    "bad_weight": "The weight of “{id}” is {weight}; none may be below 0.",
    "empty_part": "A part of “{id}” takes less than 1 minute.",
    "no_stage_part": "“{id}” has no part on the stage that its people attend.",
    "stage_parts_apart": "The stage parts of “{id}” do not follow each other without a gap.",
    "no_activities": "The rule “{id}” is about no activities.",
    "not_two_activities": "The rule “{id}” is about exactly two activities.",
    "bad_days": "The rule “{id}” asks for less than one day.",
    "bad_breaks": "The minutes of the rule “{id}” leave no time to work or no break.",
    "bad_pause": "A rule’s minutes of pause are a whole number, not below 0.",
    "bad_early": "The rule “{id}” calls nothing early, or less than none.",
    "bad_numbers": "The rule “{id}” needs a number for each activity, and none below 0.",
    "bad_minutes": "The minutes of the rule “{id}” are below 0, or the most is below the least.",
    "too_many_wishes": "“{id}” has more wishes than the {most} that `rank_costs` price.",
    "bad_place": "The place “{id}” takes from {least} to {most} people, which nobody can keep.",
    "bad_quota": "The quota “{id}” wants {least} or keeps more seats than the {most} there are.",
    "bad_cost": "Costs go from {least} to {most}.",
    "rank_costs_fall": "A later wish must not cost less than an earlier one (`rank_costs`).",
    "bad_table": "The table of costs needs {people} rows of {places} numbers.",
    "kept_twice": "Two quotas keep seats of the place “{id}” for the same people.",
    "activity_unknown": "The problem has no activity “{id}”.",
}


def sentence(error: ProblemError) -> str:
    """Return what is wrong, behind the place in the file where that is known."""
    said = SENTENCES[error.code].format(**error.facts)
    path = error.facts.get("path")
    return f"{path}: {said}" if path else said
