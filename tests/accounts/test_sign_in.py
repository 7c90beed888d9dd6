"""Signing in and out over HTTP."""

from sqlalchemy import func, select

from scheduler.accounts.models import SignInSession
from tests import factories
from tests.accounts.conftest import PASSWORD, PASSWORD_HASH

REFUSAL = "E-mail address and password do not belong together."


def test_right_password_leads_to_the_page_that_was_asked_for(officer, enter, client):
    asked = client.get("/account/password")
    assert asked.location == "/sign-in?next=/account/password"
    form = {"email": "officer@school.example", "password": PASSWORD}
    answer = client.post(asked.location, data=form)
    assert (answer.status_code, answer.location) == (303, "/account/password")
    assert client.get("/account/password").status_code == 200


def test_the_address_may_be_written_with_capitals_and_blanks(officer, enter):
    _, answer = enter("  Officer@School.EXAMPLE ")
    assert answer.status_code == 303


def test_wrong_password_and_unknown_address_are_answered_alike(officer, enter, client):
    _, wrong = enter("officer@school.example", "not the password")
    _, unknown = enter("nobody@school.example", "not the password")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert REFUSAL in wrong.page.text
    assert wrong.page.text == unknown.page.text


def test_what_was_typed_stays_except_the_password(officer, enter):
    _, wrong = enter("officer@school.example", "not the password")
    values = wrong.page.values()
    assert (values["email"], values["password"]) == ("officer@school.example", "")


def test_a_closed_account_cannot_sign_in_with_the_right_password(session, enter):
    closed = factories.account(password_hash=PASSWORD_HASH)
    closed.deactivated_at = factories.at(9)
    _, answer = enter(closed.email)
    assert (answer.status_code, REFUSAL in answer.page.text) == (422, True)


def test_the_demos_accounts_have_a_door_in_the_demo_only(session, enter, app, monkeypatch):
    demo = factories.account(ref="DEMO-ADMIN", password_hash=PASSWORD_HASH)
    _, answer = enter(demo.email)
    assert (answer.status_code, REFUSAL in answer.page.text) == (422, True)
    monkeypatch.setitem(app.config, "DEMO", True)
    _, answer = enter(demo.email)
    assert answer.status_code == 303


def test_somebody_invited_cannot_sign_in_without_a_password(session, enter):
    invited = factories.account(password_hash=None)
    _, answer = enter(invited.email, "")
    assert answer.status_code == 422
    _, answer = enter(invited.email, "anything at all")
    assert answer.status_code == 422


def test_next_never_leads_to_another_host(officer, app):
    targets = ("https://evil.example/", "//evil.example/", "/\\evil.example", "evil")
    for target in (*targets, "/\t/evil.example", "/\n/evil.example", "/\r\nX-Evil: 1"):
        client = app.test_client()
        form = {"email": "officer@school.example", "password": PASSWORD}
        answer = client.post("/sign-in", query_string={"next": target}, data=form)
        assert (answer.status_code, answer.location) == (303, "/")


def test_each_sign_in_is_a_session_row_of_its_own(officer, enter, session):
    enter("officer@school.example", headers={"User-Agent": "X Windows Firefox/140"})
    enter("officer@school.example")
    rows = session.scalars(select(SignInSession).order_by(SignInSession.id)).all()
    assert [row.browser for row in rows] == ["Firefox, Windows", ""]
    assert [row.ended_at for row in rows] == [None, None]


