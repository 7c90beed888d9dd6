"""A lottery's way: draft, frozen, drawn, applied; and everything that may not happen on it."""

import datetime as dt

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from scheduler.applications.decisions import Decision, decide
from scheduler.applications.services import withdraw
from scheduler.applications.workflow import Action, State
from scheduler.audit.models import AuditEntry
from scheduler.errors import Conflict, Refused
from scheduler.lotteries import applying, services
from scheduler.lotteries.lists import digest_of, result_of
from scheduler.lotteries.models import Applied, Bundles, LotteryEntry, LotteryState, Strata
from scheduler.lotteries.refusals import Refusal
from scheduler.lotteries.services import LotteryDetails
from scheduler.notifications.models import Mail
from tests import factories
from tests.lotteries.conftest import AFTER, NOW, SEED, SEED_AT, draw, freeze, numbered


def entries_of(session, lottery):
    query = select(LotteryEntry).where(LotteryEntry.lottery_id == lottery.id)
    return list(session.scalars(query.order_by(LotteryEntry.receipt)))


def by_rank(session, lottery):
    entries = sorted(entries_of(session, lottery), key=lambda entry: entry.rank)
    return [(e.application.group_name, e.outcome.value, e.number) for e in entries]


def details(fair, **values):
    default = {
        "names": {"en": "Draw"},
        "category_ids": (fair.category.id,),
        "strata": Strata.NONE,
        "bundles": Bundles.NONE,
        "seed_source": "National lottery",
        "seed_at": SEED_AT,
    }
    return LotteryDetails(**(default | values))


def refusal(call, *arguments, **values):
    with pytest.raises(Refused) as caught:
        call(*arguments, **values)
    return caught.value.code


def test_the_frozen_list_is_exactly_what_is_promised(session, fair):
    lottery = freeze(fair)
    assert (
        lottery.list_text
        == f"""\
ambassador-scheduler lottery list 1
lottery {lottery.ref}
programme fair
frozen 2027-04-01T02:00:00Z
seed-at 2027-04-03T02:00:00Z
seed-source National lottery, draw 2027050, all numbers in order
places CHAMBER * 2
entry R-01 R-01 CHAMBER -
entry R-02 R-02 CHAMBER -
entry R-03 R-03 CHAMBER -
entry R-04 R-04 CHAMBER -
entry R-05 R-05 CHAMBER -
entry R-06 R-06 CHAMBER -
"""
    )
    assert lottery.list_digest == digest_of(lottery.list_text)
    assert lottery.state is LotteryState.FROZEN


def test_receipts_are_random_and_say_nothing(session, fair):
    lottery = freeze(fair, new_receipt=None)
    receipts = [entry.receipt for entry in entries_of(session, lottery)]
    assert len(set(receipts)) == 6
    assert {len(receipt) for receipt in receipts} == {12}
    for entry in fair.entries:
        assert entry.ref not in lottery.list_text
        assert f" {entry.group_name} " not in lottery.list_text


def test_only_submitted_entries_of_the_categories_take_part(session, fair):
    other = factories.category(fair.programme, code="OTHER")
    factories.application(other, fair.schools[0], state=State.SUBMITTED)
    for state in (State.DRAFT, State.RETURNED, State.REJECTED, State.WITHDRAWN):
        factories.application(fair.category, fair.schools[0], state=state)
    lottery = freeze(fair)
    names = [entry.application.group_name for entry in entries_of(session, lottery)]
    assert names == list("ABCDEF")


def test_each_officer_gets_one_mail_with_the_receipts_of_the_own_school(session, fair):
    factories.officer(fair.schools[4], deactivated_at=NOW)
    lottery = freeze(fair)
    mails = list(session.scalars(select(Mail).where(Mail.about == lottery.ref)))
    assert [(m.to_address, m.facts["receipts"]) for m in mails] == [
        (fair.officer.email, ["C: R-03", "D: R-04"])
    ]


