"""Pages on which a coordinator sets up panels and sees how far they are."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.accounts.invitations import invite_without_role
from scheduler.accounts.limits import limit_invitations
from scheduler.applications import levels
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.languages import LOCALES
from scheduler.panels import assignments, queries, services
from scheduler.panels.blueprint import blueprint
from scheduler.panels.forms import CriterionForm, PanelForm, ReviewerForm, panel_values
from scheduler.panels.models import Panel
from scheduler.panels.services import find_panel
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.programmes.texts import LEVELS

Answer = str | tuple[str, int] | Response


@blueprint.get("/programmes/<string:code>/panels")
@access(Permission.APPLICATION_DECIDE, find_programme)
def index(thing: Programme) -> str:
    """List a programme's panels with their progress."""
    found = queries.panels_of(thing)
    return render_template(
        "panels/index.html",
        programme=thing,
        panels=found,
        progress=queries.progress_by_panel([panel.id for panel in found]),
        has_levels=bool(levels.levels_of(thing.id)),
        level_labels=LEVELS,
    )


@blueprint.route("/programmes/<string:code>/panels/new", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_programme)
def new(thing: Programme) -> Answer:
    """Set up a panel; criteria and reviewers come next."""
    known = levels.levels_of(thing.id)
    form = PanelForm(data={"per_case": 3})
    form.offer_choices(thing, known)
    if form.validate_on_submit():
        try:
            with transaction():
                level = levels.find_level(thing, str(form.level.data))
                if level is None:
                    raise NotFound
                panel = services.add_panel(
                    thing, level, form.details(thing), actor=current_actor(), now=clock.now()
                )
                ref = panel.ref
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The panel was set up. Add its criteria and reviewers next."), "success")
            return _back(ref)
    return _form_page("panels/form.html", form, programme=thing, panel=None)


@blueprint.route("/panels/<string:ref>/edit", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_panel)
def edit(thing: Panel) -> Answer:
    """Change a panel's name, reviewers per case and categories."""
    programme = thing.programme
    form = PanelForm(data=panel_values(thing))
    form.offer_choices(programme, ())
    del form.level
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_panel(
                    thing, form.details(programme), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The panel was changed."), "success")
            return _back(thing.ref)
    return _form_page("panels/form.html", form, programme=programme, panel=thing)


@blueprint.get("/panels/<string:ref>")
@access(Permission.APPLICATION_DECIDE, find_panel)
def show(thing: Panel) -> str:
    """Show criteria, reviewers and their progress, and what can be done next."""
    return _panel_page(thing, ReviewerForm())


@blueprint.route("/panels/<string:ref>/criteria/new", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_panel)
def new_criterion(thing: Panel) -> Answer:
    """Add a criterion."""
    form = CriterionForm(data={"weight": 1, "max_mark": 10})
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_criterion(
                    thing, form.details(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The criterion was added."), "success")
            return _back(thing.ref)
    return _form_page("panels/criterion.html", form, panel=thing)


@blueprint.post("/panels/<string:ref>/criteria/<int:number>/remove")
@access(Permission.APPLICATION_DECIDE, find_panel)
def remove_criterion(thing: Panel, number: int) -> Response:
    """Take a criterion away that nobody has marked by."""
    with transaction():
        services.remove_criterion(thing, number, actor=current_actor(), now=clock.now())
    flash(_("The criterion was removed."), "success")
    return _back(thing.ref)


@blueprint.post("/panels/<string:ref>/reviewers")
@access(Permission.APPLICATION_DECIDE, find_panel)
@limit_invitations
def add_reviewer(thing: Panel) -> Answer:
    """Let somebody judge; an address without an account is invited."""
    form = ReviewerForm()
    if form.validate_on_submit():
        actor, now = current_actor(), clock.now()
        try:
            with transaction():
                account = invite_without_role(
                    email=str(form.email.data),
                    locale=str(get_locale()),
                    purpose=_purpose(thing),
                    inviter=actor.name,
                    actor_id=actor.account_id,
                    now=now,
                )
                services.add_reviewer(thing, account, actor=actor, now=now)
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The reviewer was added."), "success")
            return _back(thing.ref)
    return _panel_page(thing, form), 422


@blueprint.post("/panels/<string:ref>/reviewers/<string:account>/remove")
@access(Permission.APPLICATION_DECIDE, find_panel)
def remove_reviewer(thing: Panel, account: str) -> Response:
    """Take off a reviewer who has judged nothing."""
    with transaction():
        reviewer = services.find_reviewer(thing, account)
        services.remove_reviewer(reviewer, actor=current_actor(), now=clock.now())
    flash(_("The reviewer was removed."), "success")
    return _back(thing.ref)


@blueprint.post("/panels/<string:ref>/assign")
@access(Permission.APPLICATION_DECIDE, find_panel)
def assign(thing: Panel) -> Response:
    """Distribute the cases among the reviewers."""
    with transaction():
        made, lacking = assignments.assign_all(thing, actor=current_actor(), now=clock.now())
    flash(ngettext("%(num)s assignment was made.", "%(num)s assignments were made.", made))
    if lacking:
        flash(
            ngettext(
                "%(num)s case lacks reviewers: too few are left who may judge it.",
                "%(num)s cases lack reviewers: too few are left who may judge them.",
                lacking,
            ),
            "warning",
        )
    return _back(thing.ref)


STEPS = {"close": services.close, "reopen": services.reopen}


@blueprint.post("/panels/<string:ref>/state")
@access(Permission.APPLICATION_DECIDE, find_panel)
def set_state(thing: Panel) -> Response:
    """End the judging, or let it go on."""
    step = STEPS.get(request.form.get("step", ""))
    if step is None:
        raise NotFound
    with transaction():
        step(thing, actor=current_actor(), now=clock.now())
    flash(_("The panel was changed."), "success")
    return _back(thing.ref)


@blueprint.post("/panels/<string:ref>/comments")
@access(Permission.APPLICATION_DECIDE, find_panel)
def set_comments(thing: Panel) -> Response:
    """Show the reviewers' comments to schools, or hide them again."""
    is_published = request.form.get("show") == "yes"
    with transaction():
        services.publish_comments(
            thing, is_published=is_published, actor=current_actor(), now=clock.now()
        )
    flash(_("The panel was changed."), "success")
    return _back(thing.ref)


def _panel_page(panel: Panel, form: ReviewerForm) -> str:
    return render_template(
        "panels/show.html",
        panel=panel,
        programme=panel.programme,
        form=form,
        progress=queries.progress_by_reviewer(panel),
        total=queries.progress_by_panel([panel.id])[panel.id],
        lacking=queries.lacking(panel),
        is_late=levels.is_late(panel.level, clock.now()),
        level_labels=LEVELS,
    )


def _purpose(panel: Panel) -> dict[str, str]:
    found = {}
    for locale in LOCALES:
        with force_locale(locale):
            found[locale] = _("Reviewer on the panel %(name)s", name=panel.name)
    return found


def _form_page(template: str, form: Any, **things: Any) -> Answer:
    return render_template(template, form=form, **things), 422 if request.method == "POST" else 200


def _back(ref: str) -> Response:
    return redirect(url_for("panels.show", ref=ref), code=303)
