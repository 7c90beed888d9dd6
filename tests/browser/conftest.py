"""Visitors who are signed in."""

import pytest


@pytest.fixture
def open_as(open_page, sign_in, session):
    """A function that opens a page as an account: `open_as(officer, "/account", size="phone")`."""

    def visit(account, path="/", **options):
        session.commit()
        return open_page(path, client=sign_in(account), **options)

    return visit
