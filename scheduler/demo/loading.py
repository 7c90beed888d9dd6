"""Load the demo with its first release, and tell what there is to look at."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from scheduler import clock
from scheduler.accounts.models import Account
from scheduler.applications.published import school_audience
from scheduler.calendars import links
from scheduler.consents import links as guardian_links
from scheduler.database import db, transaction
from scheduler.demo import accounts, consents, programme, seed
from scheduler.demo.timetable import publish_first
from scheduler.extensions import secret_key
from scheduler.programmes.deadlines import publish_dates
from scheduler.programmes.models import Programme, Venue
from scheduler.programmes.services import find_programme
from scheduler.scheduling.releases.entries import person_audience, venue_audience

SHOWN_PUPIL = "P0217"
SHOWN_CHILD = "P0071"
SHOWN_VENUE = "V2"
LOCALE = "en"


@dataclass(frozen=True)
class Shown:
    """A page or feed that a visitor may open: what it is, and its address."""

    label: str
    address: str


def is_loaded() -> bool:
    """Tell whether the demo's programme is in the database."""
    return seed.is_loaded()


def is_published() -> bool:
    """Tell whether there is a release, and with it personal pages and feeds."""
    return links.personal_link(person_audience(SHOWN_PUPIL)) is not None


def load(*, with_timetable: bool = True) -> bool:
    """Load the demo in transactions of its own; False if it is there already.

    With the timetable the festival is solved and published as release 1, which takes some
    seconds. Call it in an application context.
    """
    with transaction():
        is_new = seed.load(now=clock.now())
        if is_new:
            publish_dates(find_programme(programme.CODE), now=clock.now())
    if is_new and with_timetable:
        publish_first()
    return is_new


def sign_ins() -> list[tuple[str, str, str]]:
    """Return role, e-mail and password of the demo accounts that are in the database."""
    emails = {person.email for person in accounts.SIGN_INS}
    known = set(db.session.scalars(select(Account.email).where(Account.email.in_(emails))))
    return [
        (person.label, person.email, accounts.PASSWORD)
        for person in accounts.SIGN_INS
        if person.email in known
    ]


def shown_links() -> list[Shown]:
    """Return a guardian's page and, after the first release, a personal page and feeds."""
    secret = secret_key()
    family = [
        Shown("Guardian's page (twins)", _address(guardian_links.path_of(each, secret)))
        for each in consents.links_of(SHOWN_CHILD)
    ]
    link = links.personal_link(person_audience(SHOWN_PUPIL))
    if link is None:
        return family
    festival = db.session.scalars(select(Programme).where(Programme.code == programme.CODE)).one()
    venue = db.session.scalars(
        select(Venue).where(Venue.programme_id == festival.id, Venue.code == SHOWN_VENUE)
    ).one()
    feeds = {
        "Participant's feed": link.subscription,
        "School's feed": links.shared_feed(school_audience(accounts.OFFICERS_SCHOOL), LOCALE),
        "Venue's feed": links.shared_feed(venue_audience(festival, venue), LOCALE),
    }
    shown = [Shown("Participant's page", _address(links.personal_path(link, secret)))]
    shown += [
        Shown(label, _address(links.feed_path(feed, secret)))
        for label, feed in feeds.items()
        if feed is not None
    ]
    return shown + family


def _address(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{path}"
