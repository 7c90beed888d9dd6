"""Structured logs: one line per request with its id, never a token, an address or a query string.

A request is logged by its route (`/calendars/<token>.ics`), not by its path, so what people carry
in links cannot reach a log. Lines of other libraries pass the same mask.
"""

import logging
import re
import secrets
import sys
import time
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

from scheduler.audit.request_id import current_request_id, set_request_id

REQUEST_ID_HEADER = "X-Request-ID"
# Probes come every few seconds and say nothing.
QUIET_ENDPOINTS = frozenset({"static", "health.alive", "health.ready"})

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,36}")  # as long as the audit log keeps
_MASKS = (
    # Links that open something for whoever holds them: personal pages, feeds, invitations, resets.
    (re.compile(r"(/(?:calendars|my|invitations|reset|password|links?)/)[^\s/?\"']{6,}"), r"\1…"),
    (re.compile(r"((?:token|password|secret|key)=)[^\s&\"']+", re.IGNORECASE), r"\1…"),
    (re.compile(r"(://[^\s:/@]+:)[^\s@]+@"), r"\1…@"),
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
)

_log = structlog.get_logger("scheduler.requests")


def mask(text: str) -> str:
    """Return the text without link tokens, passwords and e-mail addresses."""
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text


def init_app(app: Flask) -> None:
    """Give every request an id (also in the answer's header) and a line in the log."""
    configure(app.config.get("LOG_FORMAT", "text"), app.config.get("LOG_LEVEL", "INFO"))
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(lambda _error: set_request_id(None))


def configure(log_format: str, level: str) -> None:
    """Send all log lines of this process to standard error: `json` for machines, else as text."""
    shared: list[Processor] = [
        _add_request_id,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _StandardError()
    handler.set_name("scheduler")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _mask_values,
                _renderer(log_format),
            ],
        )
    )
    root = logging.getLogger()
    # A second application in one process (tests, the worker) replaces the handler of the first.
    for other in [other for other in root.handlers if other.get_name() == "scheduler"]:
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(level)
    # It announces itself whenever somebody asks for the present revision, as `/readyz` does.
    logging.getLogger("alembic").setLevel(logging.WARNING)


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at that moment: programs and tests may replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    request_id = current_request_id()
    return {**event, "request_id": request_id} if request_id else event


def _mask_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    if isinstance(value, dict):
        return {name: _masked(item) for name, item in value.items()}
    return value


def _begin() -> None:
    offered = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = offered if _ACCEPTED_ID.fullmatch(offered) else secrets.token_hex(8)
    g.request_began = time.perf_counter()
    set_request_id(g.request_id)


def _finish(response: Response) -> Response:
    # A request refused before the first hook (a malformed host, say) has no id.
    request_id = g.get("request_id") or secrets.token_hex(8)
    response.headers[REQUEST_ID_HEADER] = request_id
    if request.endpoint not in QUIET_ENDPOINTS:
        took = time.perf_counter() - g.get("request_began", time.perf_counter())
        _log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round(took * 1000, 1),
        )
    return response
