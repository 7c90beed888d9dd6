"""The pages on which coordinators draw lots for the order within a category, or type them in."""

from collections.abc import Callable
from typing import Any, cast

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor, public
from scheduler.access.permissions import Permission
from scheduler.applications.models import Application
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.extensions import limiter
from scheduler.lotteries.lists import digest_of, result_of
from scheduler.programmes.kinds import STAGED
from scheduler.programmes.models import Category, Programme
from scheduler.programmes.services import find_programme as programme_of
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.find import find_programme
from scheduler.scheduling.rules import lots_services
from scheduler.scheduling.rules.lots_forms import (
    AnnounceForm,
    SeedForm,
    typed_lots_form,
)
from scheduler.scheduling.rules.lots_models import DrawnLots
from scheduler.scheduling.situation import accepted_groups
from scheduler.web import BaseForm

Answer = str | Response | tuple[str, int]
WHY = "anyone may check a draw of lots; references, never names"
RATE = "240 per minute"


@blueprint.get("/programmes/<string:code>/plans/lots")
@access(Permission.PLAN_EDIT, find_programme)
def lots(thing: Programme) -> str:
    """Every category that performs on a stage, and what has been drawn for it."""
    drawn = lots_services.lots_of(thing)
    groups = accepted_groups(thing)
    rows = [
        (category, drawn.get(category.code), sum(g.category_id == category.id for g in groups))
        for category in thing.categories
        if category.kind in STAGED
    ]
    return render_template("scheduling/lots.html", programme=thing, rows=rows)


@blueprint.get("/programmes/<string:code>/plans/lots/<string:category>")
@access(Permission.PLAN_EDIT, find_programme)
def category_lots(thing: Programme, category: str) -> str:
    """The order of one category, or the ways to come to one."""
    return _page(lots_services.staged_category(thing, category))


@blueprint.post("/programmes/<string:code>/plans/lots/<string:category>/typed")
@access(Permission.PLAN_EDIT, find_programme)
def type_lots(thing: Programme, category: str) -> Answer:
    """Keep the numbers that were drawn by hand."""
    one = lots_services.staged_category(thing, category)
    form = typed_lots_form(_groups(one))

    def keep() -> None:
        lots_services.type_in(one, form.numbers(), actor=current_actor(), now=clock.now())

    return _change(one, "typed", form, keep, told=_order_is_kept())


@blueprint.post("/programmes/<string:code>/plans/lots/<string:category>/announce")
@access(Permission.PLAN_EDIT, find_programme)
def announce_lots(thing: Programme, category: str) -> Answer:
    """Freeze the list of groups before the seed is known."""
    one = lots_services.staged_category(thing, category)
    form = AnnounceForm()

    def freeze() -> None:
        lots_services.announce(
            one,
            list(_groups(one)),
            seed_source=str(form.seed_source.data),
            seed_at=form.instant(cast("Any", form.seed_at.data), thing.timezone, "seed_at"),
            actor=current_actor(),
            now=clock.now(),
        )

    told = _("The list is frozen, and everybody can read it.")
    return _change(one, "announced", form, freeze, told=told)


@blueprint.post("/programmes/<string:code>/plans/lots/<string:category>/draw")
@access(Permission.PLAN_EDIT, find_programme)
def draw_lots(thing: Programme, category: str) -> Answer:
    """Draw the order of the frozen list by its seed."""
    one = lots_services.staged_category(thing, category)
    form = SeedForm()

    def draw() -> None:
        lots_services.draw(one, str(form.seed.data), actor=current_actor(), now=clock.now())

    return _change(one, "seeded", form, draw, told=_order_is_kept())


@blueprint.post("/programmes/<string:code>/plans/lots/<string:category>/withdraw")
@access(Permission.PLAN_EDIT, find_programme)
def withdraw_lots(thing: Programme, category: str) -> Response:
    """Take the lots of a category back."""
    one = lots_services.staged_category(thing, category)
    with transaction():
        lots_services.withdraw_lots(one, actor=current_actor(), now=clock.now())
        address = _address(one)
    flash(_("The lots have been taken back."), "success")
    return redirect(address, code=303)


@blueprint.get("/running-orders/<string:code>/<string:category>/list.txt")
@public(WHY)
@limiter.limit(RATE)
def lots_list(code: str, category: str) -> Response:
    """Give the frozen list of a category, byte for byte as it was summed."""
    return _plain(_frozen(code, category).list_text or "", f"{category}-list.txt")


@blueprint.get("/running-orders/<string:code>/<string:category>/result.txt")
@public(WHY)
@limiter.limit(RATE)
def lots_result(code: str, category: str) -> Response:
    """Give the order that list and seed lead to, computed anew; there is none before the draw."""
    frozen = _frozen(code, category)
    if frozen.seed is None:
        raise NotFound
    return _plain(result_of(frozen.list_text or "", frozen.seed), f"{category}-result.txt")


def _frozen(code: str, category: str) -> DrawnLots:
    found = lots_services.lots_of(programme_of(code)).get(category)
    if found is None or found.list_text is None:
        raise NotFound
    return found


def _plain(text: str, name: str) -> Response:
    response = current_app.response_class(text.encode(), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _groups(category: Category) -> dict[str, Application]:
    groups = accepted_groups(category.programme)
    return {group.ref: group for group in groups if group.category_id == category.id}


def _address(category: Category) -> str:
    return url_for("scheduling.category_lots", code=category.programme.code, category=category.code)


def _order_is_kept() -> str:
    return str(_("The order is kept. It holds from the next search on."))


def _change(
    category: Category, name: str, form: BaseForm, deed: Callable[[], None], *, told: str
) -> Answer:
    """Do what a form asks for and say so, or show the form, `name` on the page, with its errors."""
    if not form.validate_on_submit():
        return _page(category, **{name: form}), 422
    try:
        with transaction():
            deed()
            address = _address(category)
    except Refused as refused:
        form.refuse(refused)
        return _page(category, **{name: form}), 409
    flash(told, "success")
    return redirect(address, code=303)


def _page(category: Category, **sent: BaseForm) -> str:
    """Show a category's lots; forms that were `sent` and not taken stand there as they came."""
    groups = _groups(category)
    drawn = lots_services.lots_of(category.programme).get(category.code)
    facts: dict[str, Any] = {}
    if drawn is not None:
        facts = {
            "order": [(ref, groups.get(ref)) for ref in drawn.refs],
            "later": [groups[ref] for ref in lots_services.later_groups(drawn, list(groups))],
            "digest": digest_of(drawn.list_text) if drawn.list_text else None,
        }
    return render_template(
        "scheduling/lots_category.html",
        programme=category.programme,
        category=category,
        groups=groups,
        drawn=drawn,
        now=clock.now(),
        typed=sent.get("typed") or typed_lots_form(groups),
        announced=sent.get("announced") or AnnounceForm(),
        seeded=sent.get("seeded") or SeedForm(),
        **facts,
    )
