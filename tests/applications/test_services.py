"""What a school does with its entries, on a real database."""

import pytest
from sqlalchemy import select

from scheduler.applications import services
from scheduler.applications.fields import ALL_FIELDS, Field, editable_fields
from scheduler.applications.models import Application, HistoryEntry, MemberRole
from scheduler.applications.workflow import Action, Refusal, State
from scheduler.audit.models import AuditEntry
from scheduler.database import db, transaction
from scheduler.errors import Refused
from scheduler.notifications.models import Mail
from tests.applications.making import (
    CLOSES,
    LATE,
    NOW,
    OPENS,
    declare,
    leader_of,
    make_category,
    make_entry,
    make_school,
    officer_of,
)


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        function(*args, **kwargs)
    return refused.value.code


def history_of(application):
    rows = db.session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.application_id == application.id)
        .order_by(HistoryEntry.id)
    )
    return [(row.action, row.from_state, row.to_state, row.actor_name) for row in rows]


def mails():
    return [
        (mail.code, mail.to_address) for mail in db.session.scalars(select(Mail).order_by(Mail.id))
    ]


def test_create_begins_a_draft_with_its_history(festival):
    actor = festival.officer.actor
    application = services.create(
        actor, school=festival.school, category=festival.category, group_name="Larks", now=NOW
    )
    assert (application.state, application.version, application.programme) == (
        State.DRAFT,
        1,
        festival.programme,
    )
    assert history_of(application) == [(Action.CREATE, None, State.DRAFT, festival.officer.name)]


def test_create_is_audited_without_telling_anybody(festival):
    application = services.create(
        festival.officer.actor,
        school=festival.school,
        category=festival.category,
        group_name="Larks",
        now=NOW,
    )
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_ref, entry.account_id, entry.facts) == (
        "application:create",
        application.ref,
        festival.officer.id,
        {"from_state": None, "to_state": "draft"},
    )
    assert mails() == []


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (OPENS.replace(hour=0), Refusal.WINDOW_NOT_OPEN),
        (CLOSES, Refusal.WINDOW_CLOSED),
    ],
)
def test_nothing_begins_outside_the_window(festival, now, code):
    assert code == refusal(
        services.create,
        festival.officer.actor,
        school=festival.school,
        category=festival.category,
        group_name="Larks",
        now=now,
    )


def begin(festival, name="Larks", **changes):
    values = {"school": festival.school, "category": festival.category} | changes
    return services.create(festival.officer.actor, group_name=name, now=NOW, **values)


def test_a_live_group_keeps_its_name_to_itself(festival):
    begin(festival)
    assert refusal(begin, festival) == Refusal.NAME_TAKEN


def test_other_schools_and_categories_may_use_the_name(festival):
    begin(festival)
    begin(festival, school=make_school())
    begin(festival, category=make_category(festival.programme))
    assert len(db.session.scalars(select(Application)).all()) == 3


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REJECTED])
def test_a_group_out_of_the_running_leaves_its_name(festival, state):
    make_entry(festival.category, festival.school, state=state, group_name="Larks")
    assert begin(festival).group_name == "Larks"


def test_a_name_taken_at_the_same_moment_is_refused_like_one_taken_before(festival):
    begin(festival)
    db.session.commit()
    other = begin(festival, "Robins")
    other.group_name = "Larks"
    assert (
        refusal(services.note_edit, other, actor=festival.officer.actor, now=NOW, changes={})
        == Refusal.NAME_TAKEN
    )


def test_submit_hands_in_and_confirms_to_officers_and_leader(festival):
    application = make_entry(festival.category, festival.school)
    leader = leader_of(application)
    officer_of(make_school())
    services.submit(application, actor=festival.officer.actor, now=NOW)
    assert (application.state, application.submitted_at) == (State.SUBMITTED, NOW)
    assert mails() == [
        ("applications.submitted", festival.officer.email),
        ("applications.submitted", leader.email),
    ]


def test_deactivated_accounts_get_no_mail(festival):
    application = make_entry(festival.category, festival.school)
    festival.officer.deactivated_at = NOW
    services.submit(application, actor=festival.officer.actor, now=NOW)
    assert mails() == []


def test_an_incomplete_entry_is_refused_with_the_count(festival):
    application = make_entry(festival.category, festival.school, pupils=1)
    application.pieces.clear()
    db.session.flush()
    with pytest.raises(Refused) as refused:
        services.submit(application, actor=festival.officer.actor, now=NOW)
    assert (refused.value.code, refused.value.facts) == (Refusal.INCOMPLETE, {"count": 2})


def test_the_newest_word_of_a_guardian_counts(festival):
    application = make_entry(festival.category, festival.school)
    pupil = next(m.person for m in application.members if m.role is MemberRole.PUPIL)
    declare(pupil, is_granted=False)
    assert (
        refusal(services.submit, application, actor=festival.officer.actor, now=NOW)
        == Refusal.INCOMPLETE
    )
    declare(pupil)
    services.submit(application, actor=festival.officer.actor, now=NOW)
    assert application.state is State.SUBMITTED


