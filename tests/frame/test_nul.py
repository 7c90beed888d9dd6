"""A NUL character, which no text has and PostgreSQL refuses, is a bad request wherever it is."""

import pytest

from tests import factories


@pytest.fixture
def admin(session, sign_in):
    account = factories.administrator()
    session.commit()
    return sign_in(account)


@pytest.mark.parametrize("path", ["/schools/a%00b", "/schools?q=a%00b", "/schools?region=%00"])
def test_in_an_address(admin, path):
    assert admin.get(path).status_code == 400


def test_in_a_form(admin):
    answer = admin.post("/districts/new", data={"code": "440112", "name": "a\x00b"})
    assert answer.status_code == 400
