"""Every reason to refuse can be told."""

import pytest
from flask_babel import force_locale

from scheduler.programmes import texts
from scheduler.programmes.approval import LevelKind
from scheduler.programmes.refusals import Refusal
from scheduler.texts import has_sentence


@pytest.mark.parametrize("code", Refusal)
def test_a_refusal_has_its_sentence(code):
    assert has_sentence(code)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ["School", "District", "City", "Organiser"]),
        ("zh_Hans", ["学校", "区级", "市级", "承办方"]),
        ("zh_Hant_HK", ["學校", "區級", "市級", "承辦方"]),
    ],
)
def test_a_level_is_named_as_a_level_not_as_a_place(app, locale, words):
    with app.test_request_context(), force_locale(locale):
        assert [str(texts.LEVELS[kind]) for kind in LevelKind] == words
