"""Lots for the running order: typed or drawn by a seed, checked by anybody, obeyed, taken back."""

import datetime as dt
import hashlib

import pytest
import time_machine
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.database import transaction
from scheduler.errors import NotFound, Refused
from scheduler.lotteries.lists import digest_of, result_of
from scheduler.scheduling.engine.catalogue import InOrder
from scheduler.scheduling.engine.search import solve
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.rules import lots_services
from scheduler.scheduling.rules.lots_models import DrawnLots
from scheduler.scheduling.rules.offered import OFFERS, Choice, RuleCode, Strength
from scheduler.scheduling.rules.services import choose
from scheduler.scheduling.situation import situation_of
from scheduler.scheduling.verdict import broken_rules, sentences
from tests import factories

PAGES = "/programmes/small/plans/lots"
PAGE = f"{PAGES}/choirs"


@pytest.fixture
def client(sign_in, festival):
    return sign_in(festival.coordinator)


@pytest.fixture
def choirs(festival):
    """The refs of both choirs: the one of the hill, the one of the lake."""
    return festival.hill_choir.ref, festival.lake_choir.ref


@pytest.fixture
def typed(festival, actor, choirs):
    """The lake's choir has drawn the smaller number."""
    with transaction():
        lots_services.type_in(
            festival.choirs, {choirs[0]: 7, choirs[1]: 2}, actor=actor, now=clock.now()
        )


@pytest.fixture
def announced(festival, actor, choirs):
    """A list that waits for its seed until tomorrow."""
    with transaction():
        lots = lots_services.announce(
            festival.choirs,
            choirs,
            seed_source="Numbers called out  by the leaders",
            seed_at=clock.now() + dt.timedelta(days=1),
            actor=actor,
            now=clock.now(),
        )
        return lots.list_text


def drawn(festival, actor, seed, days=2):
    with transaction():
        return lots_services.draw(
            festival.choirs, seed, actor=actor, now=clock.now() + dt.timedelta(days=days)
        ).refs


def rules(festival):
    return situation_of(festival.programme).problem.rules


def test_typed_lots_are_an_order_that_the_search_keeps(festival, typed, choirs):
    assert rules(festival) == (InOrder(id="lots choirs", activities=choirs[::-1]),)
    places = solve(situation_of(festival.programme).problem, deterministic_limit=3, seconds=None)
    begins = places.plan.by_activity
    assert begins[choirs[1]].start < begins[choirs[0]].start


def test_a_draft_in_another_order_says_so(festival, typed, plan):
    (broken,) = broken_rules(plan, plan.slots)
    (said,) = sentences(situation_of(festival.programme), [broken])
    assert said == "Lake Choir, Hill Choir do not begin in the order that was set."


def test_whoever_has_left_leaves_no_gap_and_who_comes_later_is_free(
    festival, typed, choirs, session
):
    late = festival.group("Late Choir", festival.choirs, festival.hill, 3)
    festival.hill_choir.state, festival.hill_choir.places_held = State.WITHDRAWN, 0
    session.commit()
    assert rules(festival) == ()
    lots = lots_services.lots_of(festival.programme)["choirs"]
    assert lots_services.later_groups(lots, [*choirs, late.ref]) == [late.ref]


def test_the_rule_can_be_a_wish_or_off(festival, typed, actor):
    defaults = {code: offer.default for code, offer in OFFERS.items()}
    for choice, weights in ((Choice(Strength.WISH, 9), [9]), (Choice(Strength.OFF), [])):
        with transaction():
            wanted = defaults | {RuleCode.LOTS: choice}
            choose(festival.programme, wanted, actor=actor, now=clock.now())
        assert [rule.weight for rule in rules(festival)] == weights


def test_anybody_comes_to_the_same_order_by_list_and_seed(festival, announced, actor, choirs):
    assert rules(festival) == ()
    order = drawn(festival, actor, " 3  1 4 ")
    digest = hashlib.sha256(announced.encode()).hexdigest()
    assert order == sorted(
        choirs, key=lambda ref: hashlib.sha256(f"3 1 4\n{digest}\n{ref}".encode()).hexdigest()
    )
    assert rules(festival) == (InOrder(id="lots choirs", activities=tuple(order)),)
    facts = [
        entry.facts
        for action in ("programme:lots_announced", "programme:lots_drawn")
        for entry in festival_audit(action)
    ]
    assert facts == [
        {"category": "choirs", "groups": 2},
        {"category": "choirs", "order": order, "seed": "3 1 4"},
    ]


def festival_audit(action):
    from scheduler.database import db

    noted = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return db.session.scalars(noted).all()


def test_the_seed_comes_after_the_list_and_can_be_typed_by_all(festival, announced, actor):
    for seed, days, refusal in (
        ("3 1 4", 0, Refusal.LOTS_SEED_EARLY),
        ("三", 2, Refusal.LOTS_SEED_UNREADABLE),
        (" ", 2, Refusal.LOTS_SEED_UNREADABLE),
        ("9" * 201, 2, Refusal.LOTS_SEED_UNREADABLE),
    ):
        with pytest.raises(Refused) as refused:
            drawn(festival, actor, seed, days)
        assert refused.value.code == refusal
    drawn(festival, actor, "3 1 4")
    with pytest.raises(NotFound):
        drawn(festival, actor, "another")


