"""Places that go down a ranking: ranks, ties, the quota line, and decisions after a preview."""

import re

import pytest

from scheduler.access.permissions import Role
from scheduler.applications import decision_jobs, offers, rankings
from scheduler.applications.decisions import decide_many
from scheduler.applications.ordered_decisions import Choice
from scheduler.applications.rankings import remit_of, table_of
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.audit.models import AuditEntry
from scheduler.database import db
from scheduler.errors import Conflict, NotAllowed, NotFound, Refused
from scheduler.jobs.models import Job, JobState
from scheduler.notifications.models import Mail
from scheduler.programmes.approval import Dimension, LevelKind, WaitlistOrder, WaitlistPolicy
from scheduler.programmes.kinds import Allocation
from tests import factories
from tests.applications.making import (
    NOW,
    city_reviewer_of,
    make_category,
    make_district,
    make_entry,
    make_levels,
    make_quota,
    make_school,
    officer_of,
    reviewer_of,
)
from tests.support.pages import text_of


@pytest.fixture(autouse=True)
def on_the_first_of_march(frozen):
    frozen(2027, 3, 1, 8)


@pytest.fixture
def category(festival):
    return make_category(festival.programme, places=2, allocation=Allocation.RANKED)


@pytest.fixture
def entries(festival, category):
    made = [
        make_entry(category, make_school(), state=State.SUBMITTED, group_name=f"Group {letter}")
        for letter in "ABCDE"
    ]
    db.session.commit()
    return made


@pytest.fixture
def remit(festival, category, entries):
    return remit_of(festival.coordinator.actor, category)


def give(remit, entries, *ranks):
    given = {entry.ref: rank for entry, rank in zip(entries, ranks, strict=False)}
    rankings.give_ranks(remit, given, seen=table_of(remit).fingerprint, now=NOW)


def order(remit):
    return [row.application.group_name[-1] for row in table_of(remit).rows]


def choose(remit, count, **values):
    seen = [(row.application.ref, row.application.version) for row in table_of(remit).candidates]
    default = {"rest": None, "reason": "", "seen": seen}
    return Choice(count=count, **(default | values))


def decide(remit, choice):
    asked = rankings.asked_from_ranks(remit, choice, now=NOW)
    return decide_many(asked, actor=remit.actor, now=NOW)


def test_the_ranked_come_first_and_the_others_as_they_were_submitted(remit, entries):
    give(remit, entries[2:], 2, 1)
    assert order(remit) == ["D", "C", "A", "B", "E"]
    assert [row.rank for row in table_of(remit).rows] == [1, 2, None, None, None]


def test_an_entry_moves_past_its_neighbour_and_no_further_than_the_end(remit, entries):
    give(remit, entries, 1, 2, 3)
    seen = lambda: table_of(remit).fingerprint  # noqa: E731
    rankings.move(remit, entries[2].ref, -1, seen=seen(), now=NOW)
    rankings.move(remit, entries[0].ref, -1, seen=seen(), now=NOW)
    rankings.move(remit, entries[4].ref, 1, seen=seen(), now=NOW)
    assert order(remit) == ["A", "C", "B", "E", "D"]
    assert [row.rank for row in table_of(remit).rows] == [1, 2, 3, 4, None]


def test_ranks_given_on_an_old_page_are_refused(remit, entries):
    seen = table_of(remit).fingerprint
    give(remit, entries, 1)
    with pytest.raises(Conflict):
        rankings.give_ranks(remit, {entries[1].ref: 1}, seen=seen, now=NOW)
    assert table_of(remit).rows[0].rank == 1


def test_a_tie_is_shown_and_stops_the_decision_until_a_person_gives_a_reason(remit, entries):
    give(remit, entries, 1, 2, 2, 3)
    table = table_of(remit)
    assert [row.application.group_name for row in table.ties[2]] == ["Group B", "Group C"]
    with pytest.raises(Refused) as refused:
        rankings.asked_from_ranks(remit, choose(remit, 2), now=NOW)
    assert (refused.value.code, refused.value.facts) == (Refusal.TIES_LEFT, {"ranks": "2"})
    refs = [entries[2].ref, entries[1].ref]
    with pytest.raises(Refused) as refused:
        rankings.break_tie(remit, 2, refs, reason=" ", seen=table.fingerprint, now=NOW)
    assert refused.value.code is Refusal.TIE_REASON_MISSING
    rankings.break_tie(remit, 2, refs, reason="Younger.", seen=table.fingerprint, now=NOW)
    assert order(remit) == ["A", "C", "B", "D", "E"]
    assert table_of(remit).ties == {}
    noted = db.session.query(AuditEntry).filter_by(action="ranking:break_tie").one()
    assert (noted.facts["order"], noted.facts["reason"]) == (refs, "Younger.")


