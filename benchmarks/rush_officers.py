"""Officers in front of their browsers: how they sign in, look at their entry and submit it."""

import asyncio
import http.client
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Flask, Response, session
from flask_wtf.csrf import generate_csrf

from benchmarks.rush_entries import PASSWORD
from scheduler import clock
from scheduler.accounts.models import Account
from scheduler.accounts.sign_in import begin_session
from scheduler.database import db, transaction

PORT = 5987
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Browser:
    """A connection; it is opened anew for the rush, as the server closes idle ones."""

    connection: http.client.HTTPConnection = field(
        default_factory=lambda: http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    )

    def ask(
        self, path: str, cookie: str = "", form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Return the status, the page, and the cookies that are kept after it."""
        headers = {"Cookie": cookie} if cookie else {}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        self.connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        return answer.status, page, kept_cookies(cookie, answer.headers.get_all("Set-Cookie") or ())


@dataclass
class Officer:
    """An account with an entry, its cookie and token, and how long the submission took."""

    account_id: int
    ref: str
    browser: Browser = field(default_factory=Browser)
    cookie: str = ""
    token: str = ""
    seconds: float = 0.0
    status: int = 0

    def sign_in(self, number: int) -> None:
        """Sign in with the password, and open the entry's page."""
        _status, page, cookie = self.browser.ask("/sign-in")
        email = f"office{number}@school.example"
        form = {"csrf_token": token_of(page), "email": email, "password": PASSWORD}
        status, page, self.cookie = self.browser.ask("/sign-in", cookie, form)
        if status not in {302, 303}:
            raise SystemExit(f"signing in: {status}")
        self.token = token_of(self.look())
        self.browser.connection.close()

    def look(self) -> str:
        """Open the entry's page; who looked is noted."""
        status, page, self.cookie = self.browser.ask(f"/applications/{self.ref}", self.cookie)
        if status != 200:
            raise SystemExit(f"the entry's page: {status}")
        return page

    async def submit(self, opening: asyncio.Event) -> None:
        """Press the button as the window opens, and note what came of it.

        Not by `Browser`: thousands of threads would take the processors from the servers.
        """
        body = urlencode({"csrf_token": self.token})
        sent = (
            f"POST /applications/{self.ref}/submit HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n"
            f"Cookie: {self.cookie}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
        ).encode()
        await opening.wait()
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(sent)
        answer = await reader.read()
        self.seconds = time.perf_counter() - began
        self.status = int(answer.split(maxsplit=2)[1]) if answer else 0
        writer.close()

    def ask_nothing(self) -> None:
        """Open a page without any work in it."""
        self.browser.ask("/healthz")
        self.browser.connection.close()


async def submit_all(officers: Sequence[Officer]) -> None:
    """Let all press the button at the same moment, and wait for their answers."""
    opening = asyncio.Event()
    all_answers = asyncio.gather(*(officer.submit(opening) for officer in officers))
    opening.set()
    await all_answers


def begin_sessions(app: Flask, officers: Iterable[Officer]) -> None:
    """Give each the session that signing in would begin, without asking for the password."""
    now = clock.now()
    for officer in officers:
        with app.test_request_context():
            with transaction():
                begin_session(db.session.get_one(Account, officer.account_id), now=now)
            officer.token = generate_csrf()
            answer = Response()
            app.session_interface.save_session(app, session, answer)
            officer.cookie = kept_cookies("", answer.headers.get_all("Set-Cookie"))


def kept_cookies(before: str, new: Iterable[str]) -> str:
    """The cookie header of a browser after an answer."""
    jar = dict(each.split("=", 1) for each in before.split("; ") if each)
    jar |= dict(each.partition(";")[0].split("=", 1) for each in new)
    return "; ".join(f"{name}={value}" for name, value in jar.items())


def token_of(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise SystemExit("a page without a form")
    return found.group(1)