@pytest.mark.parametrize(
    ("strata", "expected"),
    [
        (Strata.NONE, ["-"] * 6),
        (Strata.REGION, ["GZ", "GZ", "HK", "HK", "GZ", "GZ"]),
        (Strata.DISTRICT, ["-"] * 6),
        (Strata.STAGE, ["P"] * 6),
    ],
)
def test_strata(session, fair, strata, expected):
    fair.lottery.strata = strata
    session.flush()
    lottery = freeze(fair)
    assert [entry.stratum for entry in entries_of(session, lottery)] == expected


def test_a_district_is_a_stratum_by_its_code(session, fair):
    fair.schools[0].district = factories.district(code="440112")
    fair.lottery.strata = Strata.DISTRICT
    session.flush()
    assert entries_of(session, freeze(fair))[0].stratum == "440112"


def test_entries_of_a_school_are_one_unit_named_by_their_first_receipt(session, fair):
    fair.lottery.bundles = Bundles.SCHOOL
    session.flush()
    units = [entry.unit for entry in entries_of(session, freeze(fair))]
    assert units == ["R-01", "R-02", "R-03", "R-03", "R-05", "R-06"]


def test_brothers_and_sisters_keep_their_entries_together_over_a_chain(session, fair):
    a, b, c, _, e, _ = (entry.members[0].person for entry in fair.entries)
    factories.guardian(fair.schools[0], a, c)
    factories.guardian(fair.schools[0], e, c)
    factories.guardian(fair.schools[0], b)
    fair.lottery.bundles = Bundles.FAMILY
    session.flush()
    units = [entry.unit for entry in entries_of(session, freeze(fair))]
    assert units == ["R-01", "R-02", "R-01", "R-04", "R-01", "R-06"]


def test_places_can_be_kept_for_a_stratum(session, fair):
    fair.lottery.strata = Strata.REGION
    session.flush()
    services.set_places(
        fair.lottery,
        {("CHAMBER", "HK"): 1, ("CHAMBER", "*"): 1},
        version=fair.lottery.version,
        actor=fair.actor,
        now=NOW,
    )
    lottery = draw(fair, freeze(fair))
    assert "places CHAMBER * 1\nplaces CHAMBER GZ 0\nplaces CHAMBER HK 1\n" in lottery.list_text
    winners = [e for e in entries_of(session, lottery) if e.outcome.value == "place"]
    assert sorted(e.place_of for e in winners) == ["*", "HK"]


def test_more_places_than_are_free_are_refused(session, fair):
    fair.category.places_taken = 1
    session.flush()
    places = {("CHAMBER", "*"): 2}
    values = {"version": fair.lottery.version, "actor": fair.actor, "now": NOW}
    code = refusal(services.set_places, fair.lottery, places, **values)
    assert code is Refusal.TOO_MANY_PLACES
    assert fair.lottery.places == {}


def test_other_strata_need_their_places_anew(session, fair):
    values = {"actor": fair.actor, "now": NOW}
    services.set_places(fair.lottery, {("CHAMBER", "*"): 1}, version=fair.lottery.version, **values)
    services.change(fair.lottery, details(fair), version=fair.lottery.version, **values)
    assert fair.lottery.places == {"CHAMBER": {"*": 1}}
    changed = details(fair, strata=Strata.REGION)
    services.change(fair.lottery, changed, version=fair.lottery.version, **values)
    assert fair.lottery.places == {}


def test_the_seed_must_lie_after_the_freeze(session, fair):
    assert refusal(freeze, fair, now=SEED_AT) is Refusal.SEED_NOT_IN_FUTURE
    early = details(fair, seed_at=NOW)
    values = {"actor": fair.actor, "now": NOW}
    assert refusal(services.add, fair.programme, early, **values) is Refusal.SEED_NOT_IN_FUTURE


