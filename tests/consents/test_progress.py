"""Who was asked and what was answered: counted, searched, and open only to whom it concerns."""

import pytest
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.consents.progress import counts_by_purpose, pupils_of
from scheduler.people.consent_models import ConsentRules
from tests import factories
from tests.support.pages import text_of

PARTICIPATION, IMAGE = "participation", "image"


def address(festival, action="", **values):
    school = values.get("school", festival.school)
    return f"/programmes/{festival.programme.code}/schools/{school.code}/consents{action}"


def say(festival, child, purpose, *, is_granted=True, version=1):
    factories.consent(
        child,
        purpose=purpose,
        programme_id=festival.programme.id,
        method="link",
        is_granted=is_granted,
        text_version=version,
    )


def counts(festival):
    found = counts_by_purpose(festival.programme, pupils_of(festival.programme.id))
    return {each.purpose.value: (each.given, each.refused, each.missing) for each in found}


def names(page):
    return [
        text_of(node) for node in page.all("th", scope="row") if node.get("data-label") == "Pupil"
    ]


def test_each_purpose_is_counted_for_itself(asked, session):
    say(asked, asked.elder, IMAGE)
    say(asked, asked.younger, IMAGE, is_granted=False)
    say(asked, asked.younger, PARTICIPATION, is_granted=False)
    assert counts(asked) == {
        "participation": (2, 1, 0),
        "health": (0, 0, 3),
        "image": (1, 1, 1),
    }
    session.add(ConsentRules(programme_id=asked.programme.id, needs_own_consent=True))
    session.flush()
    assert counts(asked)["participation"] == (0, 1, 2)


def test_a_pupil_in_two_groups_is_counted_once(asked):
    second = factories.application(factories.category(asked.programme), asked.school)
    factories.member(second, asked.elder)
    assert sum(counts(asked)["image"]) == 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ann Lee", "Ben Lee", "Quxi Neverseen"]),
        ("?q=lee", ["Ann Lee", "Ben Lee"]),
        ("?state=refused", ["Ben Lee"]),
        ("?state=refused&purpose=health", []),
        ("?state=given&purpose=image", ["Ann Lee"]),
        ("?state=required", []),
        ("?group=nonsense&state=nonsense&purpose=nonsense", []),
    ],
)
def test_the_list_is_searched_and_filtered(asked, sign_in, query, expected):
    say(asked, asked.elder, IMAGE)
    say(asked, asked.younger, IMAGE, is_granted=False)
    page = sign_in(asked.officer).get(address(asked) + query).page
    assert names(page) == expected


def test_a_row_says_what_is_given_refused_missing_and_who_was_asked(asked, sign_in):
    say(asked, asked.elder, IMAGE, is_granted=False)
    client = sign_in(asked.officer)
    client.post(address(asked, "/mail"))
    page = client.get(address(asked) + "?q=Ann").page
    row = next(node for node in page.all("tr") if "Ann Lee" in text_of(node))
    text = text_of(row)
    assert "Refused Photos and films" in text
    assert "Missing Health data" in text
    assert "Given Taking part" in text
    assert "Mary Lee: 1 mail, the last" in text
    assert "1 of 2" in page.text
    assert "The next reminder is possible from Thu 4 March 2027" in page.text


def test_sending_twice_says_that_nobody_is_due(asked, sign_in):
    client = sign_in(asked.officer)
    said = [client.post(address(asked, "/mail"), follow_redirects=True).page.text for _ in range(2)]
    assert "1 mail is on its way." in said[0]
    assert (
        "Nothing was sent. Whoever has not answered and has a mail address was mailed less than 3 "
        "days ago, by you or by somebody else of the school or the programme."
    ) in said[1]


def test_looking_is_noted(asked, sign_in, session):
    sign_in(asked.officer).get(address(asked))
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.facts) == ("read:consents", {"people": 3})


def test_who_may_look(asked, sign_in):
    leader = factories.leader(asked.group)
    reviewer = factories.reviewer(factories.district())
    neighbour = factories.officer(factories.school())
    elsewhere = factories.coordinator(factories.programme())
    answers = [
        sign_in(account).get(address(asked)).status_code
        for account in (asked.officer, asked.coordinator, leader, reviewer, neighbour, elsewhere)
    ]
    assert answers == [200, 200, 403, 403, 403, 403]


def test_a_coordinator_does_not_reach_a_school_that_entered_nothing(asked, sign_in):
    elsewhere = factories.school()
    factories.application(factories.category(factories.programme()), elsewhere, pupils=1)
    answer = sign_in(asked.coordinator).get(address(asked, school=elsewhere))
    assert answer.status_code == 404


def test_the_overview_counts_by_school(asked, sign_in):
    second = factories.school(name="Second School")
    group = factories.application(factories.category(asked.programme), second)
    factories.member(group, factories.person(second))
    say(asked, asked.elder, IMAGE, is_granted=False)
    page = sign_in(asked.coordinator).get(f"/programmes/{asked.programme.code}/consents").page
    rows = [text_of(node) for node in page.all("tr") if "School" in text_of(node)]
    assert f"{asked.school.name} 3 0 1" in rows
    assert "Second School 1 1 0" in rows


def test_before_anything_is_asked_the_page_says_so(festival, sign_in):
    page = sign_in(festival.officer).get(address(festival)).page
    assert "Nothing is asked yet" in page.text


def test_a_groups_page_names_who_lacks_a_required_consent(asked, sign_in, session):
    session.add(ConsentRules(programme_id=asked.programme.id, needs_own_consent=True))
    say(asked, asked.elder, PARTICIPATION)
    session.commit()
    page = sign_in(asked.officer).get(f"/applications/{asked.group.ref}").page
    assert "2 pupils lack a required consent." in page.text
    assert "Who lacks it Ben Lee, Quxi Neverseen" in page.text
    link = next(node for node in page.all("a") if text_of(node) == "Guardians' consents")
    shown = sign_in(asked.officer).get(link.get("href")).page
    assert names(shown) == ["Ben Lee", "Quxi Neverseen"]


def test_a_host_does_not_read_which_guest_pupil_lacks_a_consent(asked, sign_in, session):
    session.add(ConsentRules(programme_id=asked.programme.id, needs_own_consent=True))
    part = factories.guest_part(asked.group, factories.school(), pupils=0)
    guest = factories.person(part.school, name="Guest Neverseen")
    factories.member(asked.group, guest)
    session.commit()
    address = f"/applications/{asked.group.ref}"
    page = sign_in(asked.officer).get(address).page
    assert "4 pupils lack a required consent." in page.text
    lacking = next(text_of(node) for node in page.all("details") if "Who lacks it" in text_of(node))
    assert lacking == "Who lacks it Ann Lee, Ben Lee, Quxi Neverseen"
