"""What templates ask of Python."""

import json

import pytest
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import Form, fields, validators, widgets

from scheduler.front_end import (
    Bundle,
    BundleMissingError,
    column_labels,
    field_kind,
    fields_of_kind,
    form_problems,
    message_look,
)
from tests.support.pages import text_of


class Work(Form):
    title = fields.StringField("Title", [validators.InputRequired("Enter a title.")])
    minutes = fields.IntegerField("Minutes", [validators.Optional()])


class Contact(Form):
    phone = fields.TelField("Telephone", [validators.InputRequired("Enter a number.")])


class Entry(Form):
    secret = fields.HiddenField()
    name = fields.StringField("Name", [validators.InputRequired("Enter a name.")])
    remarks = fields.TextAreaField()
    category = fields.SelectField(choices=["choir"])
    kind = fields.RadioField("Kind", [validators.InputRequired("Choose one.")], choices=["group"])
    needs = fields.SelectMultipleField(choices=["piano"], option_widget=widgets.CheckboxInput())
    several = fields.SelectMultipleField(choices=["piano"])
    agreed = fields.BooleanField()
    roster = FileField()
    starts_at = fields.DateTimeLocalField()
    works = fields.FieldList(fields.FormField(Work), "Repertoire", min_entries=2)
    names = fields.FieldList(fields.StringField())
    contact = fields.FormField(Contact, "Contact")
    save = fields.SubmitField()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("secret", "hidden"),
        ("name", "input"),
        ("remarks", "textarea"),
        ("category", "select"),
        ("kind", "radios"),
        ("needs", "checkboxes"),
        ("several", "select"),
        ("agreed", "checkbox"),
        ("roster", "file"),
        ("starts_at", "input"),
        ("works", "table"),
        ("names", "list"),
        ("contact", "group"),
        ("save", "submit"),
    ],
)
def test_field_kind(name, kind):
    assert field_kind(Entry()[name]) == kind


def test_fields_of_kind_are_the_forms_own():
    assert [field.short_name for field in fields_of_kind(Entry(), "input")] == ["name", "starts_at"]


def test_problems_of_nested_forms_and_rows_lead_to_their_fields(app):
    with app.test_request_context():
        form = Entry(MultiDict({"works-0-title": "Dawn", "works-1-minutes": "5"}))
        form.validate()
        problems = form_problems(form)
    assert [(each.anchor, each.label, each.message) for each in problems] == [
        ("name", "Name", "Enter a name."),
        ("category", "Category", "Not a valid choice."),
        ("kind-0", "Kind", "Choose one."),
        ("works-1-title", "Row 2 · Title", "Enter a title."),
        ("contact-phone", "Telephone", "Enter a number."),
    ]


def test_what_is_wrong_stands_beside_its_field_too(client):
    answer = client.post("/sign-in", data={"email": "clerk@example.org"})
    assert answer.status_code == 422
    beside = answer.page.one("div", id="password-error")
    assert text_of(beside).split() == ["Please", "fill", "this", "in."]
    assert answer.page.all("div", id="email-error") == []


def test_a_problem_of_the_whole_form_leads_nowhere():
    form = Contact(MultiDict({"phone": "1"}))
    form.form_errors.append("Too late.")
    assert [(problem.anchor, problem.message) for problem in form_problems(form)] == [
        (None, "Too late.")
    ]


def test_column_labels_by_key():
    columns = [{"key": "name", "label": "Name"}, {"key": "state", "label": "State"}]
    assert column_labels(columns) == {"name": "Name", "state": "State"}


@pytest.mark.parametrize(
    ("category", "tone"),
    [("success", "success"), ("warning", "warning"), ("error", "danger"), ("message", "info")],
)
def test_message_look(category, tone):
    assert message_look(category)[0] == tone


def write_manifest(folder, names):
    (folder / "manifest.json").write_text(json.dumps(names), encoding="utf-8")


def test_bundle_follows_a_new_build(tmp_path):
    bundle = Bundle(tmp_path)
    write_manifest(tmp_path, {"app.css": "app-1.css"})
    before = bundle.hashed_name("app.css")
    (tmp_path / "manifest.json").unlink()
    write_manifest(tmp_path, {"app.css": "app-2.css", "app.js": "app-2.js"})
    assert (before, bundle.hashed_name("app.css")) == ("app-1.css", "app-2.css")


def test_bundle_says_what_to_do_when_it_is_missing(tmp_path):
    with pytest.raises(BundleMissingError, match="make assets"):
        Bundle(tmp_path).hashed_name("app.css")


def test_bundle_says_which_file_it_lacks(tmp_path):
    write_manifest(tmp_path, {})
    with pytest.raises(BundleMissingError, match=r"board\.js"):
        Bundle(tmp_path).hashed_name("board.js")