def test_a_freeze_on_an_old_page_is_refused(session, fair):
    assert refusal(freeze, fair, seen=5) is Refusal.ENTRANTS_CHANGED
    with pytest.raises(Conflict):
        freeze(fair, version=fair.lottery.version - 1)
    assert fair.lottery.state is LotteryState.DRAFT
    assert entries_of(session, fair.lottery) == []


def test_without_entrants_or_places_there_is_nothing_to_draw(session, fair):
    empty = factories.lottery(factories.category(fair.programme), seed_at=SEED_AT)
    assert refusal(freeze, fair, empty, seen=0) is Refusal.NO_ENTRANTS
    fair.category.places = 0
    session.flush()
    assert refusal(freeze, fair) is Refusal.NO_PLACES


def test_nothing_can_be_changed_after_the_freeze(session, fair):
    lottery = freeze(fair)
    text, values = lottery.list_text, {"actor": fair.actor, "now": NOW}
    version = {"version": lottery.version}
    assert refusal(services.change, lottery, details(fair), **version, **values) == (
        Refusal.NOT_A_DRAFT
    )
    assert refusal(services.set_places, lottery, {("CHAMBER", "*"): 1}, **version, **values) == (
        Refusal.NOT_A_DRAFT
    )
    assert refusal(services.remove, lottery, **values) is Refusal.NOT_A_DRAFT
    assert refusal(freeze, fair) is Refusal.NOT_A_DRAFT
    factories.application(fair.category, fair.schools[0], state=State.SUBMITTED)
    assert draw(fair).list_text == text


def test_the_draw_waits_for_its_source(session, fair):
    assert refusal(draw, fair) is Refusal.NOT_FROZEN
    lottery = freeze(fair)
    assert refusal(draw, fair, now=SEED_AT - dt.timedelta(seconds=1)) is Refusal.SEED_TOO_EARLY
    draw(fair, now=SEED_AT)
    assert refusal(draw, fair, seed="another") is Refusal.NOT_FROZEN
    assert lottery.seed == SEED


@pytest.mark.parametrize("seed", ["", "  ", "０３ ０８", "1\x07 2", "9" * 201])
def test_a_seed_that_not_everybody_can_type_is_refused(session, fair, seed):
    freeze(fair)
    assert refusal(draw, fair, seed=seed) is Refusal.SEED_UNREADABLE


def test_the_stored_result_is_the_one_that_the_public_texts_lead_to(session, fair):
    lottery = draw(fair, freeze(fair), seed="  03 08\n 11 ")
    lines = result_of(lottery.list_text, "03 08 11").splitlines()[4:]
    stored = sorted(entries_of(session, lottery), key=lambda entry: entry.rank)
    assert lines == [
        f"{e.rank} {e.receipt} {e.unit} CHAMBER - {e.outcome.value} {e.place_of or '-'}"
        for e in stored
    ]
    assert [e.outcome.value for e in stored] == ["place"] * 2 + ["waiting"] * 4
    assert [e.number for e in stored] == [None, None, 1, 2, 3, 4]


def applied(session, lottery):
    return {
        e.application.group_name: (e.applied.value, e.application.state.value)
        for e in entries_of(session, lottery)
    }


def test_applying_accepts_the_winners_and_waitlists_the_rest_in_drawn_order(session, fair):
    lottery = draw(fair, freeze(fair))
    order = by_rank(session, lottery)
    counts = applying.apply(lottery, actor=fair.actor, now=AFTER)
    assert counts == {
        Applied.ACCEPTED: 2,
        Applied.WAITLISTED: 4,
        Applied.SKIPPED: 0,
        Applied.REFUSED: 0,
    }
    states = {entry.group_name: entry.state for entry in fair.entries}
    positions = {entry.group_name: entry.waitlist_position for entry in fair.entries}
    assert [states[name].value for name, _, _ in order] == ["accepted"] * 2 + ["waitlisted"] * 4
    assert [positions[name] for name, _, number in order if number] == [1, 2, 3, 4]
    assert fair.category.places_taken == 2
    assert (
        fair.entries[0].history[-1].reason.startswith(f"Lottery / 抽签 / 抽籤 {lottery.ref} · R-")
    )


