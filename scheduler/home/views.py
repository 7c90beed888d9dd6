"""The front door: the sign-in page for strangers, one's own work for everybody else."""

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import current_actor, public
from scheduler.home import navigation, sections
from scheduler.panels.queries import panels_judged_by, progress_by_panel

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public("leads to the sign-in page or to one's own work")
def index() -> str | Response:
    """What is to do, by role; people with several roles see one section for each."""
    actor = current_actor()
    if not actor.is_signed_in:
        return redirect(url_for("accounts.sign_in"))
    now = clock.now()
    panels = panels_judged_by(actor)
    return render_template(
        "home/index.html",
        title=_("Overview"),
        schools=sections.school_sections(actor, now=now),
        programmes=sections.programme_sections(actor, now=now),
        groups=sections.led_groups(actor),
        panels=panels,
        reviewed=progress_by_panel([panel.id for panel in panels], actor) if panels else {},
        platform=sections.platform_section(actor, now=now),
    )


@blueprint.get("/privacy")
@public("everybody may know what is kept about them")
def privacy() -> str:
    """What is kept about whom, for how long, and who sees it."""
    return render_template("home/privacy.html")


@blueprint.get("/accessibility")
@public("everybody may know how these pages can be used")
def accessibility() -> str:
    """How the pages can be used, and whom to tell when they cannot."""
    return render_template("home/accessibility.html")


def init_app(app: Flask) -> None:
    """Register the pages and the frame's links; called once per application."""
    app.register_blueprint(blueprint)
    app.extensions.setdefault("frame", []).append(navigation.frame)
