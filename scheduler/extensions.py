"""The Flask extensions, made once and bound to an application in `app.create_app`."""

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

migrate = Migrate()
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(get_remote_address, default_limits=[])


def secret_key() -> str | bytes:
    """Return the secret from which links and tokens are computed."""
    return current_app.secret_key or ""
