"""Jurors and other staff: kept free for their categories, with hours, breaks and ways."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.audit.models import AuditEntry
from scheduler.database import transaction
from scheduler.errors import NotFound
from scheduler.scheduling import services
from scheduler.scheduling.engine import Window
from scheduler.scheduling.engine.catalogue import Breaks
from scheduler.scheduling.parties import staff_services
from scheduler.scheduling.parties.busy_models import BusyTime
from scheduler.scheduling.parties.staff_models import Duty, StaffMember
from scheduler.scheduling.rule_texts import Names, reason_sentence
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.verdict import broken_rules, sentences
from tests import factories
from tests.factories import at


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


@pytest.fixture
def juror(festival, session):
    made = factories.staff_member(festival.choirs, festival.bands, name="Wen Juror")
    session.commit()
    return made


def parties(festival):
    problem = situation_of(festival.programme).problem
    return [one for one in problem.parties if not one.attends_warm_up]


def told(festival, plan, app):
    with app.test_request_context():
        situation = situation_of(festival.programme)
        return sorted(sentences(situation, broken_rules(plan, plan.slots)))


def test_who_is_always_together_is_one_party_without_warm_up(festival, juror, session):
    twin = factories.staff_member(festival.choirs, festival.bands, name="Yan Juror")
    session.commit()
    (party,) = parties(festival)
    groups = (festival.hill_choir, festival.lake_choir, festival.hill_band, festival.lake_band)
    assert party.id == f"{juror.ref}+{twin.ref}"
    assert party.activities == tuple(sorted(group.ref for group in groups))
    assert (party.persons, party.rest_minutes, party.busy) == (2, 0, ())


def test_an_accompanist_warms_up_with_the_groups(festival, session):
    factories.staff_member(festival.choirs, duty=Duty.ACCOMPANIST, name="Pianist")
    session.commit()
    assert parties(festival) == []
    accompanied = situation_of(festival.programme).problem.parties
    choirs = tuple(sorted((festival.hill_choir.ref, festival.lake_choir.ref)))
    assert choirs in {party.activities for party in accompanied}


def test_outside_of_hours_and_at_busy_times_nobody_is_free(festival, juror, session):
    factories.staff_hours(juror, at(9), at(12))
    factories.staff_hours(juror, at(13), at(18))
    factories.busy_time(festival.programme, at(10), at(11), staff_id=juror.id)
    session.commit()
    (party,) = parties(festival)
    day = 24 * 60
    assert party.busy == (
        Window(0, 9 * 60),
        Window(10 * 60, 11 * 60),
        Window(12 * 60, 13 * 60),
        Window(18 * 60, 3 * day),
    )


def test_a_juror_who_is_not_there_is_named(festival, juror, app, session):
    factories.staff_hours(juror, at(9), at(14, 30))
    factories.busy_time(
        festival.programme, at(10), at(10, 5), staff_id=juror.id, reason="Opening speech."
    )
    plan = festival.draft()
    session.commit()
    assert told(festival, plan, app) == [
        "Wen Juror has to attend Hill Choir, but is busy then: Opening speech.",
        "Wen Juror has to attend Lake Band, but is not there then.",
    ]


def test_a_juror_needs_the_way_from_one_venue_to_the_other(festival, juror, app, session):
    plan = festival.draft()
    band = next(each for each in plan.slots if each.application is festival.hill_band)
    session.delete(band)
    session.flush()
    factories.slot(plan, festival.hill_band, festival.room, at(10, 40), minutes=12)
    session.commit()
    session.expire_all()
    clashes = [one for one in told(festival, plan, app) if "Wen Juror" in one]
    (said,) = clashes
    assert said == (
        "Wen Juror has to attend Lake Choir, Hill Band, with 15 min between them; the way alone "
        "takes 20 min."
    )


def test_breaks_become_a_rule_that_is_told_with_its_numbers(festival, juror, app, session):
    juror.most_minutes, juror.break_minutes = 20, 28
    plan = festival.draft()
    session.commit()
    rules = [r for r in situation_of(festival.programme).problem.rules if isinstance(r, Breaks)]
    assert [(rule.most_minutes, rule.break_minutes, rule.with_warm_up) for rule in rules] == [
        (20, 28, False)
    ]
    (said,) = told(festival, plan, app)
    assert said == (
        "Wen Juror would be needed for 25 min from Fri 16 July 2027 10:00 on without a break of "
        "28 min; at most 20 min are right."
    )


def test_a_search_keeps_hours_and_breaks(festival, juror, actor, session):
    juror.most_minutes, juror.break_minutes = 60, 30
    factories.staff_hours(juror, at(13), at(20))
    session.commit()
    with transaction():
        plan = services.begin(festival.programme, actor=actor, now=clock.now(), seconds=5)
    session.expire_all()
    slots = services.slots_of_plan(plan)
    assert len(slots) == 4
    assert min(slot.starts_at for slot in slots) >= at(13)
    assert broken_rules(plan, slots) == []


def test_an_explanation_names_the_juror(festival, juror, app):
    with app.test_request_context():
        names = Names(situation_of(festival.programme))
        said = [
            reason_sentence("party_busy", [juror.ref], {}, names),
            reason_sentence("party_clash", [juror.ref], {}, names),
            reason_sentence("stated", [f"breaks {juror.ref}"], {"rule": "breaks"}, names),
            reason_sentence("stated", ["breaks F-GONE"], {"rule": "breaks"}, names),
        ]
    assert said == [
        "Wen Juror attends groups only while there and free.",
        "Wen Juror cannot be in two places at once.",
        "Wen Juror has breaks.",
        "Somebody of the staff has breaks.",
    ]


FORM = {
    "name": "Ou Juror",
    "duty": "juror",
    "email": "ou@jury.example",
    "categories": ["choirs"],
    "most_minutes": "120",
    "break_minutes": "15",
    "hours-0-day": "2027-07-16",
    "hours-0-opens": "09:00",
    "hours-0-closes": "12:00",
    "closures-0-starts": "2027-07-16T10:00",
    "closures-0-ends": "2027-07-16T10:30",
    "closures-0-reason": "Interview",
}


def test_a_juror_is_added_changed_and_removed(client, festival, session):
    plan = festival.draft()
    session.commit()
    assert client.post("/programmes/small/staff/new", data=FORM).location == (
        "/programmes/small/staff"
    )
    (made,) = session.scalars(select(StaffMember)).all()
    assert (made.name, made.email, [c.code for c in made.categories]) == (
        "Ou Juror", "ou@jury.example", ["choirs"],
    )  # fmt: skip
    assert [(e.starts_at, e.ends_at) for e in made.hours] == [(at(9), at(12))]
    assert [(e.starts_at, e.ends_at, e.reason) for e in made.busy_times] == [
        (at(10), at(10, 30), "Interview")
    ]
    session.refresh(festival.programme)
    assert services.is_stale(plan)
    page = client.get("/programmes/small/staff").text
    assert all(word in page for word in ("Ou Juror", "Fri 16 Jul 09:00–12:00", "Interview"))
    changed = {key: value for key, value in FORM.items() if not key.startswith("closures")}
    client.post(f"/programmes/small/staff/{made.ref}", data={**changed, "name": "Ou Yu"})
    session.expire_all()
    assert (made.name, session.scalars(select(BusyTime)).all()) == ("Ou Yu", [])
    client.post(f"/programmes/small/staff/{made.ref}/remove")
    assert session.scalars(select(StaffMember)).all() == []
    deeds = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("staff:%")).order_by(AuditEntry.id)
    )
    assert list(deeds) == ["staff:add", "staff:change", "staff:remove"]


def test_a_form_that_is_sent_twice_adds_one(client, session):
    for _ in range(2):
        assert client.post("/programmes/small/staff/new", data=FORM).status_code == 303
    assert session.scalars(select(StaffMember.name)).all() == ["Ou Juror"]
    assert len(session.scalars(select(BusyTime)).all()) == 1


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"break_minutes": ""}, "Breaks need both fields, or neither."),
        ({"hours-0-closes": "08:00"}, "The end must come after the beginning."),
        ({"closures-0-ends": "2027-07-16T09:00"}, "The end must come after the beginning."),
        (
            {
                "hours-1-day": "2027-07-16",
                "hours-1-opens": "11:00",
                "hours-1-closes": "13:00",
            },
            "These hours overlap with others of the same person.",
        ),
        ({"duty": "king"}, "Not a valid choice."),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(client, session, wrong, text):
    answer = client.post("/programmes/small/staff/new", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert text in answer.text
    assert session.scalars(select(StaffMember)).all() == []


def test_who_saves_second_sees_what_was_changed(client, juror, session):
    opened = client.get(f"/programmes/small/staff/{juror.ref}").page
    seen = opened.one("input", name="seen").get("value")
    juror.name = "Wen Wu"
    session.commit()
    answer = client.post(f"/programmes/small/staff/{juror.ref}", data={**FORM, "seen": seen})
    assert answer.status_code == 422
    assert "to: Wen Wu" in answer.text


def test_staff_is_found_within_its_programme_only(festival, juror):
    factories.programme(code="other")
    with pytest.raises(NotFound):
        staff_services.find_staff("other", juror.ref)


def test_a_category_that_is_removed_leaves_its_jurors(festival, session):
    spare = factories.category(festival.programme, code="spare")
    member = factories.staff_member(festival.choirs, spare)
    session.commit()
    session.delete(spare)
    session.commit()
    session.expire_all()
    assert [each.code for each in member.categories] == ["choirs"]