def test_a_draft_is_not_submitted_after_the_deadline_but_a_returned_entry_is(festival):
    draft = make_entry(festival.category, festival.school)
    returned = make_entry(
        festival.category,
        festival.school,
        state=State.RETURNED,
        returned_fields=["pieces"],
        returned_message="Please shorten.",
    )
    actor = festival.officer.actor
    assert refusal(services.submit, draft, actor=actor, now=LATE) == Refusal.WINDOW_CLOSED
    services.submit(returned, actor=actor, now=LATE)
    assert (returned.state, returned.returned_fields, returned.returned_message) == (
        State.SUBMITTED,
        [],
        None,
    )


def test_withdrawing_an_accepted_group_frees_its_place_and_makes_plans_old(festival):
    application = make_entry(festival.category, festival.school, state=State.ACCEPTED)
    services.withdraw(application, actor=festival.officer.actor, now=LATE, reason="Measles")
    db.session.refresh(festival.programme)
    assert (application.state, festival.category.places_taken) == (State.WITHDRAWN, 0)
    assert festival.programme.roster_revision == 1
    assert mails() == [
        ("applications.withdrawn", festival.officer.email),
        ("applications.place_given_up", festival.coordinator.email),
    ]


def test_withdrawing_from_the_waiting_list_leaves_everybody_else_where_they_are(festival):
    first, second, third = (
        make_entry(
            festival.category, festival.school, state=State.WAITLISTED, waitlist_position=number
        )
        for number in (1, 2, 3)
    )
    services.withdraw(second, actor=festival.officer.actor, now=LATE)
    assert [each.waitlist_position for each in (first, second, third)] == [1, None, 3]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.WITHDRAWN])
def test_before_the_deadline_the_school_reopens(festival, state):
    application = make_entry(festival.category, festival.school, state=state, submitted_at=NOW)
    services.reopen(application, actor=festival.officer.actor, now=NOW)
    assert (application.state, application.submitted_at) == (State.DRAFT, None)


def test_after_the_deadline_nothing_is_reopened(festival):
    application = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    assert (
        refusal(services.reopen, application, actor=festival.officer.actor, now=CLOSES)
        == Refusal.WINDOW_CLOSED
    )


def test_a_withdrawn_group_is_not_reopened_into_a_name_that_was_taken(festival):
    old = make_entry(festival.category, festival.school, state=State.WITHDRAWN, group_name="Larks")
    begin(festival)
    assert (
        refusal(services.reopen, old, actor=festival.officer.actor, now=NOW) == Refusal.NAME_TAKEN
    )


@pytest.mark.parametrize(
    ("state", "marked", "expected"),
    [
        (State.DRAFT, [], ALL_FIELDS),
        (State.RETURNED, ["pieces", "members"], {Field.PIECES, Field.MEMBERS}),
        (State.SUBMITTED, ["pieces"], set()),
        (State.ACCEPTED, [], set()),
        (State.WAITLISTED, [], set()),
        (State.REJECTED, [], set()),
        (State.WITHDRAWN, [], set()),
    ],
)
def test_editable_fields_of_every_state(state, marked, expected):
    assert editable_fields(state, marked) == expected


def test_a_returned_entry_is_edited_only_where_it_was_marked(festival):
    application = make_entry(
        festival.category, festival.school, state=State.RETURNED, returned_fields=["pieces"]
    )
    services.demand_editable(application, now=LATE, fields={Field.PIECES})
    assert (
        refusal(
            services.demand_editable, application, now=LATE, fields={Field.PIECES, Field.MEMBERS}
        )
        == Refusal.ONLY_MARKED_FIELDS
    )


def test_a_draft_is_edited_only_while_the_window_is_open(festival):
    application = make_entry(festival.category, festival.school)
    services.demand_editable(application, now=NOW, fields=ALL_FIELDS)
    assert refusal(services.demand_editable, application, now=LATE) == Refusal.WINDOW_CLOSED


def test_a_submitted_entry_is_not_edited(festival):
    application = make_entry(festival.category, festival.school, state=State.SUBMITTED)
    assert refusal(services.demand_editable, application, now=NOW) == Refusal.NOT_FROM_THIS_STATE


def test_every_edit_raises_the_version_even_within_one_second(festival):
    application = begin(festival)
    for _ in range(2):
        services.note_edit(
            application, actor=festival.officer.actor, now=NOW, changes={"members": [3, 4]}
        )
    assert application.version == 3
    last = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert (last.action, last.changes) == (Action.EDIT, {"members": [3, 4]})


def test_a_view_commits_once_and_the_row_is_the_present_one(festival):
    application = make_entry(festival.category, festival.school)
    actor = festival.officer.actor
    db.session.commit()
    with transaction():
        services.submit(application, actor=actor, now=NOW)
    assert db.session.get_one(Application, application.id).state is State.SUBMITTED
