"""Words about lotteries: strata in the reader's language, kept refusals as sentences."""

import pytest
from flask_babel import force_locale

from scheduler.applications import workflow
from scheduler.lotteries.texts import refusal_sentence, stratum_label

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("stratum", "label"),
    [
        ("*", "Any other"),
        ("-", "–"),
        ("P", "Primary"),
        ("PJ", "Primary + Lower secondary"),
        ("440112", "440112"),
    ],
)
def test_a_stratum_has_a_label(app, stratum, label):
    with app.test_request_context(), force_locale("en"):
        assert stratum_label(stratum) == label


@pytest.mark.parametrize("word", [*workflow.Refusal, "NotAllowed", "Conflict", "something"])
def test_every_kept_refusal_can_be_told(app, word):
    with app.test_request_context(), force_locale("en"):
        said = refusal_sentence(str(word))
    assert said.endswith(".")
    assert "%(" not in said