def test_a_broken_tie_is_open_again_when_another_joins_it(remit, entries):
    give(remit, entries, 1, 1)
    refs = [entries[1].ref, entries[0].ref]
    seen = table_of(remit).fingerprint
    rankings.break_tie(remit, 1, refs, reason="Younger.", seen=seen, now=NOW)
    give(remit, entries[2:], 1)
    assert len(table_of(remit).ties[1]) == 3


def test_nobody_moves_past_an_equal_without_a_reason(remit, entries):
    give(remit, entries, 1, 1)
    with pytest.raises(Refused) as refused:
        rankings.move(remit, entries[1].ref, -1, seen=table_of(remit).fingerprint, now=NOW)
    assert refused.value.code is Refusal.TIE_NEEDS_REASON


def test_a_tie_is_broken_for_all_of_it(remit, entries):
    give(remit, entries, 1, 1, 1)
    seen = table_of(remit).fingerprint
    refs = [entries[0].ref, entries[1].ref]
    with pytest.raises(Refused) as refused:
        rankings.break_tie(remit, 1, refs, reason="Younger.", seen=seen, now=NOW)
    assert refused.value.code is Refusal.TIE_ORDER_INCOMPLETE


def test_the_first_are_accepted_the_next_wait_in_order_and_the_rest_is_rejected(
    remit, entries, category
):
    # By submission, A would wait before C.
    policy = WaitlistPolicy(programme_id=category.programme_id, order=WaitlistOrder.SUBMITTED)
    db.session.add(policy)
    give(remit, entries, 4, 1, 3, 2, 5)
    choice = choose(remit, 2, waiting=2, rest=Action.REJECT, reason="Ranked lower.")
    outcomes = decide(remit, choice)
    assert [(o.application.group_name[-1], o.application.state) for o in outcomes] == [
        ("B", State.ACCEPTED),
        ("D", State.ACCEPTED),
        ("C", State.WAITLISTED),
        ("A", State.WAITLISTED),
        ("E", State.REJECTED),
    ]
    line = db.session.scalars(offers.in_line(category))
    assert [entry.group_name[-1] for entry in line] == ["C", "A"]
    reasons = [entries[4].history[-1].reason, entries[2].history[-1].reason]
    assert reasons == ["Ranked lower.", None]


def test_the_line_stops_at_places_and_who_exceeds_a_quota(festival, category, entries, remit):
    assert table_of(remit).within == 0
    give(remit, entries, 1, 2, 3)
    table = table_of(remit)
    assert (table.within, [row.is_within for row in table.rows]) == (
        2,
        [True, True, False, False, False],
    )


def test_what_changed_since_the_page_was_made_stops_all(remit, entries):
    give(remit, entries, 1, 2)
    choice = choose(remit, 1)
    give(remit, entries, 2, 1)
    with pytest.raises(Conflict):
        rankings.asked_from_ranks(remit, choice, now=NOW)
    assert {entry.state for entry in entries} == {State.SUBMITTED}


@pytest.fixture
def districts(festival, category):
    """Two districts with a quota of one each; two entries of each wait there."""
    kinds = (LevelKind.SCHOOL, LevelKind.DISTRICT, LevelKind.ORGANISER)
    levels = make_levels(festival.programme, kinds)
    make_quota(levels[LevelKind.DISTRICT], Dimension.DISTRICT, places=1)
    made = {}
    for name in ("Yue", "Tian"):
        district = make_district(name=name)
        school = make_school(district=district, name=f"{name} School")
        made[name] = (
            reviewer_of(district),
            [
                make_entry(
                    category,
                    school,
                    state=State.SUBMITTED,
                    level=levels[LevelKind.DISTRICT],
                    group_name=f"{name} {number}",
                )
                for number in (1, 2)
            ],
        )
    db.session.commit()
    return made


def test_a_district_ranks_its_own_within_its_quota_and_passes_them_on(
    festival, category, districts
):
    for reviewer, entries in districts.values():
        remit = remit_of(reviewer.actor, category)
        assert len(table_of(remit).rows) == 2
        give(remit, entries, 2, 1)
        assert table_of(remit).within == 1
        decide(remit, choose(remit, 1))
    remit = remit_of(festival.coordinator.actor, category)
    table = table_of(remit)
    assert [(row.application.group_name, row.rank, row.below) for row in table.rows] == [
        ("Yue 2", None, 1),
        ("Tian 2", None, 1),
    ]
    rankings.take_over(remit, seen=table.fingerprint, now=NOW)
    assert [len(rows) for rows in table_of(remit).ties.values()] == [2]


def test_who_decides_at_no_level_orders_nothing(festival, category, districts):
    stranger = officer_of(make_school())
    with pytest.raises(NotFound):
        remit_of(stranger.actor, category)


# Pages


