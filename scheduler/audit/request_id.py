"""The id that ties a request's log lines, audit entries and error page together."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


def current_request_id() -> str | None:
    """Return the id of the request or job in progress; None outside of both."""
    return _request_id.get()


def set_request_id(request_id: str | None) -> None:
    """Begin (or with None, end) a request or job."""
    _request_id.set(request_id)


@contextmanager
def on_behalf_of(request_id: str | None) -> Iterator[None]:
    """Do something for another request: what is recorded inside bears its id."""
    own = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(own)
