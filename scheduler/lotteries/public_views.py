"""What everybody may read of a lottery, without signing in: receipts, never names."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response

from scheduler.access.guard import public
from scheduler.errors import NotFound
from scheduler.extensions import limiter
from scheduler.listing import page_of
from scheduler.lotteries import queries, services
from scheduler.lotteries.draw import Place
from scheduler.lotteries.lists import read_list, result_of
from scheduler.lotteries.models import Lottery, LotteryEntry
from scheduler.lotteries.texts import BUNDLES

blueprint = Blueprint("public_lotteries", __name__)
WHY = "anyone may check a draw; receipts, never names"
RATE = "240 per minute"
PER_PAGE = 100


@blueprint.get("/public-lotteries/<string:ref>")
@public(WHY)
@limiter.limit(RATE)
def show(ref: str) -> str:
    """Show the frozen list's check sum, the seed and its source, and the result by receipt."""
    lottery = services.find_public(ref)
    search = request.args.get("q", "")
    page = page_of(
        queries.public_entries(lottery, search),
        sorts={
            "rank": (LotteryEntry.rank, LotteryEntry.id),
            "receipt": (LotteryEntry.receipt,),
        },
        default_sort="rank" if lottery.drawn_at else "receipt",
        per_page=PER_PAGE,
    )
    return render_template(
        "lotteries/public.html",
        lottery=lottery,
        places=_places(lottery),
        count=queries.entry_count(lottery),
        page=page,
        search=search,
        bundles=BUNDLES,
        category_names={category.code: category.names for category in lottery.categories},
    )


@blueprint.get("/public-lotteries/<string:ref>/list.txt")
@public(WHY)
@limiter.limit(RATE)
def entrants(ref: str) -> Response:
    """Give the frozen list, byte for byte as it was summed."""
    return _plain(services.find_public(ref).list_text or "", f"{ref}-list.txt")


@blueprint.get("/public-lotteries/<string:ref>/result.txt")
@public(WHY)
@limiter.limit(RATE)
def result(ref: str) -> Response:
    """Give the result, one line per entry by rank; there is none before the draw."""
    return _plain(_result(services.find_public(ref)), f"{ref}-result.txt")


@blueprint.get("/public-lotteries/<string:ref>/lottery.json")
@public(WHY)
@limiter.limit(RATE)
def everything(ref: str) -> dict[str, Any]:
    """Give list and result as JSON, for programs."""
    lottery = services.find_public(ref)
    frozen = read_list(lottery.list_text or "")
    is_drawn = lottery.seed is not None
    return {
        **frozen.heads,
        "state": lottery.state.value,
        "list": lottery.list_text,
        "list-sha256": lottery.list_digest,
        "seed": lottery.seed,
        "seed-reference": lottery.seed_reference,
        "result": _result(lottery) if is_drawn else None,
    }


def _places(lottery: Lottery) -> dict[Place, int]:
    return dict(read_list(lottery.list_text or "").places)


def _result(lottery: Lottery) -> str:
    """Recompute the result from what is public, as anyone else would."""
    if lottery.seed is None:
        raise NotFound
    return result_of(lottery.list_text or "", lottery.seed)


def _plain(text: str, name: str) -> Response:
    response = current_app.response_class(text.encode(), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
