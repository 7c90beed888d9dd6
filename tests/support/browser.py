"""Chromium for browser tests: the system's own, driven by Playwright; axe looks at each page."""

import json
import shutil
from pathlib import Path

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SIZES = {"phone": (375, 812), "desk": (1280, 900)}
# A colour that is still on its way to another one is none that anybody reads.
AT_ONCE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::before, ::after { transition: none !important }");
    document.adoptedStyleSheets = [sheet];
}"""
# Only what it found comes over: its whole answer names every element that is as it should be.
VIOLATIONS = """async rules => {
    const options = {resultTypes: ["violations"]};
    if (rules.length) options.runOnly = {type: "rule", values: rules};
    const {violations} = await axe.run(document, options);
    return violations.map(
        ({id, impact, nodes}) => [id, impact, nodes.map(({target}) => target)]
    );
}"""
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that a dark page can break where the light one keeps them."""
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def pytest_collection_modifyitems(config, items):
    if CHROMIUM is None:
        missing = pytest.mark.skip(reason="no Chromium")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(missing)


def pytest_terminal_summary(terminalreporter, config):
    if config.getoption("database") in {"both", "shared"} and CHROMIUM is not None:
        terminalreporter.write_line(
            "Browser tests ran on SQLite, those marked each_database on PostgreSQL as well: a page "
            "looks the same whatever is behind it. All on PostgreSQL: pytest -m browser "
            "--database postgresql"
        )
    if config.getoption("database") == "shared":
        terminalreporter.write_line(
            "Tests of pages ran on one of both databases, in turn. All on both: make test-both"
        )
    if CHROMIUM is None:
        terminalreporter.write_line(
            "Browser tests were skipped: no Chromium here. On Debian: apt-get install chromium"
        )


@pytest.fixture(scope="session")
def browser():
    """One Chromium per worker process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server):
    """A function that opens a page of the live server: `open_page("/", size="phone")`.

    Each call is a new visitor, or the one who is signed in with `client`. Script errors and blocked
    resources fail the test at its end.
    """
    contexts, complaints = [], []

    def visit(path="/", *, size="desk", locale="en-GB", client=None, **options):
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale=locale,
            **options,
        )
        contexts.append(context)
        # Before the first page: an answer to a visitor without a cookie would bring another one.
        for cookie in client._cookies.values() if client else ():
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda line: complaints.append(line.text) if line.type == "error" else None
        )
        page.goto(path)
        return page

    visit.complaints = complaints
    yield visit
    for context in contexts:
        context.close()
    # The browser writes such a line for every 4xx answer, which tests provoke on purpose.
    assert [
        line for line in complaints if "the server responded with a status of 4" not in line
    ] == []


def accessibility_problems(page, *, rules=()):
    """What axe finds on the page as it stands: rule, impact and the elements concerned.

    By all of its rules, or by those that are named.
    """
    # Our policy admits no foreign script; evaluate() is exempt from it.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    return [
        f"{rule} ({impact}): {json.dumps(targets)}"
        for rule, impact, targets in page.evaluate(VIOLATIONS, rules)
    ]


def problems_in_all_looks(page):
    """What axe finds, and what is too wide, on a phone and a desk by light and by dark.

    By dark only the colours can be others.
    """
    found = {}
    page.evaluate(AT_ONCE)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme, rules in (("light", ()), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            problems = accessibility_problems(page, rules=rules)
            if overflow(page) > 0:
                problems.append("too wide")
            if problems:
                found[size, scheme] = problems
    return found


def overflow(page):
    """By how many pixels the page is wider than its window."""
    return page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
