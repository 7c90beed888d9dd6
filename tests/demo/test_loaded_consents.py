"""What the demo's guardians were asked and have answered: exact, so that pages can be checked."""

from sqlalchemy import func, select

from scheduler.applications.models import Application
from scheduler.applications.required_consents import missing_required, missing_required_by_id
from scheduler.applications.workflow import State
from scheduler.consents.family import family_of
from scheduler.consents.models import GuardianAsk, GuardianLink
from scheduler.consents.progress import counts_by_purpose, pupils_of
from scheduler.demo import consents
from scheduler.people.consent_models import AskedPurpose, ConsentText
from scheduler.people.consents import refused
from scheduler.people.models import ConsentPurpose, Guardian, Person
from scheduler.programmes.models import Programme


def refusing(demo, purpose):
    festival = demo.scalars(select(Programme)).one()
    query = select(Person.ref).where(Person.id.in_(refused(purpose, festival.id)))
    return sorted(demo.scalars(query))


def test_six_purposes_are_asked_and_only_taking_part_is_required(demo):
    asked = demo.scalars(select(AskedPurpose).order_by(AskedPurpose.id)).all()
    assert [each.purpose for each in asked] == list(consents.PURPOSES)
    assert [each.purpose for each in asked if each.is_required] == [ConsentPurpose.PARTICIPATION]
    assert demo.scalar(select(func.count(ConsentText.id))) == 18


def test_the_special_cases_are_refused_and_nobody_else(demo):
    assert refusing(demo, ConsentPurpose.IMAGE) == ["P0373"]
    assert refusing(demo, ConsentPurpose.PARTICIPATION) == ["P0442"]


def test_every_purpose_adds_up_to_all_pupils(demo):
    festival = demo.scalars(select(Programme)).one()
    found = {
        each.purpose.value: (each.given, each.refused, each.missing)
        for each in counts_by_purpose(festival, pupils_of(festival.id))
    }
    assert found == {
        "participation": (1599, 1, 0),
        "insurance": (960, 0, 640),
        "health": (960, 0, 640),
        "image": (959, 1, 640),
        "livestream": (917, 43, 640),
        "calendar": (960, 0, 640),
    }


def test_only_the_group_of_p0442_lacks_a_required_consent(demo):
    accepted = demo.scalars(select(Application).where(Application.state == State.ACCEPTED)).all()
    counts = missing_required_by_id([application.id for application in accepted])
    (lacking,) = [application for application in accepted if counts[application.id]]
    assert lacking.ref == "G19"
    assert [person.ref for person in missing_required(lacking)] == ["P0442"]


def test_the_twins_have_one_page_and_it_is_answered_for_one_of_them(demo):
    (link,) = consents.links_of("P0071")
    assert consents.links_of("P0072") == [link]
    family = family_of(link.guardian, "zh_Hans")
    assert {task.child.ref: len(task.open) for task in family.tasks} == {"P0071": 0, "P0072": 6}


def test_some_families_have_no_mail_and_some_were_not_asked(demo):
    assert demo.scalar(select(func.count()).where(Guardian.email.is_(None))) == 31
    asks = demo.scalar(select(func.count(GuardianAsk.id)))
    assert asks == demo.scalar(select(func.count(GuardianLink.id)))
    assert asks < demo.scalar(select(func.count(Guardian.id)))
