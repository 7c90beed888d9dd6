"""The history says who changed what, when, from what to what, and nothing about persons."""

import datetime as dt

from scheduler.applications.case_facts import case_facts
from scheduler.applications.workflow import Action, State
from tests import factories

AT = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)


def told(application):
    return [
        (each.title, each.actor, [(step.label, step.before, step.after) for step in each.steps])
        for each in case_facts(application).happenings
    ]


def edit(application, changes, *, minutes=0, **values):
    factories.history_entry(
        application,
        at=AT + dt.timedelta(minutes=minutes),
        action=Action.EDIT,
        from_state=State.DRAFT,
        to_state=State.DRAFT,
        changes=changes,
        **({"actor_name": "Officer Wong"} | values),
    )


def entry():
    programme = factories.programme()
    return factories.application(factories.category(programme), factories.school())


def test_values_before_and_after_are_told(app, session):
    application = entry()
    changes = {
        "equipment": [None, "Piano"],
        "name": ["Larks", "Robins"],
        "leader": [None, None],
        "members": [12, 13],
    }
    edit(application, changes)
    with app.test_request_context():
        assert told(application) == [
            (
                "Changed",
                "Officer Wong",
                [
                    ("Group's name", "Larks", "Robins"),
                    ("Team leader", None, None),
                    ("Members", "12 pupils", "13 pupils"),
                    ("Instruments and equipment", "nothing", "Piano"),
                ],
            )
        ]


def test_many_small_changes_are_one_line_from_the_first_to_the_last(app, session):
    application = entry()
    for number in range(40):
        edit(application, {"members": [number, number + 1]}, minutes=number)
    with app.test_request_context():
        steps = [("Members", "0 pupils", "40 pupils")]
        assert told(application) == [("Changed", "Officer Wong", steps)]


def test_another_persons_or_fields_changes_are_lines_of_their_own(app, session):
    application = entry()
    edit(application, {"members": [0, 1]})
    edit(application, {"members": [1, 2]}, actor_name="Officer Chan")
    edit(application, {"name": ["A", "B"]}, actor_name="Officer Chan")
    with app.test_request_context():
        assert [actor for _, actor, _ in told(application)] == [
            "Officer Chan",
            "Officer Chan",
            "Officer Wong",
        ]


def test_the_state_is_told_from_what_to_what(app, session):
    application = entry()
    factories.history_entry(application, actor_name="Officer Wong")
    with app.test_request_context():
        steps = [("State", "Draft", "Submitted")]
        assert told(application) == [("Submitted", "Officer Wong", steps)]


def test_what_other_rooms_note_never_breaks_the_page(app, session):
    application = entry()
    edit(application, {"size_of_piano": ["small", 3], "odd": "text", "members": None})
    with app.test_request_context():
        assert told(application)[0][2] == [
            ("Members", None, None),
            ("size_of_piano", "small", "3"),
            ("odd", None, None),
        ]
