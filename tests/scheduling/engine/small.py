"""Small problems: builders for one-line tests, and a strategy that draws random ones."""

from hypothesis import strategies as st

from scheduler.scheduling.engine import (
    WARM_UP,
    Block,
    Lock,
    Party,
    Placement,
    Problem,
    Room,
    TimeLimit,
    Travel,
    Venue,
    Window,
    performance,
    plan_of,
)
from scheduler.scheduling.engine.catalogue import (
    RULE_BY_KIND,
    Breaks,
    CompactDays,
    FewEarly,
    Following,
    InCompany,
    NotBeside,
    Numbered,
    SpreadDays,
    UnwantedSessions,
)

DAY = 1000
DAYS = (Window(0, DAY), Window(DAY, 2 * DAY))


def item(id_, **facts):
    """A performance of 20 minutes with 10 minutes of warm-up right before it."""
    return performance(
        id_,
        **{
            "stage_minutes": 20,
            "changeover_minutes": 0,
            "warm_up_minutes": 10,
            "warm_up_gap_minutes": 0,
            **facts,
        },
    )


def venue(id_, *windows, size=50, rooms=1, closures=(), seats=None):
    opened = tuple(Window(*window) for window in windows) or (Window(0, 300),)
    closed = tuple(Window(*closure) for closure in closures)
    return Venue(id_, size, opened, closed, (Room(WARM_UP, rooms),), seats)


def problem(activities, venues=None, **rest):
    return Problem(
        days=rest.pop("days", DAYS),
        venues=tuple(venues or (venue("A"),)),
        activities=tuple(activities),
        **{"grid_minutes": 10, "comfort_minutes": 30, **rest},
    )


def plan(**places):
    """plan(x=("A", 30)): activity x at venue A, on stage at minute 30."""
    return plan_of(Placement(id_, *place) for id_, place in places.items())


IDS = ("p", "q", "r", "s")


@st.composite
def problems(draw, most=3):
    """A problem of up to `most` items on one or two stages, most of them possible."""
    ids = IDS[: draw(st.integers(2, most))]
    activities = [
        item(
            id_,
            stage_minutes=draw(st.sampled_from((10, 20))),
            changeover_minutes=draw(st.sampled_from((0, 10))),
            warm_up_minutes=draw(st.sampled_from((0, 10, 20))),
            size=draw(st.sampled_from((5, 40))),
            school=draw(st.sampled_from((None, "S"))),
            region=draw(st.sampled_from((None, "N", "M"))),
        )
        for id_ in ids
    ]
    some = st.lists(st.sampled_from(ids), min_size=2, max_size=len(ids), unique=True).map(tuple)
    venues = [draw(_venues("A")), *draw(st.lists(_venues("B"), max_size=1))]
    return problem(
        activities,
        venues,
        travel=(Travel("A", "B", draw(st.sampled_from((10, 30)))),) if len(venues) > 1 else (),
        parties=tuple(
            Party(
                f"party {number}",
                draw(some),
                persons=draw(st.integers(1, 3)),
                rest_minutes=draw(st.sampled_from((0, 20))),
                attends_warm_up=draw(st.booleans()),
                busy=draw(st.sampled_from(((), (Window(0, 30),)))),
            )
            for number in range(draw(st.integers(0, 2)))
        ),
        blocks=_blocks(draw, ids),
        time_limits=tuple(
            TimeLimit("limit", "arrival", draw(some), (Window(20, DAY + 200),))
            for _ in range(draw(st.integers(0, 1)))
        ),
        locks=draw(st.sampled_from(((), (Lock(ids[0], "A"),), (Lock(ids[-1], start=40),)))),
        rules=tuple(draw(rules(ids, number)) for number in range(draw(st.integers(0, 2)))),
    )


def rules(ids, number=0):
    """A rule of any kind about some of the activities, hard or at a price."""
    common = {
        "id": st.just(f"rule {number}"),
        "activities": st.lists(
            st.sampled_from(ids), min_size=2, max_size=len(ids), unique=True
        ).map(tuple),
        "weight": st.sampled_from((None, 1, 7)),
    }
    pair = {"activities": st.permutations(ids).map(lambda some: tuple(some[:2]))}
    one = st.sampled_from(ids).map(lambda id_: (id_,))
    own = {
        SpreadDays: {"days": st.integers(1, 2)},
        Following: {
            "least_minutes": st.sampled_from((0, 20)),
            "most_minutes": st.sampled_from((None, 30)),
            **pair,
        },
        Breaks: {
            "most_minutes": st.sampled_from((20, 50)),
            "break_minutes": st.sampled_from((10, 30)),
            "with_warm_up": st.booleans(),
        },
        CompactDays: {
            "pause_minutes": st.sampled_from((0, 20)),
            "with_warm_up": st.booleans(),
        },
        FewEarly: {"early_minutes": st.sampled_from((20, 60)), "most": st.integers(0, 1)},
        InCompany: {"pause_minutes": st.sampled_from((0, 20))},
        NotBeside: {"others": one},
        UnwantedSessions: {
            "windows": st.sampled_from(((), (Window(0, 50),))),
            "venues": st.sampled_from(((), ("A",))),
        },
        Numbered: {
            "activities": st.just(tuple(ids)),
            "numbers": st.permutations(range(len(ids))).map(tuple),
        },
    }
    return st.one_of(
        st.builds(kind, **{**common, **own.get(kind, {})}) for kind in RULE_BY_KIND.values()
    )


def _venues(id_):
    hours = st.sampled_from((((0, 90),), ((0, 60), (DAY, DAY + 50)), ((0, 50), (60, 110))))
    return st.builds(
        lambda windows, size, rooms, closures, seats: venue(
            id_, *windows, size=size, rooms=rooms, closures=closures, seats=seats
        ),
        hours,
        st.sampled_from((10, 50)),
        st.integers(1, 2),
        st.sampled_from(((), ((20, 40),))),
        st.sampled_from((None, 10, 30)),
    )


def _blocks(draw, ids):
    """No block, one of the first two or three items, or that and one of the last two."""
    size = draw(st.integers(0, 3))
    if size < 2:
        return ()
    idle = draw(st.sampled_from((None, 10)))
    first = Block("first", ids[:size], idle, may_pause=draw(st.booleans()))
    return (first, Block("last", ids[size:])) if len(ids) > size else (first,)
