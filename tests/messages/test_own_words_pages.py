"""The coordinator's pages: own words are checked beside their field, previewed, saved, reset."""

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.applications.workflow import Action, State
from scheduler.audit.models import AuditEntry
from scheduler.database import db
from scheduler.languages import LOCALES
from scheduler.messages.texts import PLACEHOLDER_WORDS
from scheduler.notifications import own_words, templates
from scheduler.notifications.models import Mail, MessageText
from scheduler.programmes import editions
from scheduler.programmes.moving import Shift
from tests import factories

KIND = "applications.returned"


@pytest.fixture
def programme(session):
    return factories.programme(names={"en": "Festival", "zh_Hans": "艺术节"})


@pytest.fixture
def entry(programme):
    school = factories.school(name="No. 3 School")
    category = factories.category(programme)
    application = factories.application(
        category, school, state=State.RETURNED, group_name="Larks <b>"
    )
    factories.history_entry(
        application, action=Action.RETURN, to_state=State.RETURNED, reason="Shorten {it}, please."
    )
    factories.officer(school, name="Ms Ng")
    return application


@pytest.fixture
def client(sign_in, programme):
    return sign_in(factories.coordinator(programme))


def url(programme, kind=KIND, end=""):
    return f"/programmes/{programme.code}/messages/{kind}{end}"


def post(client, programme, *, button="save", version="0", kind=KIND, **fields):
    return client.post(url(programme, kind), data={"version": version, button: "1"} | fields)


GOOD = {"subject_en": "Please look: {group}", "body_en": "{reason}\n\nHere: {link}"}


def stored(programme, kind=KIND):
    return own_words.find(programme.id, kind)


def test_every_kind_is_listed_and_opens_in_each_language(client, programme, entry):
    page = client.get(f"/programmes/{programme.code}/messages").text
    for code in templates.adaptable():
        assert url(programme, code) in page
        assert client.get(url(programme, code)).status_code == 200
    assert client.get(url(programme, "accounts.reset")).status_code == 404
    assert client.get(url(programme, "nothing")).status_code == 404


def test_every_placeholder_has_words():
    names = {name for code in templates.adaptable() for name in templates.placeholders(code)}
    assert names == set(PLACEHOLDER_WORDS)


def test_a_preview_shows_the_case_in_each_language_and_saves_nothing(client, programme, entry):
    answer = post(client, programme, button="preview", case=entry.ref, **GOOD)
    assert answer.status_code == 200
    assert "Please look: Larks &lt;b&gt;" in answer.text
    assert "Dear Ms Ng," in answer.text
    assert "Shorten {it}, please." in answer.text
    assert f"Here: http://localhost:5000/applications/{entry.ref}" in answer.text
    assert "艺术节" in answer.text  # the house's text in the languages without own words
    assert stored(programme) is None
    assert db.session.scalars(select(Mail)).all() == []


def test_a_reason_that_is_still_to_be_written_is_asked_for_in_each_mails_language(
    client, programme, entry
):
    page = post(client, programme, button="preview", case=entry.ref, kind="applications.rejected")
    _before, english, simplified, traditional = page.text.partition('id="as-mail"')[2].split("<pre")
    assert "[What you write when you decide]" in english
    assert "[您作决定时填写的文字]" in simplified
    assert "[您作決定時填寫的文字]" in traditional


def test_what_is_queued_is_what_was_previewed(client, programme, entry, mail_to_nowhere):
    post(client, programme, button="preview", case=entry.ref, **GOOD)
    assert post(client, programme, **GOOD).status_code == 303
    category = entry.category
    fresh = factories.application(category, entry.school, state=State.SUBMITTED)
    client.post(
        f"/applications/{fresh.ref}/decision",
        data={
            "action": "return",
            "version": str(fresh.version),
            "return-reason": "Too long.",
            "return-fields": "pieces",
        },
    )
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.own_subject, mail.own_body) == tuple(GOOD.values())
    post(client, programme, version="1", subject_en="Later", body_en=GOOD["body_en"])
    page = client.get(f"/applications/{fresh.ref}/mails/{mail.ref}").text
    assert "Too long.\n\nHere: http://localhost:5000/applications/" in page
    assert "Later" not in page


