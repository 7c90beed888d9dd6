"""Which word counts: by programme, the guardian's own before the school's, the newer of two."""

import pytest
from sqlalchemy import select

from scheduler.applications.models import Member
from scheduler.applications.required_consents import missing_required, missing_required_by_id
from scheduler.people.consent_models import ConsentRules
from scheduler.people.consents import lacks_consent, refused, without_required_consent
from scheduler.people.models import ConsentPurpose, Person
from tests import factories

PARTICIPATION, IMAGE = ConsentPurpose.PARTICIPATION, ConsentPurpose.IMAGE
INSURANCE = ConsentPurpose.INSURANCE


@pytest.fixture
def programme(session):
    return factories.programme()


@pytest.fixture
def child(session):
    return factories.person(factories.school())


def own(child, programme, *, is_granted=True, purpose=PARTICIPATION, version=1):
    return factories.consent(
        child,
        purpose=purpose,
        programme_id=programme.id,
        method="link",
        is_granted=is_granted,
        text_version=version,
    )


def holds(session, condition):
    return list(session.scalars(select(Person.id).where(condition)))


def lacking(session, child, programme):
    return holds(session, lacks_consent(Person.id, programme.id)) == [child.id]


def not_required(session, child, programme):
    return holds(session, without_required_consent(Person.id, programme.id)) == [child.id]


def test_without_any_word_consent_is_lacking(session, programme, child):
    assert lacking(session, child, programme)
    assert not_required(session, child, programme)


def test_the_schools_declaration_holds_for_every_programme(session, programme, child):
    factories.consent(child)
    assert not lacking(session, child, programme)
    assert not not_required(session, child, factories.programme())


def test_a_refusal_beats_the_schools_word_whichever_came_later(session, programme, child):
    factories.consent(child)
    own(child, programme, is_granted=False)
    factories.consent(child)
    assert lacking(session, child, programme)
    assert list(session.scalars(refused(PARTICIPATION, programme.id))) == [child.id]


def test_a_refusal_in_one_programme_says_nothing_about_another(session, programme, child):
    other = factories.programme()
    factories.consent(child)
    own(child, programme, is_granted=False)
    own(child, other, is_granted=True)
    assert lacking(session, child, programme)
    assert not lacking(session, child, other)
    assert list(session.scalars(refused(PARTICIPATION, other.id))) == []


def test_of_two_own_words_the_newer_counts(session, programme, child):
    for is_granted, expected in ((True, False), (False, True), (True, False)):
        own(child, programme, is_granted=is_granted)
        assert lacking(session, child, programme) is expected


def test_where_the_own_consent_is_needed_the_schools_does_not_suffice(session, programme, child):
    factories.consent(child)
    session.add(ConsentRules(programme_id=programme.id, needs_own_consent=True))
    session.flush()
    assert not lacking(session, child, programme), "entry takes the school's word"
    assert not_required(session, child, programme)
    own(child, programme)
    assert not not_required(session, child, programme)


@pytest.mark.parametrize(
    ("values", "said", "expected"),
    [
        ({"is_required": True}, None, True),
        ({"is_required": True}, False, True),
        ({"is_required": True}, True, False),
        ({"is_required": False}, None, False),
        ({"is_required": False}, False, False),
        ({"is_required": True, "is_asked": False}, None, False),
    ],
)
def test_only_what_is_asked_and_required_is_missing(
    session, programme, child, values, said, expected
):
    factories.consent(child)
    factories.asked_purpose(programme, INSURANCE, **values)
    if said is not None:
        own(child, programme, purpose=INSURANCE, is_granted=said)
    assert not_required(session, child, programme) is expected


def test_a_consent_to_a_text_that_no_longer_counts_is_missing(session, programme, child):
    own(child, programme, version=1)
    asked = factories.asked_purpose(programme, version=3, counts_from_version=2)
    assert not_required(session, child, programme)
    asked.counts_from_version = 1
    session.flush()
    assert not not_required(session, child, programme)


def test_a_groups_missing_consents_are_named_and_counted(session, programme):
    school = factories.school()
    category = factories.category(programme)
    full, lacks = (factories.application(category, school, pupils=2) for _ in range(2))
    adult = factories.person(school, is_adult=True)
    factories.member(lacks, adult, role="leader")
    for member in full.members:
        factories.consent(member.person)
    factories.consent(lacks.members[0].person)
    assert missing_required(full) == []
    assert missing_required(lacks) == [lacks.members[1].person]
    assert missing_required_by_id([full.id, lacks.id]) == {full.id: 0, lacks.id: 1}


def test_a_substituted_member_begins_without_the_others_consents(session, programme):
    school = factories.school()
    group = factories.application(factories.category(programme), school, pupils=1)
    before = group.members[0]
    own(before.person, programme)
    assert missing_required(group) == []
    successor = factories.person(school)
    session.delete(before)
    session.flush()
    session.add(Member(application=group, person=successor))
    session.flush()
    assert missing_required(group) == [successor]
