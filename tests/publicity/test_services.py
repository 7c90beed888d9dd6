"""A notice's way: draft, published, corrected, over; and the objections to it, up to oblivion."""

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from scheduler import clock
from scheduler.applications.workflow import State
from scheduler.audit.models import AuditEntry
from scheduler.errors import Conflict, Refused
from scheduler.notifications.models import Mail
from scheduler.publicity import objections, services, tasks
from scheduler.publicity.days import DayKind
from scheduler.publicity.models import (
    NoticeLine,
    NoticeState,
    NoticeVersion,
    Objection,
    ObjectionState,
    PublicNotice,
)
from scheduler.publicity.objections import ObjectionDetails
from scheduler.publicity.refusals import Refusal
from scheduler.publicity.services import NoticeDetails
from tests import factories
from tests.publicity.conftest import END, NOW, publish

DAY = dt.timedelta(days=1)


def stand(application, state):
    """Put an application straight into a state, with the place that belongs to it."""
    application.state, application.places_held = state, int(state is State.ACCEPTED)


def lines(session, version):
    query = select(NoticeLine).where(NoticeLine.version_id == version.id)
    return [
        (line.school_name, line.group_name, line.advisers, line.pupils, line.change)
        for line in session.scalars(query.order_by(NoticeLine.position))
    ]


def details(gala, **values):
    default = {
        "titles": {"en": "Accepted groups"},
        "texts": {"en": "These were accepted."},
        "category_ids": (gala.choirs.id, gala.bands.id),
        "days": 7,
        "day_kind": DayKind.CALENDAR,
        "days_off": (),
        "shows_pupils": False,
    }
    return NoticeDetails(**(default | values))


def words(**values):
    default = {
        "name": "Wu Min",
        "email": "wu@home.example",
        "phone": None,
        "about": "Hill Choir",
        "reason": "The conductor is not of this school.",
        "locale": "zh_Hans",
    }
    return ObjectionDetails(**(default | values))


def refusal(call, *arguments, **values):
    with pytest.raises(Refused) as caught:
        call(*arguments, **values)
    return caught.value.code


def test_it_shows_accepted_groups_with_school_and_adviser_only(session, gala):
    version = publish(gala)
    assert lines(session, version) == [
        ("Hill School", "Hill Choir", "adviser of Hill Choir", None, None),
        ("Lake School", "Lake Choir", "adviser of Lake Choir", None, None),
        ("Hill School", "Hill Band", "adviser of Hill Band", None, None),
    ]
    assert (version.number, version.ends_at) == (1, END)
    assert gala.notice.state_at(NOW) is NoticeState.PUBLISHED


def test_pupils_are_a_count_where_that_is_chosen(session, gala):
    gala.notice.shows_pupils = True
    session.flush()
    assert [line[3] for line in lines(session, publish(gala))] == [3, 3, 3]


def test_only_the_chosen_categories_are_shown(session, gala):
    notice = services.add(
        gala.programme, details(gala, category_ids=(gala.bands.id,)), actor=gala.actor, now=NOW
    )
    assert [line[1] for line in lines(session, publish(gala, notice))] == ["Hill Band"]


def test_a_category_of_another_programme_is_not_taken(session, gala):
    other = factories.category(factories.programme())
    wrong = details(gala, category_ids=(other.id,))
    assert refusal(services.add, gala.programme, wrong, actor=gala.actor, now=NOW) == (
        Refusal.NO_CATEGORY
    )


def test_what_is_published_is_frozen(session, gala):
    version = publish(gala)
    before = lines(session, version)
    stand(gala.groups["Hill Choir"], State.REJECTED)
    gala.groups["Lake Choir"].group_name = "Another Choir"
    gala.notice.texts = {"en": "Something else"}
    session.flush()
    assert lines(session, version) == before
    assert version.texts["en"].startswith("These groups were accepted")


def test_only_what_was_previewed_is_published(session, gala):
    seen = services.digest_of(gala.notice, services.lines_of(gala.notice))
    stand(gala.groups["Late Band"], State.ACCEPTED)
    session.flush()
    with pytest.raises(Conflict):
        publish(gala, digest=seen)
    assert (gala.notice.number, session.scalar(select(func.count(NoticeVersion.id)))) == (0, 0)


def test_an_old_page_publishes_nothing(session, gala):
    with pytest.raises(Conflict):
        publish(gala, version=gala.notice.version - 1)


def test_without_accepted_groups_there_is_nothing_to_publish(session, gala):
    empty = factories.notice(factories.category(gala.programme))
    assert refusal(publish, gala, empty) is Refusal.NOTHING_TO_PUBLISH


