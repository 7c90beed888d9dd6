"""Guardians are reached once per address, not again before the pause is over, or by a slip."""

import datetime as dt

import pytest
from flask import current_app
from sqlalchemy import select

from scheduler import clock
from scheduler.access.permissions import Actor
from scheduler.consents import asking
from scheduler.consents.models import GuardianAsk, GuardianLink
from scheduler.consents.progress import find_part
from scheduler.errors import NotFound, Refused
from scheduler.notifications.models import Mail
from scheduler.notifications.sealing import unseal
from tests import factories

URL = "https://festival.example"


@pytest.fixture
def part(asked):
    return find_part(asked.programme.code, asked.school.code)


def send(part, group=""):
    return asking.mail_guardians(
        part,
        group,
        actor=Actor(None),
        secret_key=current_app.secret_key,
        public_url=URL,
        now=clock.now(),
    )


def mails(session):
    return list(session.scalars(select(Mail).order_by(Mail.id)))


def answer_all(asked, child):
    for purpose in ("participation", "health", "image"):
        factories.consent(
            child, purpose=purpose, programme_id=asked.programme.id, method="link", text_version=1
        )


def test_one_mail_tells_of_all_children_and_keeps_names_and_links_sealed(asked, part, session):
    assert send(part) == 1
    mail = mails(session)[0]
    assert (mail.code, mail.to_address) == ("consents.request", "mary@family.example")
    assert set(mail.facts) == {"programme", "school"}
    pages = unseal(mail.sealed)["pages"]
    assert pages.startswith(f"Ann Lee, Ben Lee\n{URL}/guardian/")
    assert "Neverseen" not in pages


def test_guardians_who_share_an_address_get_one_mail_with_both_pages(asked, part, session):
    factories.guardian(asked.school, asked.elder, name="Frank Lee", email="MARY@family.example")
    assert send(part) == 1
    pages = unseal(mails(session)[0].sealed)["pages"]
    assert pages.count(f"{URL}/guardian/") == 2
    assert len(session.scalars(select(GuardianAsk)).all()) == 2


def test_a_reminder_waits_for_the_pause_and_says_when_it_is_over(asked, part, session, frozen):
    first = clock.now()
    send(part)
    frozen(days=2, hours=23)
    assert send(part) == 0
    assert asking.outlook(part, "", now=clock.now()).next_at == first + dt.timedelta(days=3)
    frozen(hours=1)
    assert send(part) == 1
    assert [mail.code for mail in mails(session)] == ["consents.request", "consents.reminder"]
    assert session.scalars(select(GuardianAsk)).one().mails == 2


def test_whoever_has_answered_or_refused_is_left_alone(asked, part):
    answer_all(asked, asked.elder)
    answer_all(asked, asked.younger)
    factories.consent(
        asked.younger,
        purpose="image",
        programme_id=asked.programme.id,
        method="link",
        is_granted=False,
    )
    assert send(part) == 0
    assert [each.children for each in asking.outlook(part, "", now=clock.now()).waiting] == [
        ["Quxi Neverseen"]
    ]


def test_only_a_groups_guardians_are_reached_when_a_group_is_chosen(asked, part, session):
    category = factories.category(asked.programme)
    other = factories.application(category, asked.school, state="submitted", group_name="Owls")
    child = factories.person(asked.school)
    factories.member(other, child)
    factories.guardian(asked.school, child, email="owl@family.example")
    assert send(part, other.ref) == 1
    assert mails(session)[0].to_address == "owl@family.example"


def test_where_nothing_is_asked_nobody_is_mailed(festival):
    part = find_part(festival.programme.code, festival.school.code)
    with pytest.raises(Refused):
        send(part)


def test_a_slip_is_made_for_families_without_mail(asked, part, session, sign_in):
    client = sign_in(asked.officer)
    base = f"/programmes/{asked.programme.code}/schools/{asked.school.code}/consents"
    assert "No slip has been made" in client.get(f"{base}/slips").page.text
    page = client.post(f"{base}/slips", follow_redirects=True).page
    (image,) = [node for node in page.all("img") if "/guardian/" in node.get("src", "")]
    assert client.get(image.get("src")).mimetype == "image/svg+xml"
    assert "To the guardian of Quxi Neverseen" in page.text
    assert "Mary" not in page.text
    ask = session.scalars(select(GuardianAsk)).one()
    assert (ask.guardian_id, ask.slip_at, ask.mailed_at) == (asked.stranger.id, clock.now(), None)


def test_slips_for_all_and_a_replaced_one(asked, part, session, sign_in, client):
    officer = sign_in(asked.officer)
    base = f"/programmes/{asked.programme.code}/schools/{asked.school.code}/consents"
    page = officer.post(f"{base}/slips", data={"scope": "all"}, follow_redirects=True).page
    before = {node.get("href") for node in page.all("a") if "/guardian/" in node.get("href", "")}
    assert len(before) == 2
    link = session.scalars(
        select(GuardianLink).where(GuardianLink.guardian_id == asked.mother.id)
    ).one()
    officer.post(f"{base}/replace", data={"guardian": link.stamp, "scope": "all"})
    page = officer.get(f"{base}/slips?scope=all").page
    after = {node.get("href") for node in page.all("a") if "/guardian/" in node.get("href", "")}
    (ended,) = before - after
    assert client.get(ended).status_code == 410
    assert client.get((after - before).pop()).status_code == 200


def test_another_schools_guardian_cannot_be_given_a_new_link(asked, part, page_of, session):
    stranger = factories.guardian(factories.school(), name="Elsewhere")
    page_of(stranger)
    link = session.scalars(
        select(GuardianLink).where(GuardianLink.guardian_id == stranger.id)
    ).one()
    with pytest.raises(NotFound):
        asking.replace_link(part, link.stamp, actor=Actor(None), secret_key="x", now=clock.now())
    assert link.revoked_at is None
