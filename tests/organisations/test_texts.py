"""Every reason to refuse can be told."""

import pytest

from scheduler.organisations import texts  # noqa: F401 - registers the sentences
from scheduler.organisations.refusals import Refusal
from scheduler.texts import has_sentence


@pytest.mark.parametrize("code", Refusal)
def test_a_refusal_has_its_sentence(code):
    assert has_sentence(code)