def test_a_correction_is_a_version_with_its_reason_and_its_differences(session, gala):
    first = publish(gala)
    before = lines(session, first)
    stand(gala.groups["Hill Band"], State.REJECTED)
    stand(gala.groups["Late Band"], State.ACCEPTED)
    gala.groups["Lake Choir"].group_name = "Great Lake Choir"
    session.flush()
    assert refusal(publish, gala, now=NOW + DAY) is Refusal.CORRECTION_MISSING
    second = publish(gala, now=NOW + DAY, correction="One band was mixed up.")
    assert [(line[1], line[4]) for line in lines(session, second)] == [
        ("Hill Choir", None),
        ("Great Lake Choir", "changed"),
        ("Late Band", "new"),
    ]
    assert (second.number, second.removed_count, second.ends_at) == (2, 1, END)
    assert lines(session, first) == before


def test_the_days_run_anew_only_when_asked(session, gala):
    publish(gala)
    second = publish(gala, now=NOW + DAY, correction="Spelling.", restarts=True)
    assert second.ends_at == END + DAY
    assert gala.notice.ends_at == END + DAY


def test_working_days_skip_the_days_off_of_the_notice(session, gala):
    notice = services.add(
        gala.programme,
        details(gala, day_kind=DayKind.WORKING, days=5, days_off=(dt.date(2027, 5, 19),)),
        actor=gala.actor,
        now=NOW,
    )
    assert publish(gala, notice).ends_at == END + DAY


def test_it_is_over_by_itself(session, gala):
    publish(gala)
    second = dt.timedelta(seconds=1)
    states = [gala.notice.state_at(moment) for moment in (END - second, END, END + 99 * DAY)]
    assert states == [NoticeState.PUBLISHED, NoticeState.ENDED, NoticeState.ENDED]
    assert refusal(publish, gala, now=END, correction="Late.") is Refusal.NOTICE_OVER
    assert refusal(
        services.change,
        gala.notice,
        details(gala),
        version=gala.notice.version,
        actor=gala.actor,
        now=END,
    ) is Refusal.NOTICE_OVER  # fmt: skip
    assert refusal(objections.receive, gala.notice, words(), now=END) is Refusal.NOTICE_OVER


def test_it_can_be_taken_down_before_its_time(session, gala):
    values = {"reason": "Wrong list.", "actor": gala.actor, "now": NOW + DAY}
    version = gala.notice.version
    assert refusal(services.take_down, gala.notice, version=version, **values) is (
        Refusal.NOTICE_NOT_PUBLISHED
    )
    publish(gala)
    version = gala.notice.version
    missing = values | {"reason": ""}
    assert refusal(services.take_down, gala.notice, version=version, **missing) is (
        Refusal.REASON_MISSING
    )
    services.take_down(gala.notice, version=version, **values)
    assert gala.notice.state_at(NOW + DAY) is NoticeState.TAKEN_DOWN
    assert refusal(objections.receive, gala.notice, words(), now=NOW + DAY) is Refusal.NOTICE_OVER


def test_a_draft_can_be_removed_and_a_published_one_not(session, gala):
    draft = factories.notice(gala.choirs)
    services.remove(draft, actor=gala.actor, now=NOW)
    publish(gala)
    assert refusal(services.remove, gala.notice, actor=gala.actor, now=NOW) is (
        Refusal.NOTICE_PUBLISHED
    )
    assert session.scalars(select(PublicNotice)).all() == [gala.notice]


# Objections


@pytest.fixture
def objection(session, gala):
    publish(gala)
    return objections.receive(gala.notice, words(), now=NOW + DAY)


def mails(session, ref):
    return [
        (mail.code, mail.to_address, mail.locale, mail.to_name)
        for mail in session.scalars(select(Mail).where(Mail.about == ref).order_by(Mail.id))
    ]


def test_objector_and_coordinators_are_told_by_mail(session, gala, objection):
    factories.coordinator(factories.programme())
    assert mails(session, objection.ref) == [
        ("publicity.objection_confirmed", "wu@home.example", "zh_Hans", ""),
        ("publicity.objection_received", "gala@bureau.example", "en", gala.coordinator.name),
    ]


def test_the_confirmation_repeats_nothing_that_was_typed(session, objection):
    """Else anybody could have us write anything to anybody."""
    query = select(Mail.facts).where(Mail.code == "publicity.objection_confirmed")
    facts = str(session.scalar(query))
    for typed in (objection.name, objection.reason, objection.about):
        assert typed not in facts