@pytest.fixture
def mail_to_nowhere(app):
    kept = app.config["MAIL_URL"]
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    yield
    app.config["MAIL_URL"] = kept


@pytest.mark.parametrize("button", ["save", "preview"])
@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        (
            {"body_zh_hans": "{reason} {link} {ghost}"},
            "body_zh_hans",
            (
                "There is no placeholder {ghost} here. Possible are: {group}, {category}, "
                "{school}, {programme}, {reason}, {link}, {ref}."
            ),
        ),
        ({"body_en": "No words. {link}"}, "body_en", "{reason} must stand in this text"),
        ({"subject_en": "Oh {group"}, "subject_en", "A brace stands alone here: {group."),
    ],
)
def test_a_wrong_placeholder_is_told_beside_its_field(
    client, programme, entry, button, fields, field, text
):
    answer = post(client, programme, button=button, case=entry.ref, **fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert text in answer.text
    assert next(iter(fields.values())) in answer.text  # what was typed stays
    assert stored(programme) is None


def test_saving_is_noted_and_the_list_tells_it(client, programme):
    post(client, programme, **GOOD)
    text = stored(programme)
    assert (text.subjects, text.bodies) == (
        {"en": GOOD["subject_en"]},
        {"en": "{reason}\n\nHere: {link}"},
    )
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "programme:messages")
    ).one()
    assert entry.facts == {"kind": KIND, "fields": ["subject_en", "body_en"]}
    page = client.get(f"/programmes/{programme.code}/messages").text
    assert page.count("your own</span>") == 1
    assert '<span class="muted d-block">English</span>' in page
    assert "Please look: {group}" in page


def test_line_ends_and_blanks_are_kept_as_text(client, programme):
    post(client, programme, body_en="  {reason}\r\n\r\n{link}  ")
    assert stored(programme).bodies == {"en": "{reason}\n\n{link}"}


def test_a_stale_page_is_refused_and_keeps_what_was_typed(client, programme):
    post(client, programme, **GOOD)
    answer = post(client, programme, subject_en="Mine")
    assert answer.status_code == 409
    assert "Somebody else has saved these words" in answer.text
    assert 'value="Mine"' in answer.text
    assert stored(programme).subjects == {"en": GOOD["subject_en"]}
    version = answer.page.values()["version"]
    assert post(client, programme, version=version, subject_en="Mine").status_code == 303
    assert stored(programme).subjects == {"en": "Mine"}


def test_a_double_post_is_harmless(client, programme):
    post(client, programme, **GOOD)
    assert post(client, programme, **GOOD).status_code == 409
    assert stored(programme).version == 1


def test_the_houses_text_is_used_again(client, programme):
    post(client, programme, **GOOD)
    stale = client.post(url(programme, end="/reset"), data={"version": "7"})
    assert stale.status_code == 409
    answer = client.post(url(programme, end="/reset"), data={"version": "1"})
    assert answer.status_code == 303
    assert stored(programme) is None


def test_without_entries_there_is_nothing_to_preview(client, programme):
    page = client.get(url(programme)).text
    assert 'name="preview"' not in page
    assert "As soon as a school has submitted an entry" in page


@pytest.fixture
def many(programme, entry):
    """Three schools with ten groups each, after the one that begins with a number."""
    category = entry.category
    return [
        factories.application(
            category, school, state=State.SUBMITTED, group_name=f"{school.name} {number:02}"
        )
        for school in (factories.school(name=f"Z {word}") for word in ("Bay", "Cove", "Dune"))
        for number in range(10)
    ]


