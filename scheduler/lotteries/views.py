"""A coordinator's pages about lotteries."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.access.guard import access, current_actor
from scheduler.access.permissions import Permission
from scheduler.applications.queries import categories_of
from scheduler.calendars.addresses import public_url
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.listing import page_of
from scheduler.lotteries import applying, queries, services
from scheduler.lotteries.entrants import counts_by_place, entrants_of
from scheduler.lotteries.forms import DrawForm, LotteryForm, lottery_values, places_form
from scheduler.lotteries.models import Lottery, LotteryEntry, LotteryState
from scheduler.lotteries.refusals import Refusal
from scheduler.lotteries.texts import APPLIED, BUNDLES, STRATA
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.web import shown_version

blueprint = Blueprint("lotteries", __name__)

Answer = str | tuple[str, int] | Response
ENTRY_SORTS = {
    "rank": (LotteryEntry.rank, LotteryEntry.id),
    "receipt": (LotteryEntry.receipt,),
}


def find_lottery(ref: str) -> Lottery:
    """Return the lottery of an address."""
    return services.find(ref)


@blueprint.get("/programmes/<string:code>/lotteries")
@access(Permission.APPLICATION_DECIDE, find_programme)
def index(thing: Programme) -> Answer:
    """List the programme's lotteries, the newest first."""
    page = page_of(
        queries.lotteries_of(thing),
        sorts={"made": (Lottery.created_at, Lottery.id)},
        default_sort="made",
        newest_first=True,
    )
    return render_template("lotteries/lotteries.html", programme=thing, page=page)


@blueprint.route("/programmes/<string:code>/lotteries/new", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_programme)
def new(thing: Programme) -> Answer:
    """Set up a lottery."""
    form = LotteryForm()
    form.offer_choices(categories_of(thing))
    if form.validate_on_submit():
        try:
            with transaction():
                lottery = services.add(
                    thing, form.details(thing), actor=current_actor(), now=clock.now()
                )
                ref = lottery.ref
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The lottery was set up. Look at its places next."), "success")
            return redirect(url_for("lotteries.show", ref=ref), code=303)
    return _form_page(form, thing, None)


@blueprint.get("/lotteries/<string:ref>")
@access(Permission.APPLICATION_DECIDE, find_lottery)
def show(thing: Lottery) -> Answer:
    """Show where the lottery stands, its entrants, and the next step."""
    return _page(thing, DrawForm(data={"version": thing.version}))


@blueprint.route("/lotteries/<string:ref>/edit", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_lottery)
def edit(thing: Lottery) -> Answer:
    """Change a lottery before the freeze."""
    _demand_draft(thing)
    programme = thing.programme
    form = LotteryForm(data=lottery_values(thing))
    form.offer_choices(categories_of(programme))
    if request.method == "GET":
        form.show_instants(programme.timezone, seed_at=thing.seed_at)
    if form.validate_on_submit():
        try:
            details = form.details(programme)
            with transaction():
                services.change(
                    thing, details, version=shown_version(), actor=current_actor(), now=clock.now()
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The lottery was changed."), "success")
            return _back(thing)
    return _form_page(form, programme, thing)


@blueprint.route("/lotteries/<string:ref>/places", methods=["GET", "POST"])
@access(Permission.APPLICATION_DECIDE, find_lottery)
def places(thing: Lottery) -> Answer:
    """Say how many places are drawn, and for whom some of them are kept."""
    _demand_draft(thing)
    counts = counts_by_place(thing, entrants_of(thing))
    form = places_form(thing, counts, services.places_of(thing, counts))
    if form.validate_on_submit():
        try:
            with transaction():
                services.set_places(
                    thing,
                    form.places,
                    version=shown_version(),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("The places were saved."), "success")
            return _back(thing)
    page = render_template("lotteries/places.html", form=form, lottery=thing)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/lotteries/<string:ref>/freeze")
@access(Permission.APPLICATION_DECIDE, find_lottery)
def freeze(thing: Lottery) -> Answer:
    """Fix the entrants and publish their list."""
    with transaction():
        services.freeze(
            thing,
            version=shown_version(),
            seen=request.form.get("seen", -1, type=int),
            actor=current_actor(),
            now=clock.now(),
        )
    flash(_("The list is frozen and public. The schools are mailed their receipts."), "success")
    return _back(thing)


@blueprint.post("/lotteries/<string:ref>/draw")
@access(Permission.APPLICATION_DECIDE, find_lottery)
def draw(thing: Lottery) -> Answer:
    """Draw with the seed that was typed in."""
    form = DrawForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.draw(
                    thing,
                    seed=str(form.seed.data),
                    reference=str(form.reference.data),
                    version=shown_version(),
                    actor=current_actor(),
                    now=clock.now(),
                )
        except Refused as error:
            if error.field is None:
                raise
            form.refuse(error)
        else:
            flash(_("The lottery is drawn, and the result is public."), "success")
            return _back(thing)
    return _page(thing, form), 422


@blueprint.post("/lotteries/<string:ref>/apply")
@access(Permission.APPLICATION_DECIDE, find_lottery)
def apply(thing: Lottery) -> Answer:
    """Accept the winners and waitlist the others, as one job."""
    back = url_for("lotteries.show", ref=thing.ref)
    with transaction():
        job = applying.begin(thing, result_url=back, actor=current_actor(), now=clock.now())
        ref = job.ref
    return redirect(url_for("jobs.show", ref=ref), code=303)


@blueprint.post("/lotteries/<string:ref>/remove")
@access(Permission.APPLICATION_DECIDE, find_lottery)
def remove(thing: Lottery) -> Answer:
    """Delete a draft."""
    code = thing.programme.code
    with transaction():
        services.remove(thing, actor=current_actor(), now=clock.now())
    flash(_("The draft was removed."), "success")
    return redirect(url_for("lotteries.index", code=code), code=303)


def _page(lottery: Lottery, form: DrawForm) -> str:
    entrants = entrants_of(lottery) if lottery.state is LotteryState.DRAFT else []
    counts = counts_by_place(lottery, entrants)
    search = request.args.get("q", "")
    page = page_of(
        queries.named_entries(lottery, search),
        sorts=ENTRY_SORTS,
        default_sort="rank" if lottery.drawn_at else "receipt",
    )
    return render_template(
        "lotteries/lottery.html",
        lottery=lottery,
        form=form,
        counts=counts,
        entrants=len(entrants),
        places=services.places_of(lottery, counts),
        earlier=services.earlier_lotteries(lottery),
        page=page,
        search=search,
        is_due=clock.now() >= lottery.seed_at,
        has_refused=queries.has_refused(lottery),
        public_address=public_url() + url_for("public_lotteries.show", ref=lottery.ref),
        category_names={category.code: category.names for category in lottery.categories},
        strata=STRATA,
        bundles=BUNDLES,
        applied=APPLIED,
    )


def _form_page(form: LotteryForm, programme: Programme, lottery: Lottery | None) -> Answer:
    page = render_template(
        "lotteries/lottery_form.html", form=form, programme=programme, lottery=lottery
    )
    return page, 422 if request.method == "POST" else 200


def _demand_draft(lottery: Lottery) -> None:
    if lottery.state is not LotteryState.DRAFT:
        raise Refused(Refusal.NOT_A_DRAFT)


def _back(lottery: Lottery) -> Response:
    return redirect(url_for("lotteries.show", ref=lottery.ref), code=303)