def page(category):
    return f"/programmes/{category.programme.code}/categories/{category.code}/ranking"


def hidden(text, name):
    return re.search(f'name="{name}"[^>]*value="([^"]*)"', text)[1]


def test_ranks_are_typed_previewed_and_applied(festival, category, entries, sign_in):
    client = sign_in(festival.coordinator)
    seen = hidden(client.get(page(category)).text, "seen")
    sent = {f"rank-{entry.ref}": number for number, entry in enumerate(entries, start=1)}
    assert client.post(f"{page(category)}/ranks", data=sent | {"seen": seen}).status_code == 303
    refs = " ".join(entry.seen for entry in entries)
    asked = {"count": 2, "waiting": 1, "rest": "leave", "seen": refs}
    shown = client.post(f"{page(category)}/preview", data=asked).text
    assert (shown.count("Accepted"), shown.count("Left undecided")) == (2, 2)
    db.session.expire_all()
    assert {entry.state for entry in entries} == {State.SUBMITTED}
    done = client.post(f"{page(category)}/decisions", data=asked)
    assert "3 of 3 decisions were applied." in done.text
    db.session.expire_all()
    assert [entry.state for entry in entries] == [
        State.ACCEPTED,
        State.ACCEPTED,
        State.WAITLISTED,
        State.SUBMITTED,
        State.SUBMITTED,
    ]
    again = client.post(f"{page(category)}/decisions", data=asked)
    assert again.status_code == 409


def test_many_decisions_are_a_job_in_the_order_of_the_ranks_with_one_mail_each(festival, sign_in):
    count = decision_jobs.AT_ONCE + 1
    category = make_category(festival.programme, places=20, allocation=Allocation.RANKED)
    entries = [
        make_entry(category, festival.school, state=State.SUBMITTED, pupils=0) for _ in range(count)
    ]
    remit = remit_of(festival.coordinator.actor, category)
    # The last submitted stands first.
    give(remit, entries, *range(count, 0, -1))
    ranked = list(reversed(entries))
    db.session.commit()
    refs = " ".join(entry.seen for entry in ranked)
    asked = {"count": 20, "waiting": 30, "rest": "reject", "reason": "Last.", "seen": refs}
    client = sign_in(festival.coordinator)
    answer = client.post(f"{page(category)}/decisions", data=asked)
    job = db.session.scalars(db.select(Job)).one()
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.ref}")
    assert (job.kind, job.state, job.done) == (decision_jobs.DECIDE, JobState.DONE, count)
    db.session.expire_all()
    assert [entry.state for entry in ranked] == (
        [State.ACCEPTED] * 20 + [State.WAITLISTED] * 30 + [State.REJECTED]
    )
    line = [entry.ref for entry in db.session.scalars(offers.in_line(category))]
    assert line == [entry.ref for entry in ranked[20:50]]
    mails = [(mail.to_address, mail.facts["count"]) for mail in db.session.scalars(db.select(Mail))]
    assert mails == [(festival.officer.email, count)]
    noted = db.session.query(AuditEntry).filter_by(action="ranking:decide").one()
    assert noted.facts["asked"] == count
    result = client.get(answer.location, follow_redirects=True).page
    assert f"{count} of {count} decisions were applied." in result.text
    assert client.post(f"{page(category)}/decisions", data=asked).status_code == 409
    assert db.session.query(Job).count() == 1


def test_what_passes_on_is_reported_as_nominated(category, districts, sign_in):
    reviewer, entries = districts["Yue"]
    remit = remit_of(reviewer.actor, category)
    give(remit, entries, 1, 2)
    db.session.commit()
    asked = {"count": 2, "rest": "leave", "seen": " ".join(entry.seen for entry in entries)}
    answer = sign_in(reviewer).post(f"{page(category)}/decisions", data=asked)
    rows = [text_of(row) for row in answer.page.all("tr")[1:]]
    assert [entries[0].ref in rows[0], "Nominated" in rows[0]] == [True, True]
    assert "Yue School" in rows[0]
    assert "The quota of 1 is used up at this level." in rows[1]
    assert "Nominated" not in rows[1]


def test_an_empty_ranking_says_where_the_entries_are(festival, category, sign_in):
    answer = sign_in(festival.coordinator).get(page(category))
    assert "once their school has submitted them" in answer.page.text
    queue = f"/programmes/{category.programme.code}/applications"
    address = f"{queue}?category={category.code}&state=all"
    assert [link.get("href") for link in answer.page.all("a", class_="btn")][-1] == address


