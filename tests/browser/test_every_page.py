"""Every page that a role can reach by links: accessible, and no wider than a phone."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error
from werkzeug.exceptions import HTTPException

from scheduler.access.permissions import ScopeKind
from scheduler.accounts.duty_calendars import holders_of
from tests import factories
from tests.support.browser import accessibility_problems, overflow

pytestmark = pytest.mark.browser


@pytest.fixture
def accounts(session):
    """One account per role, in a festival where something of everything is there."""
    programme = factories.programme()
    category = factories.category(programme, is_joint=True)
    district = factories.district()
    school = factories.school(district_id=district.id)
    stage, hall = factories.venue(programme), factories.venue(programme)
    factories.venue_travel(stage, hall, 20)
    factories.venue_closure(hall, factories.at(12), factories.at(13))
    levels = factories.levels(programme)
    factories.quota(levels["city"])
    levels["city"].is_blind = True
    entry = factories.application(
        category, school, pupils=2, state="submitted", level=levels["city"]
    )
    for state in ("sent", "bounced"):
        factories.mail(about=entry.ref, code="applications.submitted", state=state)
    factories.application(category, school, pupils=2, state="offered")
    plan = factories.plan(programme)
    for number, state in enumerate(("accepted", "accepted", "submitted", "draft", "returned")):
        group = factories.application(category, school, pupils=2, state=state)
        if state == "accepted":
            factories.slot(plan, group, stage, factories.at(10 + number))
    host = factories.application(category, factories.school(), group_name="Several schools")
    factories.guest_part(host, school, pupils=1)
    factories.asked_purpose(programme)
    factories.mail()
    factories.attendance_request(programme)
    coordinator = factories.coordinator(programme)
    factories.calendar_entry(holders_of(ScopeKind.PROGRAMME, programme.id))
    factories.job(coordinator)
    return {
        "administrator": factories.administrator(),
        "coordinator": coordinator,
        "officer": factories.officer(school),
        "reviewer": factories.reviewer(district),
        "city": factories.city_reviewer(programme),
    }


class Crawl:
    """Follows links, one page of each endpoint."""

    def __init__(self, app, page):
        self.routes = app.url_map.bind("")
        self.page = page
        self.seen = set()
        self.waiting = []

    def take_links(self):
        addresses = self.page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)")
        for address in addresses:
            path = urlsplit(address).path
            endpoint = self.endpoint_of(address, path)
            if endpoint and endpoint not in self.seen:
                self.seen.add(endpoint)
                self.waiting.append(path)

    def endpoint_of(self, address, path):
        is_page = address.startswith("http") and "." not in path.rsplit("/", 1)[-1]
        if not is_page or urlsplit(address).netloc != urlsplit(self.page.url).netloc:
            return None
        try:
            return self.routes.match(path, method="GET")[0]
        except HTTPException:
            return None

    def go_on(self):
        """Open the next page; workbooks, pictures and feeds are no pages."""
        while self.waiting:
            try:
                answer = self.page.goto(self.waiting.pop())
            except Error as error:
                if "Download is starting" not in str(error):
                    raise
                continue
            if answer.headers.get("content-type", "").startswith("text/html"):
                return True
        return False


@pytest.mark.parametrize(
    ("role", "size", "scheme"),
    [
        ("administrator", "phone", "light"),
        ("coordinator", "desk", "dark"),
        ("officer", "phone", "dark"),
        ("reviewer", "desk", "light"),
        ("city", "phone", "light"),
    ],
)
def test_pages_of_a_role(app, open_as, accounts, role, size, scheme):
    page = open_as(accounts[role], "/", size=size, color_scheme=scheme)
    crawl = Crawl(app, page)
    problems, visited = {}, 0
    while visited == 0 or crawl.go_on():
        found = [*accessibility_problems(page), *["too wide"] * (overflow(page) > 0)]
        if found:
            problems[urlsplit(page.url).path] = found
        visited += 1
        crawl.take_links()
    assert problems == {}
    assert visited >= 5
