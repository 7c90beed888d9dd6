"""Giving up a place: the school reads what follows from it before it is done."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications import offers, services
from scheduler.applications.blueprint import blueprint
from scheduler.applications.models import Application
from scheduler.applications.published import published_performance
from scheduler.applications.queries import find_application
from scheduler.applications.steps import LONGEST_TEXT
from scheduler.applications.workflow import State
from scheduler.calendars.models import CalendarEntry
from scheduler.database import db, transaction
from scheduler.errors import Conflict, Refused
from scheduler.programmes.date_services import may_still_withdraw, withdrawal_until
from scheduler.programmes.fields import MISSING
from scheduler.programmes.models import Category
from scheduler.texts import sentence
from scheduler.web import BaseForm, shown_version, trimmed


class WithdrawalForm(BaseForm):
    """Why a place is given up, and what was seen of the entry."""

    version = HiddenField()
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The coordinators read it; it stays in the history."),
        filters=[trimmed],
        validators=[DataRequired(MISSING)],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from a withdrawal: where the place goes, and what still stands in calendars."""

    place: str
    performance: CalendarEntry | None


@blueprint.route("/applications/<string:ref>/withdrawal", methods=["GET", "POST"])
@access(Permission.APPLICATION_SUBMIT, find_application)
def withdrawal(thing: Application) -> str | Response | tuple[str, int]:
    """Say what giving up an accepted group's place leads to, ask why, and do it."""
    form = WithdrawalForm()
    if not form.is_submitted():
        if thing.state is not State.ACCEPTED:
            flash(_("Only a group that has a place gives one up."), "warning")
            return redirect(url_for("applications.show", ref=thing.ref))
        return _page(form, thing)
    if not form.validate():
        return _page(form, thing), 422
    version = shown_version()
    reason = (form.reason.data or "")[:LONGEST_TEXT]
    actor, now = current_actor(), clock.now()
    try:
        with transaction():
            services.withdraw(thing, actor=actor, now=now, reason=reason, version=version)
    except Refused as refused:
        form.reason.errors = [sentence(refused.code, **refused.facts)]
        return _page(form, thing), 409
    except Conflict:
        text = _("The entry has changed since you opened this page. Nothing was done.")
        flash(text, "warning")
        return redirect(url_for("applications.show", ref=thing.ref), code=303)
    flash(_("%(group)s has been withdrawn.", group=thing.group_name), "success")
    return redirect(url_for("applications.show", ref=thing.ref), code=303)


def _page(form: WithdrawalForm, application: Application) -> str:
    form.version.data = str(application.version)
    programme = application.programme
    return render_template(
        "applications/withdrawal.html",
        form=form,
        application=application,
        consequences=_consequences(application),
        until=withdrawal_until(programme),
        is_possible=may_still_withdraw(programme, now=clock.now()),
    )


def _consequences(application: Application) -> Consequences:
    return Consequences(_place(application), published_performance(application))


def _place(application: Application) -> str:
    """Say where the place goes, as the programme's waiting list moves on."""
    waiting = _waiting(application.category)
    if not waiting:
        return str(_("Nobody waits for the place. It is free for another group."))
    line = ngettext("%(num)s group waits.", "%(num)s groups wait.", waiting)
    policy = offers.policy_of(application.programme_id)
    if not policy.is_automatic:
        moves = _("The coordinators offer the place to the next on the list.")
    elif not policy.offer_hours:
        moves = _("The next on the list for whom it is enough is given the place at once.")
    else:
        moves = ngettext(
            "The next on the list for whom it is enough is offered the place at once, for "
            "%(num)s hour.",
            "The next on the list for whom it is enough is offered the place at once, for "
            "%(num)s hours.",
            policy.offer_hours,
        )
    return str(_("%(line)s %(moves)s", line=line, moves=moves))


def _waiting(category: Category) -> int:
    query = select(func.count()).where(
        Application.category_id == category.id, Application.state == State.WAITLISTED
    )
    return db.session.scalar(query) or 0
