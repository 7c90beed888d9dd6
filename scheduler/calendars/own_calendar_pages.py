"""An owner's calendars as pages, wherever the owner comes from: a private link or an account.

Views say who the owner is and where the pages lie (`CalendarsAt`); what happens there is said once.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.calendars import own_calendars, tokens
from scheduler.calendars.addresses import FeedAddresses, feed_addresses
from scheduler.calendars.entries import Audience, Subject
from scheduler.calendars.fetches import last_fetches
from scheduler.calendars.forms import CalendarForm, form_values
from scheduler.calendars.models import Subscription
from scheduler.calendars.owners import Owner, owner_of
from scheduler.database import transaction
from scheduler.errors import NotFound
from scheduler.extensions import secret_key

CLIENTS = {
    "google": "Google",
    "thunderbird": "Thunderbird",
    "evolution": "Evolution",
    "nextcloud": "Nextcloud",
    "icsx5": "ICSx⁵",
    "davx5": "DAVx⁵",
    "vdirsyncer": "vdirsyncer",
    "outlook": "Outlook",
    "apple": "Apple",
}
Page = str | tuple[str, int] | Response


@dataclass(frozen=True)
class CalendarsAt:
    """An owner, and the endpoints of the owner's pages.

    `page`, `new`, `change`, `end` are about calendars; `entries`, `entry`, `mail` about what is in
    them.
    """

    subject: Subject
    endpoints: Mapping[str, str]
    arguments: Mapping[str, str]
    is_of_several: bool = False
    """Whether entries of several people come together, so that it matters whose they are."""
    follows: Mapping[Audience, str] = field(default_factory=dict)
    """Whose entries come into the owner's calendars as well, with the label of each."""
    above: tuple[tuple[str, str], ...] = ()
    """The way down to the page of the calendars, as labels and addresses; for whoever signs in."""

    @property
    def parents(self) -> tuple[tuple[str, str], ...]:
        """The way down to what lies below the page of the calendars."""
        if not self.above:
            return ((_("Back to the calendars"), self.address("page")),)
        return (*self.above, (_("My calendars"), self.address("page")))

    @property
    def audiences(self) -> list[Audience]:
        """Whose entries the owner may see: the own, and those of whom they follow."""
        return [self.subject.audience, *self.follows]

    @cached_property
    def owner(self) -> Owner | None:
        """Where the owner is written to, if there is an address."""
        return owner_of(self.subject.audience)

    def address(self, action: str, ref: str = "") -> str:
        """Return the address of a page; `ref` names the calendar or entry it is about, if any."""
        values: dict[str, Any] = {**self.arguments, **({"ref": ref} if ref else {})}
        return url_for(self.endpoints[action], **values)


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """One calendar as its owner's page shows it."""

    ref: str
    label: str
    addresses: FeedAddresses
    fetches: list[tuple[str, dt.date]]
    """By which families of clients it was fetched, and on which day last."""


def own_calendar_list(at: CalendarsAt) -> list[OwnCalendar]:
    """Return an owner's live calendars with their addresses and last fetches, the oldest first."""
    found = own_calendars.calendars_of(at.subject.audience)
    fetches = last_fetches([each.id for each in found])
    return [
        OwnCalendar(
            ref_of(each),
            each.label or _("My calendar"),
            feed_addresses(each),
            fetches.get(each.id, []),
        )
        for each in found
    ]


def client_name(family: str) -> str:
    """Return how people call a family of calendar programs."""
    if family == "browser":
        return str(_("a browser"))
    return CLIENTS.get(family) or str(_("another program"))


def ref_of(subscription: Subscription) -> str:
    """Return how pages name a calendar: it opens nothing."""
    return tokens.reference(subscription.token_digest)


def new_page(at: CalendarsAt) -> Page:
    """Ask for one more calendar, and make it."""
    form = _form(at, None)
    if form.validate_on_submit():
        subject = replace(at.subject, locale=str(form.locale.data))
        try:
            with transaction():
                own_calendars.follow(at.subject.audience, at.follows, now=clock.now())
                made = own_calendars.add_calendar(
                    subject,
                    str(form.label.data),
                    form.choice,
                    secret_key=secret_key(),
                    now=clock.now(),
                )
                own_calendars.remind(made, form.reminder)
        except own_calendars.TooManyError:
            form.label.errors = [
                _(
                    "You have %(number)s calendars, and there cannot be more. End one first.",
                    number=own_calendars.MOST_CALENDARS,
                )
            ]
        else:
            flash(_("The calendar is ready. Add its address to your device."), "success")
            return redirect(at.address("page"), code=303)
    return _form_page(at, form, None)


def change_page(at: CalendarsAt, ref: str) -> Page:
    """Show what a calendar holds, and change it."""
    subscription = _own(at, ref)
    form = _form(at, subscription)
    if form.validate_on_submit():
        with transaction():
            changed = _own(at, ref)
            own_calendars.change_calendar(
                changed,
                str(form.label.data),
                str(form.locale.data),
                form.choice,
                now=clock.now(),
            )
            own_calendars.remind(changed, form.reminder)
        flash(_("The calendar is changed. Devices show it when they look next."), "success")
        return redirect(at.address("page"), code=303)
    return _form_page(at, form, subscription)


def end(at: CalendarsAt, ref: str) -> Response:
    """End a calendar: its address answers 410 from now on."""
    with transaction():
        own_calendars.end_calendar(_own(at, ref), now=clock.now())
    flash(_("The calendar has ended. Its address does not work any more."), "success")
    return redirect(at.address("page"), code=303)


def _own(at: CalendarsAt, ref: str) -> Subscription:
    """Return the owner's live calendar with the ref; raises `NotFound` for anybody else's."""
    found = own_calendars.calendars_of(at.subject.audience)
    for subscription in found:
        if ref_of(subscription) == ref:
            return subscription
    raise NotFound


def _form(at: CalendarsAt, subscription: Subscription | None) -> CalendarForm:
    form = CalendarForm(data=form_values(subscription, at.subject.locale))
    form.offer(with_names=at.is_of_several, with_reminders=at.owner is not None)
    return form


def _form_page(at: CalendarsAt, form: CalendarForm, subscription: Subscription | None) -> Page:
    page = render_template(
        "calendars/calendar_form.html", at=at, form=form, subscription=subscription
    )
    return page, 422 if form.errors else 200
