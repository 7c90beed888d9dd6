"""The secret links by which members of an accepted group see their own timetable."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import contains_eager, raiseload

from scheduler.access.permissions import Actor
from scheduler.applications.models import Application, Member
from scheduler.audit import services as audit
from scheduler.calendars import links
from scheduler.calendars.entries import Audience, Subject
from scheduler.calendars.models import PersonalLink
from scheduler.database import db
from scheduler.errors import NotFound
from scheduler.languages import spoken
from scheduler.notifications import services as notifications
from scheduler.people.models import Guardian, Guardianship, Person

MAIL = "applications.personal_link"
EVERYBODY = true()


@dataclass(frozen=True, slots=True)
class MemberLink:
    """A person of the group and the path of the own page (None before the first release).

    `stamp` tells this link from the one that replaces it, without giving it away.
    """

    person: Person
    path: str | None = None
    stamp: str = ""

    @property
    def guardians(self) -> list[Guardian]:
        """Return the guardians who can be reached by mail."""
        return [each.guardian for each in self.person.guardianships if each.guardian.email]


def audience_of(person: Person) -> Audience:
    """Return under which name the person's entries are published."""
    return Audience("person", person.ref)


def subject_of(person: Person) -> Subject:
    """Return whose page and feed the person's are."""
    return Subject(
        audience_of(person),
        {"en": person.name},
        zone=person.school.timezone,
        locale=_locale(person),
    )


def people_of(application: Application, whose: ColumnElement[bool] = EVERYBODY) -> list[Person]:
    """Return everybody in the group once, pupils first, with school and guardians.

    `whose` limits it: no school hands out the links of another one's pupils.
    """
    members = db.session.scalars(
        select(Member)
        .join(Person, Member.person_id == Person.id)
        .where(Member.application_id == application.id, whose)
        .order_by(Person.is_adult, Person.sort_key, Person.name, Person.id)
        .options(
            contains_eager(Member.person).joinedload(Person.school),
            contains_eager(Member.person)
            .selectinload(Person.guardianships)
            .joinedload(Guardianship.guardian),
            raiseload("*"),
        )
    )
    return list({member.person.id: member.person for member in members}.values())


def member_links(
    application: Application, whose: ColumnElement[bool] = EVERYBODY, *, secret_key: str | bytes
) -> list[MemberLink]:
    """Return everybody's link as it stands; nothing is made."""
    people = people_of(application, whose)
    found = {link.audience_key: link for link in _standing(people)}
    return [
        MemberLink(
            person,
            links.personal_path(found[person.ref], secret_key),
            str(found[person.ref].token_digest[:16]),
        )
        if person.ref in found
        else MemberLink(person)
        for person in people
    ]


def mail_to_guardians(
    application: Application,
    whose: ColumnElement[bool] = EVERYBODY,
    *,
    actor: Actor,
    secret_key: str | bytes,
    now: dt.datetime,
) -> int:
    """Queue a mail with the pupil's link to each guardian with an address; return how many.

    Whoever was sent this link already gets no second mail; a replaced link is sent anew, and so is
    one that came back from an address that was corrected since. Name and link stand in the mail's
    sealed part.
    """
    queued = 0
    for member in member_links(application, whose, secret_key=secret_key):
        for guardian in member.guardians if member.path else ():
            address = guardian.email or ""
            once_key = f"{MAIL}:{member.stamp}:{guardian.id}"
            notifications.allow_again(once_key, to_address=address)
            queued += notifications.queue(
                MAIL,
                to_address=address,
                to_name=guardian.name,
                locale=_locale(member.person),
                now=now,
                facts={
                    "group": application.group_name,
                    "programme": application.programme.names,
                },
                secrets={"pupil": member.person.name, "link": member.path or ""},
                about=application.ref,
                programme_id=application.programme_id,
                once_key=once_key,
            )
    _record("links:mail", application, actor=actor, now=now, queued=queued)
    return queued


def replace_link(
    application: Application,
    person_ref: str,
    whose: ColumnElement[bool] = EVERYBODY,
    *,
    actor: Actor,
    secret_key: str | bytes,
    now: dt.datetime,
) -> Person:
    """End a person's page and feed and make new ones: a slip was lost, or passed on.

    Raises `NotFound` for somebody who is not in the group.
    """
    people = people_of(application, whose)
    person = next((each for each in people if each.ref == person_ref), None)
    if person is None:
        raise NotFound
    _replace([person], secret_key, now)
    _record("links:replace", application, actor=actor, now=now, person=person.ref)
    return person


def replace_all_links(
    application: Application,
    whose: ColumnElement[bool] = EVERYBODY,
    *,
    actor: Actor,
    secret_key: str | bytes,
    now: dt.datetime,
) -> int:
    """Do the same for everybody who has a link: somebody left who knew them all; how many."""
    people = people_of(application, whose)
    standing = {link.audience_key for link in _standing(people)}
    concerned = [person for person in people if person.ref in standing]
    _replace(concerned, secret_key, now)
    _record("links:replace_all", application, actor=actor, now=now, count=len(concerned))
    return len(concerned)


def _replace(people: list[Person], secret_key: str | bytes, now: dt.datetime) -> None:
    links.revoke_links([audience_of(person) for person in people], now=now)
    links.personal_links(map(subject_of, people), secret_key=secret_key, now=now)


def _standing(people: list[Person]) -> list[PersonalLink]:
    keys = [person.ref for person in people]
    query = select(PersonalLink).where(
        PersonalLink.audience_kind == "person",
        PersonalLink.audience_key.in_(keys),
        PersonalLink.revoked_at.is_(None),
    )
    return list(db.session.scalars(query))


def _locale(person: Person) -> str:
    return spoken(person.school.locale)


def _record(
    action: str, application: Application, *, actor: Actor, now: dt.datetime, **facts: object
) -> None:
    audit.record(
        action,
        account_id=actor.account_id,
        subject_type="application",
        subject_ref=application.ref,
        now=now,
        **facts,
    )
