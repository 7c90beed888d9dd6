"""Substitutions over HTTP: a school asks, coordinators decide on one or many."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.models import MemberRole
from scheduler.applications.roster_records import RosterCode
from scheduler.applications.roster_texts import explain_code
from scheduler.applications.substitution_models import Substitution, SubstitutionState
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.programmes.kinds import DateKind
from tests import factories
from tests.applications.making import (
    coordinator_of,
    leader_of,
    make_entry,
    make_person,
    make_programme,
    make_school,
    officer_of,
)
from tests.support.pages import text_of

PUPIL = {
    "reason": "Moved to another town",
    "name": "陈子涵",
    "sex": "M",
    "birth_on": "2015/3/1",
    "guardian_name": "陈大文",
    "guardian_phone": "13800138000",
    "consent_held": "Y",
}


@pytest.fixture
def group(festival):
    return make_entry(festival.category, festival.school, state=State.ACCEPTED)


@pytest.fixture
def officer(festival, group, sign_in):
    return sign_in(festival.officer)


@pytest.fixture
def coordinator(festival, group, sign_in):
    return sign_in(festival.coordinator)


def pupils(group):
    return [each.person for each in group.members if each.role is MemberRole.PUPIL]


def form_path(group, person, coming=None):
    path = f"/applications/{group.ref}/members/{person.ref}/substitute/form"
    return f"{path}?coming={coming.ref}" if coming else path


def queue_path(festival, action=""):
    return f"/programmes/{festival.programme.code}/substitutions{action}"


def asked(group, festival, **values):
    return factories.substitution(group, festival.officer, **values)


def column(page, label):
    return [text_of(cell) for cell in page.all("td", data_label=label)]


def links_of(page):
    return [each.get("href") for each in page.all("a")]


def test_a_school_finds_who_comes(officer, group):
    leaving = pupils(group)[0]
    make_person(group.school, name="Robin", latin_name="Robin Red")
    make_person(make_school(), name="Robin Stranger")
    assert f"/applications/{group.ref}/substitutions" in links_of(
        officer.get(f"/applications/{group.ref}").page
    )
    path = f"/applications/{group.ref}/members/{leaving.ref}/substitute"
    assert path in links_of(officer.get(f"/applications/{group.ref}/substitutions").page)
    found = officer.get(f"{path}?q=robin").page
    assert [text_of(each) for each in found.all("th", scope="row")] == ["Robin Robin Red"]


def test_a_school_asks_for_somebody_new(officer, group, session):
    leaving = pupils(group)[0]
    leaving_member = next(each for each in group.members if each.person is leaving)
    leaving_member.part = "S2"
    shown = officer.get(form_path(group, leaving)).page.values()
    assert (shown["part"], shown["name"]) == ("S2", "")
    answer = officer.post(form_path(group, leaving), data=PUPIL)
    assert answer.location == f"/applications/{group.ref}/substitutions"
    page = officer.get(answer.location).page
    assert (column(page, "Comes"), column(page, "State")) == (["陈子涵"], ["Waits for a decision"])
    assert "To be substituted" in page.text
    made = session.scalars(select(Substitution)).one()
    assert (made.leaving, made.coming) == (leaving, None)


def test_what_is_wrong_stands_beside_its_field(officer, group, session):
    wrong = PUPIL | {"reason": "", "birth_on": "soon", "name": "陈3"}
    answer = officer.post(form_path(group, pupils(group)[0]), data=wrong)
    assert answer.status_code == 422
    ids = [block.get("id", "") for block in answer.page.all("div")]
    assert {"reason-error", "birth_on-error", "name-error"} <= set(ids)
    answer = officer.post(form_path(group, pupils(group)[0]), data=PUPIL | {"reason": " "})
    assert text_of(answer.page.one("div", id="reason-error")) == "Please fill this in."
    assert answer.page.values()["name"] == "陈子涵"
    assert session.scalars(select(Substitution)).all() == []


def test_of_a_known_pupil_little_is_asked_and_nothing_is_shown(officer, group):
    known = make_person(group.school, name="Robin", sex="M")
    shown = officer.get(form_path(group, pupils(group)[0], known)).page.values()
    asked_for = set(shown) - {"csrf_token", "locale", "theme", "next", "seen"}
    assert asked_for == {"reason", "part", "grade", "remark", "consent_held"}


def test_after_the_date_the_school_is_told_and_led_back(officer, group, festival):
    factories.programme_date(festival.programme, DateKind.SUBSTITUTIONS_UNTIL, clock.now())
    answer = officer.post(form_path(group, pupils(group)[0]), data=PUPIL)
    assert answer.location == f"/applications/{group.ref}"
    page = officer.get(f"/applications/{group.ref}/substitutions").page
    assert "Members could be substituted until" in page.text
    assert not [each for each in links_of(page) if each.endswith("/substitute")]


def test_a_request_is_taken_back(officer, group, festival, session):
    made = asked(group, festival)
    session.commit()
    answer = officer.post(f"/substitutions/{made.ref}/withdraw")
    assert answer.location == f"/applications/{group.ref}/substitutions"
    assert made.state is SubstitutionState.WITHDRAWN
    assert officer.post(f"/substitutions/{made.ref}/withdraw").status_code == 409


def test_coordinators_see_who_leaves_who_comes_and_why(coordinator, group, festival, session):
    made = asked(group, festival)
    other = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    known = make_person(group.school, name="Robin")
    factories.member(other, known)
    asked(other, festival, coming=known)
    abroad = make_entry(factories.category(make_programme()), festival.school, state=State.ACCEPTED)
    asked(abroad, festival)
    page = coordinator.get(queue_path(festival)).page
    assert column(page, "Leaves") == [pupils(group)[0].name, pupils(other)[0].name]
    assert column(page, "Comes")[0] == "Somebody Else 2016-01-01"
    assert column(page, "Reason") == ["Moved away", "Moved away"]
    queue = coordinator.get(f"/programmes/{festival.programme.code}/applications")
    assert "2 substitutions of members wait for a decision" in queue.page.text
    case = coordinator.get(f"/applications/{group.ref}/case").page
    assert queue_path(festival) in links_of(case)
    read = session.scalars(
        select(AuditEntry.facts).where(AuditEntry.action == "read:substitutions")
    ).all()
    assert read == [{"people": 4}]
    assert made.state is SubstitutionState.PENDING


def test_many_are_decided_at_once_and_stale_ones_are_named(coordinator, group, festival, session):
    first = asked(group, festival)
    second = asked(group, festival, leaving=pupils(group)[1])
    session.commit()
    stale = f"{second.ref}.{second.version + 1}"
    data = {"seen": [first.seen, stale, "U-NOTHERE.1"], "verdict": "reject", "reason": "Too late"}
    answer = coordinator.post(queue_path(festival, "/decisions"), data=data)
    assert answer.status_code == 409
    alert = text_of(answer.page.one("div", class_="callout-danger"))
    assert group.group_name in alert
    assert "U-NOTHERE" in alert
    assert (first.state, second.state) == (SubstitutionState.REJECTED, SubstitutionState.PENDING)
    answer = coordinator.post(
        queue_path(festival, "/decisions"),
        data={"seen": [second.seen], "verdict": "reject", "reason": "Too late"},
    )
    assert answer.location == queue_path(festival)
    rejected = coordinator.get(f"{queue_path(festival)}?state=rejected").page
    assert column(rejected, "Comes") == ["–", "–"]


def test_a_rejection_without_a_reason_says_so_beside_the_field(
    coordinator, group, festival, session
):
    first = asked(group, festival)
    asked(group, festival, leaving=pupils(group)[1])
    session.commit()
    data = {"seen": [first.seen], "verdict": "reject", "reason": " "}
    answer = coordinator.post(queue_path(festival, "/decisions"), data=data)
    assert answer.status_code == 422
    told = text_of(answer.page.one("div", id="reason-error"))
    assert told == "Please give the reason: the school will read it."
    boxes = answer.page.all("input", name="seen")
    assert [box.get("value") for box in boxes if box.get("checked") is not None] == [first.seen]
    assert len(boxes) == 2
    assert first.state is SubstitutionState.PENDING


def test_the_history_names_both_only_to_those_who_may_know(
    officer, group, festival, coordinator, sign_in, session
):
    leaving = pupils(group)[0]
    officer.post(form_path(group, leaving), data=PUPIL)
    made = session.scalars(select(Substitution)).one()
    data = {"seen": [made.seen], "verdict": "approve"}
    assert coordinator.post(queue_path(festival, "/decisions"), data=data).status_code == 303
    told = f"Member: from “{leaving.name}” to “陈子涵”"
    assert told in officer.get(f"/applications/{group.ref}").page.text
    assert told in coordinator.get(f"/applications/{group.ref}/case").page.text
    leader = sign_in(leader_of(group)).get(f"/applications/{group.ref}").page.text
    assert "Member: changed" in leader
    assert leaving.name not in leader


@pytest.mark.parametrize("who", ["neighbour", "leader", "abroad"])
def test_others_neither_see_nor_decide(group, festival, sign_in, session, who):
    made = asked(group, festival)
    people = {
        "neighbour": lambda: officer_of(make_school()),
        "leader": lambda: leader_of(group),
        "abroad": lambda: coordinator_of(make_programme()),
    }
    stranger = sign_in(people[who]())
    data = {"seen": [made.seen], "verdict": "approve"}
    answers = [
        stranger.get(f"/applications/{group.ref}/substitutions"),
        stranger.get(form_path(group, pupils(group)[0])),
        stranger.get(queue_path(festival)),
        stranger.post(f"/substitutions/{made.ref}/withdraw"),
        stranger.post(queue_path(festival, "/decisions"), data=data),
    ]
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert made.state is SubstitutionState.PENDING


def test_a_coordinator_does_not_decide_on_another_programme(coordinator, festival, session):
    programme = make_programme()
    abroad = make_entry(factories.category(programme), festival.school, state=State.ACCEPTED)
    made = asked(abroad, festival)
    session.commit()
    data = {"seen": [made.seen], "verdict": "approve"}
    assert coordinator.post(queue_path(festival, "/decisions"), data=data).status_code == 409
    assert made.state is SubstitutionState.PENDING


def test_the_workbook_says_where_members_are_substituted():
    text = explain_code(RosterCode.GROUP_DECIDED, {}, None).wrong
    assert "substituted on the entry's own page" in str(text)
