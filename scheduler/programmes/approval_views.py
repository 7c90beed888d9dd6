"""The page on which a coordinator sets up levels, quotas and the waiting list's rule."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.programmes import approval_services
from scheduler.programmes.approval import ApprovalLevel, Quota
from scheduler.programmes.approval_forms import (
    LevelForm,
    LevelsForm,
    QuotaForm,
    WaitlistForm,
    category_label,
    district_names,
    level_values,
    quota_label,
)
from scheduler.programmes.models import Programme
from scheduler.programmes.quota_order import unreached
from scheduler.programmes.texts import CONCERNS, LEVELS, WAITLIST_ORDERS
from scheduler.programmes.views import Answer, blueprint, find_programme, form_page


def find_level(code: str, level: str) -> ApprovalLevel:
    """Return the level of an address."""
    return approval_services.find_level(code, level)


@blueprint.get("/programmes/<string:code>/approval")
@access(Permission.PROGRAMME_EDIT, find_programme)
def approval(thing: Programme) -> Answer:
    """Show the way of approval with its quotas, and the rule of the waiting list."""
    return _approval_page(thing)


@blueprint.post("/programmes/<string:code>/approval")
@access(Permission.PROGRAMME_EDIT, find_programme)
def set_up_levels(thing: Programme) -> Answer:
    """Give the programme the levels that were ticked."""
    form = LevelsForm()
    if form.validate_on_submit():
        try:
            with transaction():
                approval_services.set_up(
                    thing, form.chosen(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The way of approval has been changed."), "success")
            return _back(thing.code)
    return _approval_page(thing, levels_form=form), 409


@blueprint.post("/programmes/<string:code>/waiting-list")
@access(Permission.PROGRAMME_EDIT, find_programme)
def set_waitlist(thing: Programme) -> Answer:
    """Set how waiting lists are ordered and move on."""
    form = WaitlistForm()
    if form.validate_on_submit():
        with transaction():
            approval_services.set_waitlist_policy(
                thing,
                order=form.chosen_order(),
                is_automatic=bool(form.is_automatic.data),
                offer_hours=int(form.offer_hours.data or 0),
                actor=current_actor(),
                now=clock.now(),
            )
        flash(_("The rule of the waiting list has been changed."), "success")
        return _back(thing.code)
    return _approval_page(thing, waitlist_form=form), 422


@blueprint.route("/programmes/<string:code>/approval/<string:level>/edit", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_level)
def edit_level(thing: ApprovalLevel) -> Answer:
    """Change a level's deadline, right to return and view."""
    programme = thing.programme
    form = LevelForm(data=level_values(thing))
    form.offer_repeated()
    if request.method == "GET":
        form.show_instants(programme.timezone, closes=thing.closes_at)
    if form.validate_on_submit():
        try:
            with transaction():
                approval_services.change_level(
                    thing,
                    form.details(programme.timezone),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The level has been changed."), "success")
            return _back(programme.code)
    return form_page(
        "programmes/level_form.html", form, programme=programme, level=thing, labels=LEVELS
    )


@blueprint.route(
    "/programmes/<string:code>/approval/<string:level>/quotas/new", methods=["GET", "POST"]
)
@access(Permission.PROGRAMME_EDIT, find_level)
def new_quota(thing: ApprovalLevel) -> Answer:
    """Add a quota to a level."""
    programme = thing.programme
    form = QuotaForm()
    form.offer_choices(programme)
    if form.validate_on_submit():
        try:
            with transaction():
                approval_services.add_quota(
                    thing, form.details(programme), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The quota was added."), "success")
            return _back(programme.code)
    return form_page(
        "programmes/quota_form.html", form, programme=programme, level=thing, labels=LEVELS
    )


@blueprint.post("/programmes/<string:code>/approval/<string:level>/quotas/<int:quota>/remove")
@access(Permission.PROGRAMME_EDIT, find_level)
def remove_quota(thing: ApprovalLevel, quota: int) -> Response:
    """Take a quota away."""
    code = thing.programme.code
    with transaction():
        found = approval_services.find_quota(code, thing.kind, quota)
        approval_services.remove_quota(found, actor=current_actor(), now=clock.now())
    flash(_("The quota was removed."), "success")
    return _back(code)


def _back(code: str) -> Response:
    return redirect(url_for("programmes.approval", code=code), code=303)


def _approval_page(
    programme: Programme,
    *,
    levels_form: LevelsForm | None = None,
    waitlist_form: WaitlistForm | None = None,
) -> str:
    levels = approval_services.levels_of(programme)
    policy = approval_services.waitlist_policy(programme)
    districts = district_names()

    def label(quota: Quota) -> str:
        return quota_label(quota, districts)

    return render_template(
        "programmes/approval.html",
        programme=programme,
        levels=levels,
        labels=LEVELS,
        concern_labels=CONCERNS,
        quota_label=label,
        category_label=category_label,
        unreached=unreached,
        orders=WAITLIST_ORDERS,
        policy=policy,
        levels_form=levels_form or LevelsForm(kinds=[level.kind.value for level in levels]),
        waitlist_form=waitlist_form
        or WaitlistForm(
            order=policy.order.value,
            is_automatic=policy.is_automatic,
            offer_hours=policy.offer_hours,
        ),
    )
