"""Tell guardians that the school recorded a paper in their name, and where they can change it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from scheduler.consents import links
from scheduler.consents.progress import SchoolPart
from scheduler.database import db
from scheduler.notifications import services as notifications
from scheduler.people.models import Guardian, Guardianship, Person

PAPER_MAIL = "consents.paper_recorded"


def guardians_of(part: SchoolPart, person_ids: Iterable[int]) -> dict[int, list[Guardian]]:
    """Return the guardians of each pupil as the school entered them, in one query."""
    rows = db.session.execute(
        select(Guardianship.person_id, Guardian)
        .join(Guardian, Guardianship.guardian_id == Guardian.id)
        .where(Guardianship.person_id.in_(list(person_ids)), Guardian.school_id == part.school.id)
        .order_by(Guardianship.id)
    )
    found: defaultdict[int, list[Guardian]] = defaultdict(list)
    for person_id, guardian in rows:
        found[person_id].append(guardian)
    return dict(found)


def tell_guardians(
    part: SchoolPart,
    children: Sequence[Person],
    *,
    secret_key: str | bytes,
    public_url: str,
    now: dt.datetime,
) -> int:
    """Queue one mail to each address of the children's guardians; return how many.

    Names and private addresses stand in the mail's sealed part, as in requests.
    """
    names: defaultdict[int, list[str]] = defaultdict(list)
    guardians: dict[int, Guardian] = {}
    by_child = guardians_of(part, [child.id for child in children])
    for child in children:
        for guardian in by_child.get(child.id, []):
            if guardian.email:
                guardians[guardian.id] = guardian
                names[guardian.id].append(child.name)
    live = links.make_links(
        list(guardians.values()), locale=part.school.locale, secret_key=secret_key, now=now
    )
    by_address: defaultdict[str, list[Guardian]] = defaultdict(list)
    for guardian in guardians.values():
        by_address[(guardian.email or "").strip().lower()].append(guardian)
    for address, family in by_address.items():
        pages = [
            f"{', '.join(names[each.id])}\n{public_url}{links.path_of(live[each.id], secret_key)}"
            for each in family
        ]
        notifications.queue(
            PAPER_MAIL,
            to_address=family[0].email or address,
            to_name=family[0].name,
            locale=live[family[0].id].locale,
            now=now,
            facts={"programme": part.programme.names, "school": part.school.name},
            secrets={"pages": "\n\n".join(pages)},
            about=part.school.code,
            programme_id=part.programme.id,
        )
    return len(by_address)
