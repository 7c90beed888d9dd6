"""One's own account: details, password, browsers, language."""

import pytest
from sqlalchemy import select

from scheduler.accounts import passwords
from scheduler.accounts.models import Account, SignInSession
from tests import factories
from tests.accounts.conftest import PASSWORD, account_of
from tests.support.pages import text_of

CHOSEN = "paper crane 500"


def change(client, **changes):
    form = {"current": PASSWORD, "password": CHOSEN, "repeated": CHOSEN}
    return client.post("/account/password", data=form | changes)


def test_details_are_changed_and_the_page_follows_the_language(officer, enter, session):
    client, _ = enter("officer@school.example")
    assert client.get("/account").page.values()["name"] == "Officer Lin"
    answer = client.post("/account", data={"name": " 林老师 ", "locale": "zh_Hans"})
    assert answer.status_code == 303
    account = account_of(session, "officer@school.example")
    assert (account.name, account.locale) == ("林老师", "zh_Hans")
    assert client.get("/account").page.one("html").get("lang") == "zh-Hans"


def test_an_empty_name_is_refused_and_nothing_changes(officer, enter, session):
    client, _ = enter("officer@school.example")
    answer = client.post("/account", data={"name": "  ", "locale": "zh_Hans"})
    assert answer.status_code == 422
    assert account_of(session, "officer@school.example").locale == "en"


def test_the_language_switch_is_stored_with_the_account(officer, enter, session):
    client, _ = enter("officer@school.example")
    client.post("/preferences/language", data={"locale": "zh_Hant_HK", "next": "/account"})
    assert account_of(session, "officer@school.example").locale == "zh_Hant_HK"
    assert client.get("/account").page.one("html").get("lang") == "zh-Hant-HK"


def test_changing_the_password_ends_the_other_browsers(officer, enter, session):
    here, _ = enter("officer@school.example")
    there, _ = enter("officer@school.example")
    assert change(here).status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)
    assert enter("officer@school.example", CHOSEN)[1].status_code == 303
    assert enter("officer@school.example", PASSWORD)[1].status_code == 422


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"current": "not it"}, "This is not your present password."),
        ({"password": "short", "repeated": "short"}, "at least 10 characters"),
        ({"repeated": "paper crane 501"}, "The two passwords differ."),
    ],
)
def test_a_refused_change_leaves_password_and_browsers(officer, enter, changes, sentence):
    here, _ = enter("officer@school.example")
    there, _ = enter("officer@school.example")
    answer = change(here, **changes)
    assert (answer.status_code, sentence in answer.page.text) == (422, True)
    assert there.get("/account").status_code == 200
    assert enter("officer@school.example")[1].status_code == 303


def test_guessing_the_present_password_is_slowed_down(officer, enter):
    client, _ = enter("officer@school.example")
    statuses = [change(client, current="a guess").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_browsers_are_listed_and_this_one_is_marked(officer, enter):
    enter("officer@school.example", headers={"User-Agent": "iPhone Safari"})
    here, _ = enter("officer@school.example", headers={"User-Agent": "Windows Edg/1 Chrome/1"})
    page = here.get("/account/sessions").page
    heads = [text_of(head) for head in page.all("th", scope="row")]
    assert heads == ["Edge, Windows this browser", "Safari, iPhone"]


def test_one_browser_is_ended(officer, enter, session):
    there, _ = enter("officer@school.example")
    here, _ = enter("officer@school.example")
    first = session.scalars(select(SignInSession).order_by(SignInSession.id)).first()
    assert here.post(f"/account/sessions/{first.ref}/end").status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)


def test_all_other_browsers_are_ended(officer, enter):
    others = [enter("officer@school.example")[0] for _ in range(2)]
    here, _ = enter("officer@school.example")
    assert here.post("/account/sessions/end-others").status_code == 303
    assert [client.get("/account").status_code for client in others] == [302, 302]
    assert here.get("/account").status_code == 200


def test_a_neighbours_browser_is_neither_listed_nor_ended(officer, enter, sign_in, session):
    client, _ = enter("officer@school.example")
    neighbour = factories.account(name="Neighbour Wu")
    session.commit()
    theirs = sign_in(neighbour)
    session.commit()
    row = session.scalar(select(SignInSession).where(SignInSession.account_id == neighbour.id))
    assert client.post(f"/account/sessions/{row.ref}/end").status_code == 403
    assert len(client.get("/account/sessions").page.all("th", scope="row")) == 1
    client.post("/account/sessions/end-others")
    assert theirs.get("/account").status_code == 200


def test_a_password_kept_under_old_parameters_is_kept_anew(officer, enter, session):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    account = account_of(session, "officer@school.example")
    account.password_hash = weak
    session.commit()
    assert enter("officer@school.example")[1].status_code == 303
    stored = session.scalar(select(Account.password_hash))
    assert stored != weak
    assert not passwords.is_outdated(stored)
    assert enter("officer@school.example")[1].status_code == 303


def test_strangers_are_sent_to_sign_in(client):
    pages = ["/account", "/account/password", "/account/sessions"]
    assert [client.get(page).location for page in pages] == [
        f"/sign-in?next={page}" for page in pages
    ]
    assert client.post("/account/sessions/end-others").status_code == 401


def test_the_hash_compared_for_nobody_costs_as_much_as_anybodys(heavy_passwords):
    hasher, nobodys = heavy_passwords
    assert not hasher.check_needs_rehash(nobodys)
