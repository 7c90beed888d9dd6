"""Every kind of mail has a text, and facts are shown as their names say."""

from importlib import import_module

import pytest
from flask_babel import lazy_gettext as _l

from scheduler import paths
from scheduler.notifications import templates

pytestmark = pytest.mark.any_database

ROOMS = sorted(place.parent.name for place in paths.PACKAGE.glob("*/mails.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_kind_of_mail_has_a_text(room):
    module = import_module(f"scheduler.{room}.mails")
    named = [value for name, value in vars(module).items() if name.isupper()]
    kinds = {value for value in named if isinstance(value, str) and "." in value}
    assert kinds <= templates.codes()


@pytest.mark.parametrize(
    ("name", "fact", "shown"),
    [
        ("what", "a word", "a word"),
        ("what", 48, "48"),
        ("what", {"en": "Choir", "zh_Hans": "合唱"}, "合唱"),
        ("what", {"en": "only English"}, "only English"),
        ("starts_at", "2027-07-16T02:30:00+00:00", "2027年7月16日(周五) 10:30（UTC+8）"),
        ("played_on", "2027-07-16", "2027年7月16日(周五)"),
        ("own_link", "/my/x", "https://a.example/my/x"),
        ("groups", ["one", {"en": "two", "zh_Hans": "二"}], "- one\n- 二"),
    ],
)
def test_a_fact_is_shown_as_its_name_says(app, monkeypatch, name, fact, shown):
    text = templates.MailText(_l("subject"), _l(f"%({name})s"))
    monkeypatch.setitem(templates._text_by_code, "tests.fact", text)
    with app.app_context():
        facts = {name: fact, "timezone": "Asia/Shanghai"}
        written = templates.write(
            "tests.fact", facts, locale="zh_Hans", to_name="", public_url="https://a.example"
        )
    assert written.body.split("\n\n")[1] == shown
