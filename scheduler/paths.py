"""Finds templates, migrations, settings and the instance folder, in a checkout and in a wheel.

A wheel carries copies of what lies beside the package in a checkout; the copy inside wins.
"""

import os
import secrets
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = PACKAGE.parent


def _inside_or_beside(inside: str, beside: str) -> Path:
    copy = PACKAGE / inside
    return copy if copy.exists() else _CHECKOUT / beside


def templates() -> Path:
    """The folder of the page templates."""
    return _inside_or_beside("templates", "templates")


def migrations() -> Path:
    """The folder of the database migrations."""
    return _inside_or_beside("migrations", "migrations")


def settings_file() -> Path:
    """The settings file that `create_app` reads."""
    return _inside_or_beside("_config.py", "config.py")


def instance() -> Path:
    """The folder for what this installation keeps: database, secrets, mails, job queue.

    `INSTANCE_PATH` names it; otherwise it is `instance` beside the package in a checkout, and in
    the folder where the program was started for an installed wheel. Made when missing, closed to
    other users.
    """
    named = os.environ.get("INSTANCE_PATH")
    installed = (PACKAGE / "_config.py").exists()
    folder = Path(named) if named else (Path.cwd() if installed else _CHECKOUT) / "instance"
    folder = folder.absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def last_address() -> Path:
    """The file that says where the program was started last, for commands beside it."""
    return instance() / "address"


def kept_secret(name: str) -> str:
    """Return the secret that the instance folder keeps under the name; made once, at first use.

    256 random bits as 64 hexadecimal digits. Safe when several processes start at once: the
    first one wins and the others read its secret.
    """
    place = instance() / name
    if not place.exists():
        fresh = place.with_name(f".{name}.{secrets.token_hex(8)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            os.link(fresh, place)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return place.read_text(encoding="ascii").strip()
