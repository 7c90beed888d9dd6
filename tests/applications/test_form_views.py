"""Coordinators make an entry form: nothing that was entered is lost by it."""

import pytest
from sqlalchemy import func, select

from scheduler.audit.models import AuditEntry
from scheduler.programmes.form_fields import AskedWhen, Audience, FieldKind, FieldOwner
from scheduler.programmes.form_models import FormField
from tests import factories

NEW = {
    "code": "shirt",
    "kind": "choice",
    "owner": "member",
    "name_en": "T-shirt size",
    "name_zh_hans": "T恤尺码",
    "name_zh_hant": "T恤尺碼",
    "help_en": "Chest width.",
    "audience": "everybody",
    "asked_when": "entry",
    "options-0-name_en": "Small",
    "options-0-name_zh_hans": "小",
    "options-1-name_en": "Large",
}


@pytest.fixture
def programme(session):
    return factories.programme()


@pytest.fixture
def category(programme):
    return factories.category(programme, code="CHOIR")


@pytest.fixture
def client(programme, category, sign_in):
    return sign_in(factories.coordinator(programme))


def form(programme):
    return f"/programmes/{programme.code}/form"


def stored(session):
    return session.scalars(select(FormField).order_by(FormField.position, FormField.id)).all()


def errors(answer):
    ids = [block.get("id", "") for block in answer.page.all("div")]
    return [each for each in ids if each.endswith("-error")]


def test_a_field_is_added_without_a_developer(client, programme, session):
    assert client.get(f"{form(programme)}/new").status_code == 200
    answer = client.post(f"{form(programme)}/new", data={**NEW, "categories": ["CHOIR"]})
    assert (answer.status_code, answer.location) == (303, form(programme))
    (field,) = stored(session)
    assert (field.code, field.owner, field.kind) == ("shirt", FieldOwner.MEMBER, FieldKind.CHOICE)
    assert field.names == {"en": "T-shirt size", "zh_Hans": "T恤尺码", "zh_Hant_HK": "T恤尺碼"}
    assert field.options == [
        {"code": "small", "names": {"en": "Small", "zh_Hans": "小"}, "is_retired": False},
        {"code": "large", "names": {"en": "Large"}, "is_retired": False},
    ]
    assert (field.helps, field.categories) == ({"en": "Chest width."}, ["CHOIR"])
    assert "T-shirt size" in client.get(form(programme)).text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "form:add")).one()
    assert (entry.subject_ref, entry.facts["field"]) == (programme.code, "shirt")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name_en": ""}, ["name_en-error"]),
        ({"code": "two words"}, ["code-error"]),
        ({"name_zh_hans": "姓 名"}, ["name_zh_hans-error"]),
        (
            {"options-0-name_en": "", "options-1-name_en": "", "options-0-name_zh_hans": ""},
            ["options-error"],
        ),
        ({"options-0-name_en": ""}, ["options-0-name_en-error"]),
        ({"options-1-name_en": "s mall"}, ["options-error"]),
        ({"kind": "number", "least": "5", "most": "4"}, ["most-error"]),
        ({"kind": "number", "least": "many"}, ["least-error"]),
        ({"kind": "sorcery"}, ["kind-error"]),
        ({"condition": ["other=yes", "third=*"]}, ["condition-error"]),
        ({"condition": ["group=*"]}, ["condition-error"]),
    ],
)
def test_what_is_no_field_is_said_beside_it_and_nothing_is_lost(
    client, programme, session, changes, where
):
    factories.form_field(programme, code="other", owner=FieldOwner.MEMBER, kind=FieldKind.CHOICE)
    factories.form_field(programme, code="third", owner=FieldOwner.MEMBER)
    factories.form_field(programme, code="group")
    answer = client.post(f"{form(programme)}/new", data=NEW | changes)
    assert answer.status_code == 422
    assert errors(answer) == where
    assert answer.page.values()["help_en"] == "Chest width."
    assert len(stored(session)) == 3


def test_a_code_and_a_label_are_taken_once(client, programme, session):
    client.post(f"{form(programme)}/new", data=NEW)
    again = client.post(
        f"{form(programme)}/new",
        data=NEW | {"name_en": "Other", "name_zh_hans": "", "name_zh_hant": ""},
    )
    assert errors(again) == ["code-error"]
    again = client.post(f"{form(programme)}/new", data=NEW | {"code": "other"})
    assert errors(again) == ["name_en-error"]
    assert len(stored(session)) == 1


def test_fields_are_moved_without_script(client, programme, session):
    for code in ("a", "b", "c"):
        factories.form_field(programme, code=code)
    client.post(f"{form(programme)}/fields/c/move", data={"direction": "up"})
    assert [field.code for field in stored(session)] == ["a", "c", "b"]
    client.post(f"{form(programme)}/fields/a/move", data={"direction": "up"})
    client.post(f"{form(programme)}/fields/a/move", data={"direction": "down"})
    assert [field.code for field in stored(session)] == ["c", "a", "b"]
    assert client.post(f"{form(programme)}/fields/a/move", data={}).status_code == 404


def edit(client, programme, code, **changes):
    address = f"{form(programme)}/fields/{code}/edit"
    values = client.get(address).page.values()
    return client.post(address, data=values | changes)


