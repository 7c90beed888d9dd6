"""Every state that is stored anywhere has a word, a tone and an icon."""

from pathlib import Path

import pytest

from scheduler.applications import models as applications
from scheduler.applications.workflow import State
from scheduler.jobs.models import JobState
from scheduler.notifications.models import MailState
from scheduler.scheduling.models import PlanState
from scheduler.states import _LOOKS, StateLook, state_look

STORED = [*State, *JobState, *MailState, *PlanState, *applications.ImportState]
ICONS = Path(__file__).parents[2] / "scheduler" / "assets" / "icons.txt"


@pytest.mark.parametrize("state", STORED, ids=lambda state: f"{type(state).__name__}-{state}")
def test_stored_state_has_a_look(state):
    assert state_look(state) is state_look(state.value) is _LOOKS[state.value]


def test_unknown_state_is_neutral_and_keeps_its_word():
    assert state_look("moonlit") == StateLook("moonlit", "neutral", "circle-fill")


def test_every_icon_is_in_the_sprite():
    assert {look.icon for look in _LOOKS.values()} <= set(ICONS.read_text().split())
