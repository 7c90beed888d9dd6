"""Fifty decisions at once over HTTP, against two server processes, on both databases."""

import http.client
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from scheduler.applications.models import Application
from scheduler.applications.workflow import State
from scheduler.database import db
from scheduler.programmes.models import Category
from tests.applications.making import make_entry
from tests.support.pages import Page

pytestmark = pytest.mark.each_database

AT_ONCE = 50
PLACES = 7


def ask(address, path, cookie, form=None):
    """One request over a connection of its own: status, body, and the cookie it leaves."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(form, doseq=True) if form else None
    connection.request("POST" if form else "GET", path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    kept = (answer.getheader("Set-Cookie") or cookie).partition(";")[0]
    connection.close()
    return answer.status, text, kept


def test_fifty_acceptances_at_once_over_two_processes(festival, live_server, browser_of):
    festival.category.places = PLACES
    entries = [
        make_entry(festival.category, festival.school, state=State.SUBMITTED, pupils=0)
        for _ in range(AT_ONCE)
    ]
    asked = [(entry.ref, entry.version) for entry in entries]
    category_id = festival.category.id
    cookie = browser_of(festival.coordinator)
    path = f"/applications/{asked[0][0]}/case"
    status, text, cookie = ask(live_server.url, path, cookie)
    assert status == 200
    token = Page(text).values()["csrf_token"]
    together = threading.Barrier(AT_ONCE)

    def accept(each):
        ref, version = each
        form = {"csrf_token": token, "action": "accept", "version": version}
        together.wait()
        status, text, _cookie = ask(live_server.url, f"/applications/{ref}/decision", cookie, form)
        is_full = f"All {PLACES} places of this category are taken." in text
        return status, is_full

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = Counter(pool.map(accept, asked))
    assert outcomes == {(303, False): PLACES, (409, True): AT_ONCE - PLACES}
    db.session.rollback()
    accepted = select(func.count()).where(Application.state == State.ACCEPTED)
    assert db.session.scalar(accepted) == PLACES
    assert db.session.get_one(Category, category_id).places_taken == PLACES
