"""A programme's own words: what is refused when they are saved, and what mails make of them."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.database import db, transaction
from scheduler.errors import Conflict, Refused
from scheduler.languages import LOCALES
from scheduler.notifications import own_words, services, tasks, templates
from scheduler.notifications.models import Mail, MessageText
from scheduler.notifications.own_words import LONGEST_BODY
from scheduler.notifications.refusals import MailRefusal
from scheduler.notifications.templates import OwnWords
from tests import factories

RETURNED, ACCEPTED = "applications.returned", "applications.accepted"
GOOD = OwnWords("Please look: {group}", "{reason} See {link}")
FACTS = {
    "ref": "A123",
    "group": "Choir {school} %(ref)s",
    "school": "No. 3 School",
    "category": {"en": "Choirs"},
    "programme": {"en": "Festival"},
    "reason": "Bring {link}",
    "link": "/applications/A123",
}


@pytest.fixture
def programme(session):
    return factories.programme()


def save(programme, code=RETURNED, *, version=0, **by_locale):
    words = dict.fromkeys(LOCALES, OwnWords()) | by_locale
    return own_words.save(programme.id, code, words, version=version)


@pytest.mark.parametrize(
    ("subject", "body", "code", "field", "shown"),
    [
        ("{grupo}", "", "PLACEHOLDER_UNKNOWN", "subject_en", "{grupo}"),
        ("", "{reason} {link} {deadline}", "PLACEHOLDER_UNKNOWN", "body_en", "{deadline}"),
        ("", "{reason} {link} {}", "PLACEHOLDER_UNKNOWN", "body_en", "{}"),
        ("", "{reason} {link} {0}", "PLACEHOLDER_UNKNOWN", "body_en", "{0}"),
        ("", "{reason!r} {link}", "PLACEHOLDER_UNKNOWN", "body_en", "{reason!r}"),
        ("", "{reason.__class__} {link}", "PLACEHOLDER_UNKNOWN", "body_en", "{reason.__class__}"),
        ("", "{reason[0]} {link}", "PLACEHOLDER_UNKNOWN", "body_en", "{reason[0]}"),
        ("", "{reason:>99999999} {link}", "PLACEHOLDER_UNKNOWN", "body_en", "{reason:>99999999}"),
        ("", "{reason} {link} {group", "BRACE_ALONE", "body_en", "{group"),
        ("", "{reason} {link} group}", "BRACE_ALONE", "body_en", "}"),
        ("", "{{reason}} {link}", "BRACE_ALONE", "body_en", "{"),
        ("", "{ reason} {link}", "BRACE_ALONE", "body_en", "{"),
        ("", "Please change something: {link}", "PLACEHOLDER_MISSING", "body_en", "{reason}"),
        ("", "{reason}", "PLACEHOLDER_MISSING", "body_en", "{link}"),
        ("x" * 201, "", "TEXT_TOO_LONG", "subject_en", None),
        ("", "x" * (LONGEST_BODY + 1), "TEXT_TOO_LONG", "body_en", None),
    ],
)
def test_what_could_not_be_filled_in_is_refused(programme, subject, body, code, field, shown):
    with pytest.raises(Refused) as refused:
        save(programme, en=OwnWords(subject, body))
    assert (refused.value.code, refused.value.field) == (MailRefusal[code], field)
    assert refused.value.facts.get("shown") == shown
    if code == "PLACEHOLDER_UNKNOWN":
        assert refused.value.facts["allowed"] == (
            "{group}, {category}, {school}, {programme}, {reason}, {link}, {ref}"
        )
    assert db.session.scalars(select(MessageText)).all() == []


def test_the_field_of_another_language_is_named(programme):
    with pytest.raises(Refused) as refused:
        save(programme, en=GOOD, zh_Hant_HK=OwnWords("", "沒有原因 {link}"))
    assert refused.value.field == "body_zh_hant_hk"


def test_a_version_is_saved_once(programme):
    assert save(programme, en=GOOD) == ["subject_en", "body_en"]
    db.session.commit()
    with pytest.raises(Conflict):
        save(programme, en=OwnWords("Other"), version=0)
    assert save(programme, en=OwnWords("Other", GOOD.body), version=1) == ["subject_en"]
    assert own_words.find(programme.id, RETURNED).version == 2
    assert save(programme, en=OwnWords("Other", GOOD.body), version=2) == []
    assert own_words.find(programme.id, RETURNED).version == 2


def test_without_any_words_the_houses_text_is_back(programme):
    save(programme, en=GOOD)
    save(programme, version=1)
    assert own_words.find(programme.id, RETURNED) is None


def queued(programme, locale="en", code=RETURNED):
    with transaction():
        services.queue(
            code,
            to_address="t@school.example",
            locale=locale,
            facts=FACTS,
            now=clock.now(),
            programme_id=programme.id if programme else None,
        )
    return db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()


def test_a_mail_speaks_in_the_words_it_was_queued_with(app, programme, mail_url, tmp_path, frozen):
    """The facts stay what they are: nothing in them is a placeholder, in whatever form."""
    frozen(2027, 3, 1, 8)
    save(programme, en=GOOD)
    db.session.commit()
    mail_url("smtp://127.0.0.1:1")  # it waits
    first = queued(programme)
    with transaction():
        save(programme, en=OwnWords("Changed", GOOD.body), version=1)
    assert (first.own_subject, first.own_body) == (GOOD.subject, GOOD.body)
    mail_url(f"file://{tmp_path}")
    frozen(2027, 3, 1, 9)
    db.session.rollback()
    with app.app_context():
        tasks.send_due()
    db.session.expire_all()
    assert first.subject_line == "Please look: Choir {school} %(ref)s"
    words = first.body.partition("\n\n-- \n")[0]
    assert words == "Good day,\n\nBring {link} See http://localhost:5000/applications/A123"
    assert queued(programme).subject_line == "Changed"


def test_words_saved_between_two_mails_of_a_transaction_are_the_seconds(programme):
    db.session.commit()
    with transaction():
        for subject, version in (("First", 0), ("Second", 1)):
            save(programme, en=OwnWords(subject), version=version)
            services.queue(
                RETURNED,
                to_address="t@school.example",
                locale="en",
                facts=FACTS,
                now=clock.now(),
                programme_id=programme.id,
            )
    mails = db.session.scalars(select(Mail).order_by(Mail.id))
    assert [mail.own_subject for mail in mails] == ["First", "Second"]


def test_other_languages_kinds_and_programmes_keep_the_houses_text(programme):
    save(programme, en=GOOD)
    db.session.commit()
    others = (
        queued(programme, "zh_Hans"),
        queued(programme, code=ACCEPTED),
        queued(factories.programme()),
        queued(None),
    )
    assert [(mail.own_subject, mail.own_body) for mail in others] == [(None, None)] * 4
    assert queued(programme).own_subject == GOOD.subject


def test_a_subject_alone_leaves_the_houses_body(programme, mail_url, tmp_path):
    mail_url(f"file://{tmp_path}")
    save(programme, en=OwnWords("Mine"))
    db.session.commit()
    mail = queued(programme)
    assert mail.subject_line == "Mine"
    assert "needs changes before it can be decided" in mail.body


def test_own_words_make_neither_headers_nor_tags(programme, smtp_server, mail_url):
    mail_url(smtp_server.url)
    body = "<b onclick=x>{reason}</b> {link}\n\n<script>"
    save(programme, en=OwnWords("Hi\r\nBcc: evil@x.example", body))
    db.session.commit()
    queued(programme)
    (message,) = smtp_server.messages
    assert (message["Bcc"], message["Subject"]) == (None, "Hi Bcc: evil@x.example")
    html = message.get_payload()[1].get_payload(decode=True).decode()
    assert "<b" not in html.replace("<body", "").replace("<br", "")
    assert "<script" not in html


@pytest.mark.parametrize("locale", LOCALES)
def test_every_houses_text_could_be_saved_as_own_words(app, locale):
    """What a coordinator copies from the house's text and saves is never refused."""
    assert len(templates.adaptable()) > 10
    with app.app_context():
        for code in templates.adaptable():
            own_words.check(code, {locale: templates.house_words(code, locale=locale)})