def test_buttons_move_and_ties_are_settled_on_the_page(festival, category, entries, sign_in):
    client = sign_in(festival.coordinator)

    def post(path, **data):
        seen = hidden(client.get(page(category)).text, "seen")
        return client.post(f"{page(category)}/{path}", data=data | {"seen": seen})

    for entry in entries[:2]:
        post("ranks", down=entry.ref)
    post("ranks", up=entries[1].ref)
    remit = remit_of(festival.coordinator.actor, category)
    assert order(remit)[:2] == ["B", "A"]
    post("ranks", **{f"rank-{entries[0].ref}": "1", f"rank-{entries[1].ref}": "1"})
    assert "Equal rank: 1" in client.get(page(category)).text
    orders = {f"order-{entries[0].ref}": "2", f"order-{entries[1].ref}": "1"}
    assert post("ties/1", **orders).status_code == 409
    assert post("ties/1", reason="Younger.", **orders).status_code == 303
    assert order(remit)[:2] == ["B", "A"]


def test_a_blind_level_orders_references(festival, category, districts, sign_in):
    levels = {each.kind: each for each in rankings.levels.levels_of(category.programme_id)}
    city = make_levels(festival.programme, (LevelKind.CITY,))[LevelKind.CITY]
    city.is_blind = True
    entry = districts["Yue"][1][0]
    entry.level = city
    db.session.commit()
    assert LevelKind.CITY not in levels
    text = sign_in(city_reviewer_of(festival.programme)).get(page(category)).text
    assert entry.ref in text
    assert "Yue" not in text


def test_a_blind_ranking_does_not_tell_which_entries_share_a_quota(
    festival, category, districts, sign_in
):
    city = make_levels(festival.programme, (LevelKind.CITY,))[LevelKind.CITY]
    make_quota(city, Dimension.SCHOOL, places=1)
    own = [*districts["Yue"][1][:2], districts["Tian"][1][0]]
    for each in own:
        each.level = city
    db.session.commit()
    reviewer = city_reviewer_of(festival.programme)
    give(remit_of(reviewer.actor, category), own, 1, 2, 3)
    client = sign_in(reviewer)
    marks = ("Within quota", "quota and places reach 1.")
    assert [each for each in marks if each not in client.get(page(category)).page.text] == []
    city.is_blind = True
    db.session.commit()
    shown = client.get(page(category))
    assert [each for each in marks if each in shown.page.text] == []
    assert shown.page.one("input", name="count").get("value") == "0"
    form = shown.page.values()
    assert "Within quota" not in client.post(page(category) + "/preview", data=form).text


def test_a_district_sees_no_other_districts_ranks(category, districts, sign_in):
    reviewer, _entries = districts["Yue"]
    text = sign_in(reviewer).get(page(category)).text
    assert "Yue 1" in text
    assert "Tian" not in text


def test_schools_read_the_rule_and_see_nobody_elses_rank(
    festival, category, entries, remit, sign_in
):
    give(remit, entries, 1, 2, 3)
    client = sign_in(officer_of(entries[2].school))
    text = client.get(f"/applications/{entries[2].ref}").text
    assert "Those who review the entries put them in order." in text
    assert "Group A" not in text
    assert client.get(page(category)).status_code == 403


def test_a_category_that_is_decided_otherwise_has_no_such_page(festival, sign_in):
    assert sign_in(festival.coordinator).get(page(festival.category)).status_code == 404


@pytest.mark.parametrize("as_guest", [False, True])
def test_nobody_ranks_the_own_schools_entry(festival, category, entries, sign_in, as_guest):
    """The rank is the level's: a colleague's decision would carry it out."""
    school = make_school() if as_guest else entries[4].school
    if as_guest:
        entries[4].guest_school_ids = [school.id]
    colleague = remit_of(festival.coordinator.actor, category)
    give(colleague, entries, 1, 2, 3, 4, 4)
    festival.coordinator.grants.append(factories.grant(Role.SCHOOL_OFFICER, school))
    db.session.commit()
    db.session.expire_all()
    own = remit_of(festival.coordinator.actor, category)
    seen = table_of(own).fingerprint
    refs = [entries[4].ref, entries[3].ref]
    with pytest.raises(NotAllowed):
        give(own, entries[4:], 1)
    with pytest.raises(NotAllowed):
        rankings.break_tie(own, 4, refs, reason="Ours.", seen=seen, now=NOW)
    db.session.rollback()
    client = sign_in(festival.coordinator)
    for path, data in (
        ("ranks", {f"rank-{entries[4].ref}": "1"}),
        ("ranks", {"up": entries[4].ref}),
        ("ties/4", {"reason": "Ours.", f"order-{refs[0]}": "1", f"order-{refs[1]}": "2"}),
    ):
        answer = client.post(f"{page(category)}/{path}", data=data | {"seen": seen})
        assert answer.status_code in {403, 409}
    assert [row.rank for row in table_of(own).rows] == [1, 2, 3, 4, 4]
    give(own, entries, 2, 1)
    assert order(own)[:2] == ["B", "A"]
