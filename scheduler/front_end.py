"""What templates ask of Python: addresses of bundled files, kinds of fields, looks of states.

No page, no text of a room and no request handling lives here; `app.create_app` calls `init_app`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, g, send_from_directory, url_for
from flask_babel import gettext as _
from wtforms import fields
from wtforms.fields.choices import SelectFieldBase
from wtforms.widgets import CheckboxInput

from scheduler.states import state_look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from werkzeug.wrappers import Response
    from wtforms import Field
    from wtforms.form import BaseForm

# In this order, because some classes inherit from others (a radio field is a select field).
_KINDS: tuple[tuple[type, str], ...] = (
    (fields.HiddenField, "hidden"),
    (fields.SubmitField, "submit"),
    (fields.BooleanField, "checkbox"),
    (fields.RadioField, "radios"),
    (SelectFieldBase, "select"),
    (fields.FileField, "file"),
    (fields.TextAreaField, "textarea"),
    (fields.FormField, "group"),
)


_MESSAGE_LOOKS: dict[str, tuple[str, str]] = {
    "success": ("success", "check-circle-fill"),
    "warning": ("warning", "exclamation-triangle-fill"),
    "error": ("danger", "exclamation-circle-fill"),
    "danger": ("danger", "exclamation-circle-fill"),
}
_PLAIN_MESSAGE = ("info", "info-circle-fill")
_ICON_SECONDS = 86400
"""Its name carries no hash, so that a new icon must not wait for a year."""


class BundleMissingError(RuntimeError):
    """The front end has not been bundled, or the bundle lacks a file that a template names."""


@dataclass(frozen=True)
class FormProblem:
    """One line of an error summary; `anchor` is the id of the control to go to, if there is one."""

    anchor: str | None
    label: str
    message: str


class Bundle:
    """The manifest that the build writes: plain file name to the name with the content's hash.

    It is read at first use and again when a new build has replaced it, so that a server under
    development shows the new style sheet without a restart.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest = folder / "manifest.json"
        self._read_at: int | None = None
        self._names: dict[str, str] = {}

    def hashed_name(self, name: str) -> str:
        """The file name under `static/dist` of an asset, by its plain name such as `app.css`."""
        try:
            changed_at = self._manifest.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._names = json.loads(self._manifest.read_text(encoding="utf-8"))
                self._read_at = changed_at
        except FileNotFoundError as missing:
            raise BundleMissingError(
                "The front end is not bundled yet: run `make assets`."
            ) from missing
        if name not in self._names:
            raise BundleMissingError(f"The bundle has no {name}: run `make assets`.")
        return self._names[name]


def message_look(category: str) -> tuple[str, str]:
    """Tone and icon for a flashed message or a callout."""
    return _MESSAGE_LOOKS.get(category, _PLAIN_MESSAGE)


def field_kind(field: Field) -> str:
    """How the form macro draws a field: input, select, checkboxes, table and so on."""
    if isinstance(field, fields.FieldList):
        inner = getattr(field.unbound_field, "field_class", None)
        is_table = isinstance(inner, type) and issubclass(inner, fields.FormField)
        return "table" if is_table else "list"
    if isinstance(field, fields.SelectMultipleField) and isinstance(
        field.option_widget, CheckboxInput
    ):
        return "checkboxes"
    return next((kind for parent, kind in _KINDS if isinstance(field, parent)), "input")


def fields_of_kind(form: BaseForm, kind: str) -> list[Field]:
    """The form's own fields of one kind, without those of nested forms."""
    return [field for field in form if field_kind(field) == kind]


def column_labels(columns: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Labels of a table's columns by key, for the cells to repeat on narrow screens."""
    return {str(column["key"]): column["label"] for column in columns}


def field_messages(field: Field) -> list[str]:
    """What is wrong with a field itself, in the reader's words.

    A list of rows repeats its rows' errors as lists and mappings; those are shown with the rows.
    """
    messages: Sequence[object] = field.errors
    return [str(message) for message in messages if not isinstance(message, list | dict | tuple)]


def form_problems(form: BaseForm) -> list[FormProblem]:
    """Every error of a form in the order of its fields, nested forms and rows included."""
    whole = [
        FormProblem(None, "", str(message)) for message in getattr(form, "form_errors", ()) or ()
    ]
    return whole + [problem for field in form for problem in _field_problems(field)]


def _field_problems(field: Field, prefix: str = "") -> Iterator[FormProblem]:
    label = prefix + str(field.label.text)
    if isinstance(field, fields.FormField):
        for inner in field.form:
            yield from _field_problems(inner, prefix)
        return
    if isinstance(field, fields.FieldList):
        for number, entry in enumerate(field.entries, start=1):
            row = _("Row %(number)s", number=number)
            yield from _field_problems(entry, f"{prefix}{row} · ")
    for message in field_messages(field):
        yield FormProblem(_anchor(field), label, message)


def _anchor(field: Field) -> str | None:
    kind = field_kind(field)
    if kind == "hidden":
        return None
    return f"{field.id}-0" if kind in {"radios", "checkboxes"} else str(field.id)


def init_app(app: Flask) -> None:
    """Give every template `asset_url` and the questions of this module."""
    bundle = Bundle(Path(app.static_folder or "static") / "dist")

    def asset_url(name: str) -> str:
        # A board has a thousand icons: each name is looked up once a request.
        known: dict[str, str] = g.setdefault("asset_urls", {})
        if name not in known:
            known[name] = url_for("static", filename=f"dist/{bundle.hashed_name(name)}")
        return known[name]

    def favicon() -> Response:
        # Browsers ask for this name unasked, also beside a sign-in: it starts no session.
        name = bundle.hashed_name("favicon.ico")
        return send_from_directory(bundle.folder, name, max_age=_ICON_SECONDS)

    app.add_url_rule("/favicon.ico", view_func=favicon)
    app.add_template_global(asset_url, "asset_url")
    questions: tuple[Callable[..., object], ...] = (
        field_kind,
        fields_of_kind,
        field_messages,
        form_problems,
        column_labels,
        state_look,
        message_look,
    )
    for question in questions:
        app.add_template_global(question, question.__name__)