def test_who_has_withdrawn_is_skipped_and_the_place_stays_free(session, fair):
    lottery = draw(fair, freeze(fair))
    (first, _, _), *_, (last, _, _) = by_rank(session, lottery)
    for entry in fair.entries:
        if entry.group_name in {first, last}:
            withdraw(entry, actor=fair.officer.actor, now=AFTER, is_quiet=True)
    applying.apply(lottery, actor=fair.actor, now=AFTER)
    found = applied(session, lottery)
    assert found[first] == found[last] == ("skipped", "withdrawn")
    assert sorted(found.values()).count(("waitlisted", "waitlisted")) == 3
    assert fair.category.places_free == 1


def test_what_was_decided_by_hand_meanwhile_is_left_alone(session, fair):
    lottery = draw(fair, freeze(fair))
    name = by_rank(session, lottery)[-1][0]
    entry = next(entry for entry in fair.entries if entry.group_name == name)
    decide(entry, Decision(Action.ACCEPT, entry.version), actor=fair.actor, now=AFTER)
    applying.apply(lottery, actor=fair.actor, now=AFTER)
    found = applied(session, lottery)
    assert found[name] == ("skipped", "accepted")
    # The place that was given by hand is missing for the second winner: reported, not oversold.
    assert sorted(kind for kind, _ in found.values()) == [
        "accepted", "refused", "skipped", "waitlisted", "waitlisted", "waitlisted",
    ]  # fmt: skip
    refused = next(e for e in entries_of(session, lottery) if e.applied is Applied.REFUSED)
    assert (refused.refusal, refused.application.state) == ("no_place_left", State.SUBMITTED)
    assert fair.category.places_taken == 2


def test_applying_again_tries_only_what_was_refused(session, fair):
    lottery = draw(fair, freeze(fair))
    fair.category.places_taken = 1
    session.flush()
    applying.apply(lottery, actor=fair.actor, now=AFTER)
    fair.category.places_taken = 1
    session.flush()
    applying.open_refused(lottery)
    counts = applying.apply(lottery, actor=fair.actor, now=AFTER)
    assert (counts[Applied.ACCEPTED], sum(counts.values())) == (1, 1)
    assert lottery.applied_at == AFTER


def test_portions_go_on_where_the_last_one_ended(session, fair):
    lottery = draw(fair, freeze(fair))
    order = [name for name, _, _ in by_rank(session, lottery)]
    sizes, states = [], []
    for _ in range(2):
        counts = applying.apply(lottery, actor=fair.actor, now=AFTER, most=4)
        sizes.append(sum(counts.values()))
        states.append(lottery.state)
    assert (sizes, states) == ([4, 2], [LotteryState.DRAWN, LotteryState.APPLIED])
    positions = {entry.group_name: entry.waitlist_position for entry in fair.entries}
    assert [positions[name] for name in order] == [None, None, 1, 2, 3, 4]


def test_each_person_is_told_once_when_all_is_applied(session, fair):
    """C and D are of one school, whose officer hears of both in one mail, whatever the portions."""
    others = [factories.officer(fair.schools[number]).email for number in (0, 1, 3, 4)]
    lottery = draw(fair, freeze(fair))
    session.execute(delete(Mail))
    applying.apply(lottery, actor=fair.actor, now=AFTER, most=4)
    assert session.scalars(select(Mail)).all() == []
    applying.apply(lottery, actor=fair.actor, now=AFTER, most=4)
    applying.apply(lottery, actor=fair.actor, now=AFTER, most=4)
    mails = session.scalars(select(Mail)).all()
    several = [mail for mail in mails if mail.code == "applications.several"]
    assert [mail.to_address for mail in several] == [fair.officer.email]
    refs = {each["facts"]["ref"] for each in several[0].facts["entries"]}
    assert refs == {fair.entries[2].ref, fair.entries[3].ref}
    single = sorted(mail.to_address for mail in mails if mail not in several)
    assert single == sorted(others)


