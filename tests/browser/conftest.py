"""Visitors who are signed in."""

import pytest


@pytest.fixture
def open_as(open_page, sign_in, session):
    """A function that opens a page as an account: `open_as(officer, "/account", size="phone")`."""

    def visit(account, path="/", **options):
        session.commit()
        client = sign_in(account)
        page = open_page("/healthz", **options)
        page.context.add_cookies(
            [
                {"name": cookie.key, "value": cookie.value, "url": page.url}
                for cookie in client._cookies.values()
            ]
        )
        page.goto(path)
        return page

    return visit
