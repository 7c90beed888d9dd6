"""Everything that applications say has its words, and its mails can be written."""

import pytest

from scheduler.applications import texts
from scheduler.applications.completeness import Missing, Shortfall
from scheduler.applications.fields import Field
from scheduler.applications.findings import Finding, FindingCode, Kind
from scheduler.applications.member_links import MAIL
from scheduler.applications.models import MemberRole
from scheduler.applications.notices import MAIL_BY_ACTION
from scheduler.applications.workflow import DECISIONS, Action, Refusal, State
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.languages import LOCALES
from scheduler.notifications import templates
from scheduler.texts import has_sentence, sentence

pytestmark = pytest.mark.any_database

FACTS = {
    "advisers": 3,
    "chaperones": 1,
    "shown": "x",
    "pupils": 3,
    "least": 30,
    "most": 40,
    "works": 3,
    "duration": "8:01",
    "places": 2,
    "label": "Size",
    "fields": 2,
    "rank": 3,
    "ranks": "3, 5",
    "schools": "School of the North",
}


@pytest.mark.parametrize("code", [*Refusal, *Shortfall])
def test_every_refusal_has_a_sentence_that_takes_its_facts(app, code):
    with app.test_request_context():
        assert has_sentence(code)
        assert "%(" not in sentence(code, **FACTS)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (texts.ACTION_LABELS, Action),
        (texts.FIELD_LABELS, Field),
        (texts.ROLE_LABELS, MemberRole),
        (texts.NEXT_STEPS, State),
        (texts.FINDING_LABELS, FindingCode),
        (texts.FINDING_COUNTS, FindingCode),
    ],
)
def test_every_word_has_a_label(labels, words):
    assert set(labels) == set(words)


def test_marked_fields_stand_in_the_order_of_the_form(app):
    with app.test_request_context():
        assert texts.field_list(["pieces", "name", "unknown"]) == "Group's name, Repertoire"


def test_a_kind_counts_people_not_memberships(app):
    twice = [
        Finding(FindingCode.PUPIL_ELSEWHERE, "P1", "Ann", other=other)
        for other in (("A1", "Larks"), ("A2", "Robins"))
    ]
    with app.test_request_context():
        count = texts.finding_count(Kind(FindingCode.PUPIL_ELSEWHERE, twice))
    assert count == "1 in two groups"


def test_what_is_missing_is_a_sentence(app):
    missing = Missing(Shortfall.TOO_FEW_MEMBERS, {"pupils": 3, "least": 30})
    with app.test_request_context():
        assert texts.missing_text(missing) == "3 pupils entered; at least 30 are needed."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused(Refusal.NO_PLACE_LEFT, places=2), "All 2 places of this category are taken."),
        (Conflict(), "Somebody changed it since you opened the list. Look at it again."),
        (NotFound(), "There is no such application."),
        (NotAllowed(), "You may not decide on this application."),
    ],
)
def test_every_outcome_is_explained(app, error, said):
    with app.test_request_context():
        assert texts.error_text(error) == said


def test_every_decision_has_its_mail():
    # Nomination changes nothing that the school has to know by mail; its page shows it.
    assert set(MAIL_BY_ACTION) == DECISIONS - {Action.NOMINATE}


LAPSED = "applications.offer_lapsed"


@pytest.mark.parametrize(
    "code",
    [
        *MAIL_BY_ACTION.values(),
        "applications.submitted",
        "applications.withdrawn",
        "applications.confirm_soon",
        "applications.confirm_or_lose",
        "applications.not_confirmed",
        LAPSED,
        MAIL,
    ],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_mail_can_be_written_in_every_language(app, code, locale):
    facts = {
        "ref": "A-1",
        "group": "Larks",
        "school": "Oak School",
        "category": {"en": "Choir"},
        "programme": {"en": "Festival"},
        "link": "/applications/A-1",
        "reason": "Please shorten.",
        "places": 1,
        "deadline_at": "2027-04-01T08:00:00+00:00",
        "pupil": "Ann",
    }
    with app.test_request_context():
        written = templates.write(
            code, facts, locale=locale, to_name="Officer", public_url="https://example.org"
        )
    assert "Larks" in written.subject + written.body
    assert "https://example.org/applications/A-1" in written.body
