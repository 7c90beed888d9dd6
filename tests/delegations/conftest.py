"""A lead school with a draft in a joint category, a guest that takes part, and a neighbour."""

from types import SimpleNamespace

import pytest

from scheduler.applications.guest_models import PartState
from tests import factories

LEAD = "李领衔"
GUEST = "陈客生"
OTHER = "何旁生"
PUPIL = {
    "name": "王新生",
    "sex": "F",
    "birth_on": "2015/3/1",
    "guardian_name": "王大文",
    "guardian_phone": "13800138000",
    "consent_held": "Y",
    "part": "A1",
}


@pytest.fixture
def joint(session):
    """Each school has one pupil, with a birth date, a guardian and a declared consent."""
    programme = factories.programme()
    category = factories.category(programme, is_joint=True, min_members=3, max_members=4)
    schools = [factories.school(name=name) for name in ("云岭小学", "海珠小学", "天河小学", "邻校")]
    lead, guest, other, neighbour = schools
    entry = factories.application(category, lead, group_name="湾区合唱团")
    parts = {}
    for school, name in ((lead, LEAD), (guest, GUEST), (other, OTHER)):
        pupil = factories.person(
            school, name=name, latin_name=f"Latin {name}", document_last_four="q7z8"
        )
        factories.guardian(school, pupil, name=f"{name}之母", phone="+8613800138000")
        factories.consent(pupil)
        factories.member(entry, pupil, part="S1", grade="五年级")
        if school is not lead:
            parts[school.id] = factories.guest_part(entry, school, state=PartState.JOINED)
    teacher = factories.person(lead, name="林望舒", is_adult=True)
    factories.member(entry, teacher, role="leader")
    made = SimpleNamespace(
        programme=programme,
        category=category,
        entry=entry,
        lead=lead,
        guest=guest,
        other=other,
        neighbour=neighbour,
        part=parts[guest.id],
        other_part=parts[other.id],
        lead_officer=factories.officer(lead),
        guest_officer=factories.officer(guest),
        neighbour_officer=factories.officer(neighbour),
        coordinator=factories.coordinator(programme),
    )
    session.commit()
    return made
