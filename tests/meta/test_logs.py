"""What a log line may say, and that every answer names its request."""

import json
import logging

import pytest
import structlog

from scheduler import logs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /calendars/Zx81kLmN0pQr.ics 200", "GET /calendars/… 200"),
        ("GET /my/Zx81kLmN0pQr/language", "GET /my/…/language"),
        ("/invitations/Zx81kLmN0pQr?next=/", "/invitations/…?next=/"),
        ("postgresql://scheduler:hunter2@db/festival", "postgresql://scheduler:…@db/festival"),
        ("mail to somebody.else+x@school.example.org refused", "mail to …@… refused"),
        ("/login?token=abc123&x=1", "/login?token=…&x=1"),
        ("plan 7 published", "plan 7 published"),
    ],
)
def test_mask_hides_what_opens_doors_and_who_people_are(text, shown):
    assert logs.mask(text) == shown


@pytest.fixture
def json_lines(capsys):
    logs.configure("json", "INFO")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logs.configure("text", "WARNING")


def test_values_of_a_line_are_masked_at_any_depth(json_lines):
    structlog.get_logger("scheduler").info(
        "sent", to=["a@b.example"], more={"link": "/my/abcdef123"}
    )
    (line,) = json_lines()
    assert (line["to"], line["more"]) == (["…@…"], {"link": "/my/…"})


def test_lines_of_other_libraries_are_masked(json_lines):
    logging.getLogger("other").warning("cannot reach %s", "postgresql://u:secret@db/x")
    (line,) = json_lines()
    assert line["event"] == "cannot reach postgresql://u:…@db/x"


def test_a_request_is_logged_by_route_not_by_path(client, json_lines):
    client.get("/jobs/ABCDEF?next=secret")
    (line,) = [line for line in json_lines() if line["event"] == "request"]
    assert line["route"] == "/jobs/<string:ref>"
    assert "ABCDEF" not in json.dumps(line)


def test_an_answer_names_its_request(client):
    offered = client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})
    assert offered.headers["X-Request-ID"] == "from-the-proxy-1"


def test_a_hostile_request_id_is_replaced(client):
    answer = client.get("/healthz", headers={"X-Request-ID": "x\ty" * 40})
    assert answer.headers["X-Request-ID"].isalnum()