def test_a_form_that_was_sent_twice_is_one_objection(session, gala, objection):
    again = objections.receive(gala.notice, words(email="WU@home.example"), now=NOW + DAY)
    assert again.ref == objection.ref
    other = objections.receive(gala.notice, words(reason="Another reason here."), now=NOW + DAY)
    assert other.ref != objection.ref
    assert len(mails(session, objection.ref)) == 2


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (ObjectionState.ANSWERED, "publicity.objection_answered"),
        (ObjectionState.UPHELD, "publicity.objection_upheld"),
        (ObjectionState.DISMISSED, "publicity.objection_dismissed"),
    ],
)
def test_an_answer_closes_it_and_is_mailed(session, gala, objection, state, code):
    objections.answer(objection, state, "We asked.", version=1, actor=gala.actor, now=NOW + 2 * DAY)
    assert (objection.state, objection.handler_name) == (state, gala.coordinator.name)
    assert mails(session, objection.ref)[-1] == (code, "wu@home.example", "zh_Hans", "")
    actions = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject_ref == objection.ref)
        .order_by(AuditEntry.id)
    )
    assert list(actions) == ["objection:receive", f"objection:{state.value}"]


def test_it_is_answered_once_with_words_on_what_was_seen(session, gala, objection):
    values = {"actor": gala.actor, "now": NOW + 2 * DAY}
    kind = ObjectionState.DISMISSED
    assert refusal(objections.answer, objection, kind, "", version=1, **values) is (
        Refusal.ANSWER_MISSING
    )
    with pytest.raises(Conflict):
        objections.answer(objection, kind, "No.", version=7, **values)
    assert refusal(
        objections.answer, objection, ObjectionState.OPEN, "No.", version=1, **values
    ) is Refusal.OBJECTION_CLOSED  # fmt: skip
    objections.answer(objection, kind, "No.", version=1, **values)
    assert refusal(objections.answer, objection, kind, "No.", version=2, **values) is (
        Refusal.OBJECTION_CLOSED
    )


def test_the_audit_log_holds_nothing_of_the_objector(session, objection):
    facts = "".join(str(entry.facts) for entry in session.scalars(select(AuditEntry)))
    for private in (objection.name, objection.email, objection.reason):
        assert private not in facts


def test_objectors_are_forgotten_in_time_and_counts_stay(app, session, gala, objection):
    kept = objections.receive(gala.notice, words(reason="Nobody answers this one."), now=NOW + DAY)
    objections.answer(
        objection,
        ObjectionState.UPHELD,
        "You are right.",
        version=1,
        actor=gala.actor,
        now=NOW + 2 * DAY,
    )
    ref = objection.ref
    session.commit()
    clock.freeze(END + 180 * DAY)
    tasks.erase_old_objections()
    assert session.get(Objection, objection.id).name == "Wu Min"
    clock.freeze(END + 180 * DAY + dt.timedelta(seconds=1))
    session.rollback()
    tasks.erase_old_objections()
    session.expire_all()
    empty = ("name", "email", "phone", "about", "reason", "answer", "digest")
    assert [getattr(objection, field) for field in empty] == [None] * 7
    assert objection.state is ObjectionState.UPHELD
    assert objections.counts_by_state([gala.notice])[gala.notice.id] == {
        ObjectionState.OPEN: 1,
        ObjectionState.UPHELD: 1,
    }
    assert mails(session, ref) == []
    # An open one waits for its answer, and its mails with it.
    assert (kept.name, len(mails(session, kept.ref))) == ("Wu Min", 2)
    query = select(AuditEntry.facts).where(AuditEntry.action == "objection:erase")
    assert session.scalars(query).all() == [{"count": 1}]


def test_the_setting_says_how_long(app, session, gala, objection, monkeypatch):
    objections.answer(
        objection, ObjectionState.ANSWERED, "So.", version=1, actor=gala.actor, now=END + 5 * DAY
    )
    session.commit()
    monkeypatch.setitem(app.config, "OBJECTION_KEPT_DAYS", 10)
    for days, name in ((15, "Wu Min"), (16, None)):
        clock.freeze(END + days * DAY)
        session.rollback()
        tasks.erase_old_objections()
        session.expire_all()
        assert session.get(Objection, objection.id).name == name


@pytest.mark.parametrize(
    ("model", "values"),
    [
        ("notice", {"days": 0}),
        ("notice", {"number": 1}),
        ("notice", {"taken_down_at": NOW}),
        ("objection", {"handled_at": NOW}),
        ("objection", {"state": ObjectionState.UPHELD}),
        ("objection", {"erased_at": NOW}),
    ],
)
def test_the_database_refuses_what_cannot_be(session, gala, model, values):
    published = factories.published_notice(gala.choirs)
    make = {"notice": factories.notice, "objection": factories.objection}[model]
    about = {"notice": gala.choirs, "objection": published}[model]
    with pytest.raises(IntegrityError):
        make(about, **values)
    session.rollback()