@pytest.fixture
def shirt(client, programme, category, session):
    """A choice of each pupil that one pupil has answered: large."""
    client.post(f"{form(programme)}/new", data=NEW)
    group = factories.application(category, factories.school(), pupils=2)
    group.members[0].answers = {"shirt": "large"}
    session.commit()
    return group


def test_labels_helps_and_options_may_change_after_answers(client, programme, session, shirt):
    answer = edit(
        client, programme, "shirt", name_en="Size of the shirt", **{"options-2-name_en": "Huge"}
    )
    assert answer.status_code == 303
    (field,) = stored(session)
    assert field.names["en"] == "Size of the shirt"
    assert [option["code"] for option in field.options] == ["small", "large", "huge"]


@pytest.mark.parametrize("changes", [{"kind": "text"}, {"owner": "group"}])
def test_what_is_answered_keeps_its_kind(client, programme, session, shirt, changes):
    answer = edit(client, programme, "shirt", **changes)
    assert errors(answer) == ["kind-error"]
    (field,) = stored(session)
    assert (field.kind, field.owner) == (FieldKind.CHOICE, FieldOwner.MEMBER)


def test_an_option_in_use_is_retired_and_not_removed(client, programme, session, shirt):
    gone = {"options-1-name_en": ""}
    assert errors(edit(client, programme, "shirt", **gone)) == ["options-error"]
    assert edit(client, programme, "shirt", **{"options-1-is_retired": "y"}).status_code == 303
    (field,) = stored(session)
    assert [(o["code"], o["is_retired"]) for o in field.options] == [
        ("small", False), ("large", True),
    ]  # fmt: skip
    unused = {"options-0-name_en": "", "options-0-name_zh_hans": "", "options-2-name_en": "Middle"}
    assert edit(client, programme, "shirt", **unused).status_code == 303
    assert [o["code"] for o in stored(session)[0].options] == ["large", "middle"]


def test_an_answered_field_is_retired_restored_and_never_removed(client, programme, session, shirt):
    fields = f"{form(programme)}/fields/shirt"
    assert client.post(f"{fields}/remove").status_code == 409
    assert client.post(f"{fields}/retire").status_code == 303
    assert stored(session)[0].retired_at is not None
    assert "retired" in client.get(form(programme)).text
    assert client.post(f"{fields}/restore").status_code == 303
    assert stored(session)[0].retired_at is None
    session.refresh(shirt)
    assert shirt.members[0].answers == {"shirt": "large"}


def test_an_unanswered_field_is_removed(client, programme, session):
    client.post(f"{form(programme)}/new", data=NEW)
    assert client.post(f"{form(programme)}/fields/shirt/remove").status_code == 303
    assert session.scalar(select(func.count(FormField.id))) == 0


def test_a_stale_page_changes_nothing(client, programme, session):
    client.post(f"{form(programme)}/new", data=NEW)
    address = f"{form(programme)}/fields/shirt/edit"
    values = client.get(address).page.values()
    edit(client, programme, "shirt", name_en="First")
    assert client.post(address, data=values | {"name_en": "Second"}).status_code == 409
    assert stored(session)[0].names["en"] == "First"


def test_a_condition_names_answers_of_one_other_field(client, programme, session):
    factories.form_field(programme, code="bring", kind=FieldKind.CHOICE)
    new = NEW | {"owner": "group", "condition": ["bring=yes"]}
    assert client.post(f"{form(programme)}/new", data=new).status_code == 303
    field = stored(session)[-1]
    assert (field.condition_field, field.condition_values) == ("bring", ["yes"])
    assert "Only if “Question" in client.get(form(programme)).text
    # What another field waits for can neither go nor wait for it in turn.
    fields = f"{form(programme)}/fields/bring"
    assert client.post(f"{fields}/retire").status_code == 409
    assert client.post(f"{fields}/remove").status_code == 409
    gone = edit(
        client, programme, "bring", **{"options-0-name_en": "", "options-0-name_zh_hans": ""}
    )
    assert errors(gone) == ["options-error"]
    circle = edit(client, programme, "bring", condition=["shirt=small"])
    assert errors(circle) == ["condition-error"]


def test_the_preview_shows_what_a_school_of_the_category_sees(client, programme, category):
    other = factories.category(programme)
    factories.form_field(programme, names=factories.names("Everybody's"))
    factories.form_field(programme, names=factories.names("Choirs'"), categories=["CHOIR"])
    factories.form_field(programme, names=factories.names("Staff's"), audience=Audience.STAFF)
    factories.form_field(programme, names=factories.names("Later"), asked_when=AskedWhen.ACCEPTED)
    factories.form_field(programme, names=factories.names("Paper"), kind=FieldKind.FILE)
    text = client.get(f"{form(programme)}/preview?category=CHOIR").text
    assert all(word in text for word in ("Everybody", "Choirs", "Later", "Paper"))
    assert "Staff&#39;s" not in text
    assert "Choirs&#39;" not in client.get(f"{form(programme)}/preview?category={other.code}").text


def test_a_form_has_its_limit(client, programme, session, monkeypatch):
    from scheduler.applications import form_services

    monkeypatch.setattr(form_services, "MOST_FIELDS", 1)
    factories.form_field(programme)
    answer = client.post(f"{form(programme)}/new", data=NEW)
    assert answer.status_code == 422
    assert "1 fields at most" in answer.text