def test_lots_are_drawn_once_and_taken_back_openly(festival, typed, actor, choirs, session):
    revision = festival.programme.roster_revision
    for again in (
        lambda: lots_services.type_in(
            festival.choirs, dict.fromkeys(choirs, 1), actor=actor, now=clock.now()
        ),
        lambda: lots_services.announce(
            festival.choirs, choirs, seed_source="x", seed_at=clock.now(), actor=actor,
            now=clock.now(),
        ),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused, transaction():
            again()
        assert refused.value.code == Refusal.LOTS_ALREADY
    with transaction():
        lots_services.withdraw_lots(festival.choirs, actor=actor, now=clock.now())
    assert rules(festival) == ()
    assert festival.programme.roster_revision == revision + 1
    (entry,) = festival_audit("programme:lots_withdrawn")
    assert entry.facts == {"category": "choirs", "order": list(choirs[::-1]), "seed": None}


def test_the_pages_take_typed_numbers(client, festival, choirs):
    assert client.get(PAGES).status_code == 200
    page = client.get(PAGE).text
    assert "Hill Choir" in page
    assert "Hill Band" not in page
    form = {f"lot_{choirs[0]}": "12", f"lot_{choirs[1]}": "3"}
    answer = client.post(f"{PAGE}/typed", data=form)
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = client.get(PAGE).text
    assert page.index("Lake Choir") < page.index("Hill Choir")
    assert client.post(f"{PAGE}/typed", data=form).status_code == 409
    assert client.post(f"{PAGE}/withdraw").status_code == 303
    assert client.post(f"{PAGE}/withdraw").status_code == 404


@pytest.mark.parametrize(
    ("first", "second"),
    [("3", "3"), ("", "1"), ("0", "1"), ("x", "1"), ("1.5", "2"), ("10000", "1")],
)
def test_a_number_that_is_none_is_refused_beside_its_field(client, session, choirs, first, second):
    form = {f"lot_{choirs[0]}": first, f"lot_{choirs[1]}": second}
    answer = client.post(f"{PAGE}/typed", data=form)
    assert answer.status_code == 422
    beside = [ref for ref in choirs if f'id="lot_{ref}-error"' in answer.text]
    # Of two equal numbers one is wrong: that of the group whose field comes second.
    assert len(beside) == 1 if first == second else beside == [choirs[0]]
    assert f'value="{first}"' in answer.text
    assert session.scalars(select(DrawnLots)).all() == []


def test_the_pages_freeze_a_list_and_draw_it_later(client, festival, app, choirs, sign_in):
    wall = (clock.now() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    past = {"seed_source": "Dice", "seed_at": "2020-01-01T10:00"}
    answer = client.post(f"{PAGE}/announce", data=past)
    assert answer.status_code == 409
    assert 'id="seed_at-error"' in answer.text
    answer = client.post(f"{PAGE}/announce", data={"seed_source": "", "seed_at": wall})
    assert answer.status_code == 422
    answer = client.post(f"{PAGE}/announce", data={"seed_source": "Dice", "seed_at": wall})
    assert answer.status_code == 303
    stranger = app.test_client()
    text = stranger.get("/running-orders/small/choirs/list.txt")
    assert (text.status_code, text.mimetype) == (200, "text/plain")
    assert "Hill" not in text.text
    assert digest_of(text.text) in client.get(PAGE).text
    assert stranger.get("/running-orders/small/choirs/result.txt").status_code == 404
    assert client.post(f"{PAGE}/draw", data={"seed": "6 5"}).status_code == 409
    with time_machine.travel(clock.now() + dt.timedelta(days=2), tick=False):
        client = sign_in(festival.coordinator)
        answer = client.post(f"{PAGE}/draw", data={"seed": "骰子"})
        assert answer.status_code == 409
        assert 'id="seed-error"' in answer.text
        assert client.post(f"{PAGE}/draw", data={"seed": "6 5"}).status_code == 303
        result = stranger.get("/running-orders/small/choirs/result.txt").text
    assert result == result_of(text.text, "6 5")


def test_other_categories_and_other_people_have_nothing_here(client, festival, sign_in, session):
    posters = factories.category(
        festival.programme, code="posters", kind="tennis_singles", max_works=0
    )
    other = factories.coordinator(factories.programme(code="other"), email="other@city.example")
    session.commit()
    for code in (posters.code, "nothing"):
        assert client.get(f"{PAGES}/{code}").status_code == 404
        assert client.get(f"/running-orders/small/{code}/list.txt").status_code == 404
    for account in (other, festival.hill_officer):
        stranger = sign_in(account)
        assert stranger.get(PAGE).status_code in {403, 404}
        assert stranger.post(f"{PAGE}/typed", data={}).status_code in {403, 404}
