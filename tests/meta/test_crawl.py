"""Every route, tried by every role and by strangers, on their own things and the neighbour's."""

import re

import pytest

from scheduler.access.guard import rule_of
from scheduler.access.permissions import PERMISSIONS_BY_ROLE, Role
from tests.meta.doors import OPEN_ABROAD, OPEN_AT_HOME
from tests.meta.world import HOST, LEAK, everything, make_side

REFUSALS = {401, 403, 404, 405}
PART = re.compile(r"(?P<before>[a-z-]+)/<[a-z]+:[a-z_]+>")


def routes(app, method):
    """Endpoint, rule and permission of each route with a rule of its own for the method."""
    for rule in app.url_map.iter_rules():
        access = rule_of(app, rule.endpoint)
        if access.permission is not None and method in rule.methods:
            yield rule.endpoint, rule.rule, access.permission


def address(rule, places):
    """The rule with its parameters filled in; a new kind of place must be taught to the world."""
    return PART.sub(lambda found: f"{found['before']}/{places[found['before']]}", rule)


def is_refused(answer):
    return answer.status_code in REFUSALS or answer.headers.get("Location", "").startswith(
        "/sign-in"
    )


def opened(client, app, places):
    """The endpoints whose pages open, and every text that came with them."""
    doors, texts = set(), []
    for endpoint, rule, _ in routes(app, "GET"):
        answer = client.get(address(rule, places))
        if not is_refused(answer):
            doors.add(endpoint)
        if answer.mimetype.startswith("text/"):
            texts.append(answer.text)
    return doors, "\n".join(texts)


def test_strangers_open_nothing_and_change_nothing(app, session, client):
    places = make_side(Role.SCHOOL_OFFICER).places
    session.commit()
    before = everything()
    passed = [
        (method, rule)
        for method in ("GET", "POST")
        for _, rule, _ in routes(app, method)
        if not is_refused(client.open(address(rule, places), method=method))
    ]
    assert passed == []
    assert everything() == before


@pytest.mark.each_database
@pytest.mark.parametrize("role", Role)
def test_each_role_opens_exactly_its_own_doors(app, session, sign_in, role):
    home = make_side(role)
    make_side(role, pupil=LEAK)
    session.commit()
    doors, texts = opened(sign_in(home.account), app, home.places)
    assert doors == OPEN_AT_HOME[role]
    if role is not Role.PLATFORM_ADMINISTRATOR:
        assert LEAK not in texts
    if role is Role.SCHOOL_OFFICER:
        assert HOST not in texts


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PLATFORM_ADMINISTRATOR])
def test_the_neighbours_doors_stay_shut(app, session, sign_in, role):
    home, abroad = make_side(role), make_side(role, pupil=LEAK)
    session.commit()
    doors, texts = opened(sign_in(home.account), app, abroad.places)
    has_place = {endpoint for endpoint, rule, _ in routes(app, "GET") if "<" in rule}
    assert doors & has_place == OPEN_ABROAD[role]
    assert LEAK not in texts


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PLATFORM_ADMINISTRATOR])
def test_nothing_of_the_neighbours_can_be_changed(app, session, sign_in, role):
    home, abroad = make_side(role), make_side(role)
    session.commit()
    client = sign_in(home.account)
    before = everything()
    passed = [
        rule
        for _, rule, _ in routes(app, "POST")
        if "<" in rule and not is_refused(client.post(address(rule, abroad.places)))
    ]
    assert passed == []
    assert everything() == before


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may_not_do_it_cannot_do_at_home_either(app, session, sign_in, role):
    home = make_side(role)
    session.commit()
    client = sign_in(home.account)
    before = everything()
    passed = [
        rule
        for _, rule, permission in routes(app, "POST")
        if permission not in PERMISSIONS_BY_ROLE[role]
        and not is_refused(client.post(address(rule, home.places)))
    ]
    assert passed == []
    assert everything() == before
