"""The time on stage that a draft allots to a group: changed, taken back, published, kept."""

import datetime as dt

import pytest

from scheduler import clock
from scheduler.database import transaction
from scheduler.errors import Refused
from scheduler.scheduling import services
from scheduler.scheduling.basis import Basis
from scheduler.scheduling.board import editing, undoing
from scheduler.scheduling.board.news import news_of
from scheduler.scheduling.board.trying import try_length
from scheduler.scheduling.holding import Holding
from scheduler.scheduling.models import PlanMethod
from scheduler.scheduling.placing import slots_of
from scheduler.scheduling.refusals import Refusal
from scheduler.scheduling.releases import rolling_back
from scheduler.scheduling.releases.differences import against_release
from scheduler.scheduling.situation import situation_of
from tests.factories import at
from tests.scheduling.moving import put
from tests.scheduling.releasing import release as publish


def resize(plan, group, minutes, actor):
    with transaction():
        return editing.resize(
            plan,
            application_ref=group.ref,
            minutes=minutes,
            edition=plan.edition,
            actor=actor,
            now=clock.now(),
        )


def times(plan, group):
    slot = editing.slot_of(plan, group.ref)
    return slot.starts_at, slot.ends_at, slot.changeover_ends_at


def test_a_shorter_time_ends_earlier_and_so_does_the_changeover(plan, festival, actor):
    before = times(plan, festival.lake_band)
    resize(plan, festival.lake_band, 7, actor)
    starts, ends, changeover = times(plan, festival.lake_band)
    assert (starts, ends) == (before[0], starts + dt.timedelta(minutes=7))
    assert changeover - ends == before[2] - before[1]
    # It goes along wherever the group is put.
    put(plan, festival.lake_band, "ROOM", at(16), actor)
    assert times(plan, festival.lake_band)[:2] == (at(16), at(16, 7))


@pytest.mark.parametrize("minutes", [0, -3, 13])
def test_no_other_length_than_the_category_allows(plan, festival, actor, minutes):
    with pytest.raises(Refused) as refused:
        resize(plan, festival.lake_band, minutes, actor)
    assert (refused.value.code, refused.value.facts["most"]) == (Refusal.LENGTH_OUTSIDE, 12)


def test_a_locked_group_keeps_its_length(plan, festival, actor, session):
    editing.slot_of(plan, festival.lake_band.ref).is_locked = True
    session.commit()
    with pytest.raises(Refused) as refused:
        resize(plan, festival.lake_band, 7, actor)
    assert refused.value.code is Refusal.SLOT_LOCKED


def test_it_is_one_step_back_and_one_again_and_told_in_the_history(plan, festival, actor, app):
    before = times(plan, festival.lake_band)
    resize(plan, festival.lake_band, 7, actor)
    after = times(plan, festival.lake_band)
    with transaction():
        change = undoing.to_undo(plan, actor)
        undoing.undo(plan, change_id=change.id, actor=actor, now=clock.now())
    assert times(plan, festival.lake_band) == before
    with transaction():
        undoing.redo(plan, change_id=change.id, actor=actor, now=clock.now())
    assert times(plan, festival.lake_band) == after
    with app.test_request_context():
        told = [each.what for each in news_of(plan, actor, since=None).history]
    assert told == [
        "Redone – Lake Band: 7 minutes on stage",
        "Undone – Lake Band: on stage as long as its category allows",
        "Lake Band: 7 minutes on stage",
    ]


def test_what_a_length_breaks_or_heals_is_judged_with_it(plan, festival, actor, app):
    put(plan, festival.lake_choir, "HALL", at(10, 9), actor)
    with app.test_request_context():
        usual, shorter = (
            try_length(plan, application_ref=festival.hill_choir.ref, minutes=minutes).broken
            for minutes in (10, 3)
        )
    overlap = "overlap on the stage of Great Hall by 6 min."
    either = {f"Hill Choir, Lake Choir {overlap}", f"Lake Choir, Hill Choir {overlap}"}
    assert (len(usual), either.issuperset(usual), shorter) == (1, True, [])


def test_it_is_published_and_kept_by_what_is_planned_later(plan, festival, actor):
    resize(plan, festival.lake_band, 7, actor)
    release = publish(plan, actor)
    assert release.slots[festival.lake_band.ref]["minutes"] == 7
    situation = situation_of(festival.programme)
    assert situation.problem.activity_by_id[festival.lake_band.ref].ends == 7
    basis = Basis.of_release(release).within(situation)
    held = Holding(PlanMethod.KEEP).of(situation, basis)
    slots = {slot.item.ref: slot for slot in slots_of(basis.plan(held), held)}
    slot = slots[festival.lake_band.ref]
    assert (slot.allotted_minutes, slot.ends_at - slot.starts_at) == (7, dt.timedelta(minutes=7))
    # Another draft without it would make the time longer again, and says so.
    with transaction():
        twin = services.copy(plan, actor=actor, now=clock.now())
    resize(twin, festival.lake_band, 12, actor)
    changes = against_release(festival.programme, services.slots_of_plan(twin))
    assert [change.item.ref for change in changes] == [festival.lake_band.ref]
    with transaction():
        restored = rolling_back.draft_of(release, actor=actor, now=clock.now())
    assert editing.slot_of(restored.plan, festival.lake_band.ref).allotted_minutes == 7


def test_by_form_and_by_script(plan, festival, sign_in):
    client = sign_in(festival.coordinator)
    url = f"/plans/{plan.ref}/slots/{festival.lake_band.ref}"
    assert 'action="' + url + '/length"' in client.get(url).text
    wrong = client.post(f"{url}/length", data={"minutes": "60", "edition": plan.edition})
    assert (wrong.status_code, "between 1 and 12" in wrong.text) == (422, True)
    assert client.get(f"{url}/length?minutes=60").status_code == 409
    assert "Breaks no rule here." in client.get(f"{url}/length?minutes=8").text
    form = {"minutes": "8", "edition": plan.edition}
    answer = client.post(f"{url}/length", data=form, headers={"X-Board": "1"})
    assert "Now 8 minutes on stage." in answer.text
    assert editing.slot_of(plan, festival.lake_band.ref).allotted_minutes == 8
