"""Signing in within the tests of this room."""

import pytest


@pytest.fixture
def sign_in(session, sign_in):
    """As everywhere; what the test has made so far is committed, and the test can write on."""

    def enter(account):
        session.commit()
        client = sign_in(account)
        session.commit()
        return client

    return enter
