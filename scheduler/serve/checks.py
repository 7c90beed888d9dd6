"""What must hold before anything is started; each failure is one sentence for the person there."""

import shutil
import socket
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from scheduler import paths
from scheduler.calendar_mail.mailboxes import checked_mailbox
from scheduler.notifications.sending import delivery_for

CONNECT_SECONDS = 5


class CannotStart(Exception):  # noqa: N818 - it reads as the sentence it begins
    """A reason why nothing was started, told in one sentence."""


def port_is_free(host: str, port: int) -> None:
    """Raise CannotStart when somebody else listens on the port, or nobody may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(
                f"Port {port} is reserved for the system; choose one above 1023: PORT=5001."
            ) from None
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {host} is taken ({error.strerror}); stop what uses it or choose "
                f"another one, for example PORT={port + 1}."
            ) from None
        except OverflowError:
            raise CannotStart(f"There is no port {port}; ports go up to 65535.") from None


def database_is_reachable(address: str) -> None:
    """Raise CannotStart when the database does not answer within a few seconds."""
    url = _parsed(address)
    shown = url.render_as_string(hide_password=True)
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise CannotStart(
            f"DATABASE_URL={shown} names another kind of database; use sqlite:///… or "
            "postgresql+psycopg://user:password@host/name."
        )
    waits = {"connect_timeout": CONNECT_SECONDS} if url.drivername != "sqlite" else {}
    engine = create_engine(url, connect_args=waits)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise CannotStart(f"The database {shown} cannot be reached: {reason}") from None
    finally:
        engine.dispose()


def front_end_is_bundled() -> None:
    """Raise CannotStart when pages would come without their styles."""
    if not any(_files(paths.PACKAGE / "static" / "dist")):
        node = "" if shutil.which("npm") else " (Node.js is missing here; `make setup` brings it)"
        raise CannotStart(f"The front end is not bundled; run `make setup` first{node}.")


def mail_has_a_way_out(address: str) -> None:
    """Raise CannotStart when MAIL_URL cannot be understood; the server itself is not asked."""
    try:
        delivery_for(address)
    except ValueError as error:
        raise CannotStart(f"{error}") from None


def mail_can_be_read(address: str) -> None:
    """Raise CannotStart when MAIL_IN_URL is set and cannot be understood."""
    try:
        if address:
            checked_mailbox(address)
    except ValueError as error:
        raise CannotStart(f"{error}") from None


def _files(folder: Path) -> list[Path]:
    return [place for place in folder.rglob("*.css") if place.is_file()] if folder.exists() else []


def _parsed(address: str) -> URL:
    try:
        url = make_url(address)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        raise CannotStart(
            "DATABASE_URL is no database address; it looks like "
            "postgresql+psycopg://user:password@host/name or sqlite:////folder/file.sqlite3."
        ) from None
    return url