def offered(answer):
    return [o.get("value") for each in answer.page.all("select", id="case") for o in each]


def test_the_first_cases_are_offered_and_a_search_finds_the_others(client, programme, entry, many):
    answer = client.get(url(programme))
    assert offered(answer) == [entry.ref] + [each.ref for each in many[:19]]
    assert "31 entries are found; the first 20 stand here." in answer.text
    assert "Preview: Larks &lt;b&gt;" in answer.text
    for search, found in (
        ("dune 07", [many[27]]),
        (many[15].ref.lower(), [many[15]]),
        ("Z Cove", many[10:20]),
        ("%", []),
    ):
        answer = post(client, programme, button="preview", search=search, subject_en="Typed")
        assert offered(answer) == [each.ref for each in found]
        assert answer.page.values()["subject_en"] == "Typed"
    assert "No entry fits" in answer.text
    assert 'id="as-mail"' not in answer.text
    again = post(client, programme, button="preview", search="Z Cove", case=many[13].ref)
    assert "Preview: Z Cove 03" in again.text
    assert again.page.values()["case"] == many[13].ref
    assert stored(programme) is None


def test_drafts_and_other_programmes_are_not_found(client, programme, entry):
    other = factories.category(factories.programme())
    factories.application(entry.category, entry.school, state=State.DRAFT, group_name="Hidden 1")
    factories.application(other, entry.school, state=State.SUBMITTED, group_name="Hidden 2")
    answer = post(client, programme, button="preview", search="Hidden")
    assert "No entry fits" in answer.text
    assert "Hidden 1" not in answer.text
    assert "Hidden 2" not in answer.text


@pytest.mark.parametrize("kind", ["applications.returned", "applications.several"])
def test_a_preview_costs_no_more_with_more_cases(
    client, programme, entry, many, queries, kind, session
):
    costs = []
    for _ in range(2):
        session.commit()
        session.expire_all()
        queries.clear()
        assert post(client, programme, button="preview", kind=kind).status_code == 200
        costs.append(len(queries))
        for number in range(30):
            school = factories.school(name=f"Z {number}")
            factories.application(entry.category, school, state=State.SUBMITTED)
    assert costs[0] == costs[1]


def test_another_programmes_cases_are_no_preview(client, programme, entry):
    other = factories.application(
        factories.category(factories.programme()),
        factories.school(name="Stranger School"),
        state=State.SUBMITTED,
        group_name="Strangers",
    )
    answer = post(client, programme, button="preview", case=other.ref)
    assert "Stranger" not in answer.text
    assert "Larks" in answer.text


@pytest.mark.parametrize("code", sorted(templates.adaptable()))
def test_each_kind_can_be_previewed_with_the_houses_text(client, programme, entry, code):
    answer = post(client, programme, button="preview", case=entry.ref, kind=code)
    assert answer.status_code == 200
    assert answer.text.count('class="mail-text"') == 2 * len(LOCALES)


def test_pupils_and_private_links_are_masked_in_previews(client, programme, entry):
    factories.member(entry, factories.person(entry.school, name="Quxi Neverseen"))
    page = client.get(url(programme, "applications.personal_link")).text
    assert "Neverseen" not in page
    assert f"/applications/{entry.ref}" not in page.partition('id="as-mail"')[2]


def test_an_edition_takes_the_words_along(client, programme, session):
    post(client, programme, **GOOD)
    actor = factories.coordinator(programme).actor
    copy = editions.copy_edition(
        programme,
        "next",
        {"en": "Next"},
        Shift(days=364, window_days=364, years=1, zone=programme.timezone),
        actor=actor,
        now=clock.now(),
    )
    text = stored(copy)
    assert (text.subjects, text.bodies, text.version) == (
        {"en": GOOD["subject_en"]},
        {"en": GOOD["body_en"]},
        1,
    )
    assert len(session.scalars(select(MessageText)).all()) == 2