def test_signing_in_replaces_the_cookie_and_ends_its_old_session(officer, enter, session):
    client, _ = enter("officer@school.example")
    with client.session_transaction() as cookie:
        cookie["planted"] = "before"
        old_token = cookie["_user_id"]
    enter("officer@school.example", client=client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != old_token
    rows = session.scalars(select(SignInSession).order_by(SignInSession.id)).all()
    assert [row.ended_at is None for row in rows] == [False, True]


def test_the_cookie_holds_no_account_and_the_table_no_cookie(officer, enter, session):
    client, _ = enter("officer@school.example")
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    row = session.scalars(select(SignInSession)).one()
    assert len(token) == 43
    assert row.token_hash != token


def test_sign_out_ends_the_session_in_the_table(officer, enter, app, session):
    client, _ = enter("officer@school.example")
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    stolen = app.test_client()
    with stolen.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert stolen.get("/account").location == "/sign-in?next=/account"


def test_sign_out_is_no_link(officer, enter):
    client, _ = enter("officer@school.example")
    assert client.get("/sign-out").status_code == 405
    assert client.get("/account").status_code == 200


def test_a_session_runs_out(officer, enter, frozen):
    frozen(2027, 3, 1, 8)
    client, _ = enter("officer@school.example")
    frozen(2027, 3, 1, 19, 59)
    assert client.get("/account").status_code == 200
    frozen(2027, 3, 1, 20)
    assert client.get("/account").status_code == 302


def try_at(app, number, password="a guess", client=None):
    """Try to sign in from the network address of that number."""
    form = {"email": "officer@school.example", "password": password}
    place = {"REMOTE_ADDR": f"10.0.{number // 250}.{number % 250}"}
    return (client or app.test_client()).post("/sign-in", data=form, environ_base=place)


def test_guessing_one_account_from_many_places_is_slowed_down(officer, app):
    answers = [try_at(app, number) for number in range(51)]
    assert [answer.status_code for answer in answers] == [422] * 50 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Try again in" in answers[-1].page.text


def test_the_right_password_is_slowed_down_too_after_many_wrong_ones(officer, enter):
    for number in range(10):
        enter("officer@school.example", f"guess {number}")
    _, answer = enter("officer@school.example")
    assert answer.status_code == 429


def test_strangers_at_one_address_lock_nobody_out_elsewhere(officer, app):
    for _ in range(11):
        locked = try_at(app, 1)
    assert locked.status_code == 429
    assert try_at(app, 1, PASSWORD).status_code == 429
    assert try_at(app, 2, PASSWORD).status_code == 303


def test_strangers_never_lock_out_a_browser_that_was_signed_in_before(officer, app):
    own = app.test_client()
    assert try_at(app, 1, PASSWORD, own).status_code == 303
    own.post("/sign-out")
    for number in range(60):
        try_at(app, number)
    for _ in range(11):
        try_at(app, 1)
    assert try_at(app, 1, PASSWORD).status_code == 429
    assert try_at(app, 200, PASSWORD).status_code == 429
    assert try_at(app, 1, PASSWORD, own).status_code == 303


def test_a_known_browser_does_not_guess_without_end(officer, app, session):
    own = app.test_client()
    try_at(app, 1, PASSWORD, own)
    statuses = [try_at(app, number, client=own).status_code for number in range(11)]
    assert statuses == [422] * 10 + [429]
    # Known for one account, it is a stranger to all others; and the mark cannot be made up.
    cookie = own.get_cookie("known_browser", path="/sign-in")
    assert cookie.http_only
    other = factories.officer(factories.school(), email="other@school.example")
    session.commit()
    for forged in (cookie.value, cookie.value[:-1], "x", ""):
        client = app.test_client()
        client.set_cookie("known_browser", forged, path="/sign-in")
        data = {"email": other.email, "password": "a guess"}
        for _ in range(11):
            answer = client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "10.9.9.9"})
        assert answer.status_code == 429


def test_successes_do_not_use_up_the_limit(officer, enter, session):
    for _ in range(12):
        _, answer = enter("officer@school.example")
        assert answer.status_code == 303
    assert session.scalar(select(func.count()).select_from(SignInSession)) == 12


def test_guessing_many_accounts_from_one_place_is_slowed_down(session, enter):
    statuses = [enter(f"person{n}@x.example", "a guess")[1].status_code for n in range(41)]
    assert statuses == [422] * 40 + [429]


def test_a_form_without_its_token_is_refused(database, app):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        form = {"email": "officer@school.example", "password": PASSWORD}
        answers = [
            app.test_client().post("/sign-in", data=form).status_code,
            app.test_client().post("/sign-out").status_code,
            app.test_client().post("/reset", data=form).status_code,
        ]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answers == [400, 400, 400]