def test_nobody_applies_it_to_the_own_school(session, fair):
    lottery = draw(fair, freeze(fair))
    both = factories.account(
        (factories.Role.COORDINATOR, fair.programme),
        (factories.Role.SCHOOL_OFFICER, fair.schools[2]),
    )
    applying.apply(lottery, actor=both.actor, now=AFTER)
    found = applied(session, lottery)
    assert {name for name, (kind, _) in found.items() if kind == "refused"} == {"C", "D"}


def test_only_a_drawn_lottery_is_applied(session, fair):
    values = {"actor": fair.actor, "now": AFTER}
    assert refusal(applying.apply, fair.lottery, **values) is Refusal.NOT_DRAWN
    freeze(fair)
    assert refusal(applying.apply, fair.lottery, **values) is Refusal.NOT_DRAWN
    assert refusal(applying.begin, fair.lottery, result_url="/", **values) is Refusal.NOT_DRAWN


def test_a_second_draw_needs_its_reason_and_replaces_the_first(session, fair):
    first = freeze(fair)
    second = factories.lottery(fair.category, seed_at=SEED_AT)
    assert refusal(freeze, fair, second, new_receipt=numbered()) is Refusal.REASON_NEEDED
    second.reason = "The source did not draw on that day."
    session.flush()
    freeze(fair, second, new_receipt=None)
    assert (first.state, first.replaced_by) == (LotteryState.REPLACED, second)
    assert refusal(draw, fair, first) is Refusal.NOT_FROZEN


def test_what_was_applied_is_not_replaced(session, fair):
    first = draw(fair, freeze(fair))
    applying.apply(first, actor=fair.actor, now=AFTER)
    fair.category.places += 1
    factories.application(fair.category, fair.schools[0], state=State.SUBMITTED)
    second = factories.lottery(
        fair.category, seed_at=AFTER + dt.timedelta(days=1), reason="One more place."
    )
    freeze(fair, second, now=AFTER, seen=1, new_receipt=None)
    assert first.state is LotteryState.APPLIED


def test_each_step_stands_in_the_audit_log(session, fair):
    lottery = services.add(fair.programme, details(fair), actor=fair.actor, now=NOW)
    services.change(lottery, details(fair), version=lottery.version, actor=fair.actor, now=NOW)
    draw(fair, freeze(fair, lottery))
    applying.apply(lottery, actor=fair.actor, now=AFTER)
    query = select(AuditEntry).where(AuditEntry.subject_ref == lottery.ref).order_by(AuditEntry.id)
    entries = list(session.scalars(query))
    assert [entry.action for entry in entries] == [
        f"lottery:{step}" for step in ("add", "change", "freeze", "draw", "apply")
    ]
    assert entries[2].facts == {"entrants": 6, "sha256": lottery.list_digest}
    assert entries[3].facts == {"seed": SEED, "reference": "National lottery, draw 2027050"}
    assert entries[4].facts == {"accepted": 2, "waitlisted": 4, "skipped": 0, "refused": 0}


@pytest.mark.parametrize(
    "values",
    [
        {"frozen_at": NOW},
        {"list_text": "x"},
        {"seed": "1"},
        {"state": LotteryState.FROZEN, "frozen_at": SEED_AT, "list_text": "x"},
        {"drawn_at": NOW, "seed": "1"},
    ],
)
def test_the_database_refuses_half_a_lottery(session, fair, values):
    with pytest.raises(IntegrityError):
        factories.lottery(fair.category, seed_at=SEED_AT, **values)
    session.rollback()
