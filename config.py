"""Deployment settings: flat names, read from the environment, each with a default.

Every name is explained in docs/deployment.md. The file is read as a file (`from_pyfile`), by a
checkout and by an installed wheel alike, so nothing may import it.
"""

import datetime as dt
import os
import re
from urllib.parse import urlsplit

from scheduler import paths

_instance = paths.instance()


def _is_on(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default).strip().lower() in {"1", "true", "yes", "on"}


# Where things are kept.
INSTANCE_PATH = str(_instance)
DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{_instance / 'scheduler.sqlite3'}"
# Hosting services hand out addresses without the driver's name.
DATABASE_URL = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", DATABASE_URL)
SQLALCHEMY_DATABASE_URI = DATABASE_URL
# Values of a failed statement may be personal: they stay out of the logs.
# A connection for each request that a server process has in hand (`serve.processes.THREADS`).
SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True, "hide_parameters": True, "pool_size": 16}

# Secrets: generated into the instance folder at the first start, never defaulted.
SECRET_KEY = os.environ.get("SECRET_KEY") or paths.kept_secret("secret-key")
ENCRYPTION_KEY = os.environ.get("ENCRYPTION_KEY") or paths.kept_secret("encryption-key")

# Where people reach us. HTTPS is assumed as soon as the public address says so.
PORT = int(os.environ.get("PORT") or "5000")
PUBLIC_URL = (os.environ.get("PUBLIC_URL") or f"http://localhost:{PORT}").rstrip("/")
# Names by which requests may ask for us; probes and people on the machine itself use the last ones.
TRUSTED_HOSTS = [host for host in os.environ.get("TRUSTED_HOSTS", "").split(",") if host] or [
    urlsplit(PUBLIC_URL).hostname or "localhost"
]
TRUSTED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or "0")

# Sessions and forms.
SESSION_COOKIE_NAME = "ambassador_session"
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
REMEMBER_COOKIE_SECURE = SESSION_COOKIE_SECURE
REMEMBER_COOKIE_HTTPONLY = True
REMEMBER_COOKIE_SAMESITE = "Lax"
PERMANENT_SESSION_LIFETIME = dt.timedelta(hours=int(os.environ.get("SESSION_HOURS") or "12"))
# Pages behind a secret link send no Referer, so that it stays secret; tokens and SameSite do.
WTF_CSRF_SSL_STRICT = False
# A form lives as long as its session: an officer may type for hours and loses nothing.
WTF_CSRF_TIME_LIMIT = None
MAX_CONTENT_LENGTH = int(os.environ.get("MAX_UPLOAD_MEGABYTES") or "20") * 1024 * 1024

# Files that answer an entry form's fields: how large, looked at by which command, and from where
# videos may be linked.
MAX_FILE_BYTES = int(os.environ.get("MAX_FILE_MEGABYTES") or "10") * 1024 * 1024
FILE_SCAN_COMMAND = os.environ.get("FILE_SCAN_COMMAND", "").strip()
VIDEO_HOSTS = [
    host.strip().lower()
    for host in (
        os.environ.get("VIDEO_HOSTS") or "bilibili.com,youku.com,v.qq.com,youtube.com,vimeo.com"
    ).split(",")
    if host.strip()
]

# Rate limits: per process in memory unless a shared store is named.
RATELIMIT_STORAGE_URI = os.environ.get("RATELIMIT_STORAGE_URI") or "memory://"
RATELIMIT_HEADERS_ENABLED = True
RATELIMIT_ENABLED = _is_on("RATELIMIT_ENABLED", "1")

# Mail: written into the instance folder unless a server is named.
MAIL_URL = os.environ.get("MAIL_URL") or f"file://{_instance / 'mail'}"
MAIL_SENDER = os.environ.get("MAIL_SENDER") or "Ambassador Scheduler <scheduler@localhost>"
MAIL_BOUNCES_TO = os.environ.get("MAIL_BOUNCES_TO") or ""
# Answers to requests to attend: where they go, and from which mailbox they are read.
MAIL_REPLIES_TO = os.environ.get("MAIL_REPLIES_TO") or ""
MAIL_IN_URL = os.environ.get("MAIL_IN_URL") or ""

# Exports: from how many rows with personal data a second person must approve (domain.md R9), and
# the font of PDFs where none of the well-known ones is installed.
EXPORT_APPROVAL_ROWS = int(os.environ.get("EXPORT_APPROVAL_ROWS") or "500")
PDF_FONT = os.environ.get("PDF_FONT") or ""
# Public notices: for how many days after its end and answer it is kept who objected.
OBJECTION_KEPT_DAYS = int(os.environ.get("OBJECTION_KEPT_DAYS") or "180")

# Languages and zone of a visitor of whom nothing is known.
BABEL_DEFAULT_LOCALE = os.environ.get("DEFAULT_LOCALE") or "en"
BABEL_DEFAULT_TIMEZONE = os.environ.get("DEFAULT_TIMEZONE") or "Asia/Shanghai"

# File names carry a content hash, so browsers may keep them.
SEND_FILE_MAX_AGE_DEFAULT = dt.timedelta(days=365)

# Running: how many processes serve, how many jobs run at once, what the log looks like.
LISTEN_HOST = os.environ.get("LISTEN_HOST") or "127.0.0.1"
SERVER_WORKERS = int(os.environ.get("SERVER_WORKERS") or "2")
JOB_WORKERS = int(os.environ.get("JOB_WORKERS") or "2")
LOG_FORMAT = os.environ.get("LOG_FORMAT") or "text"
LOG_LEVEL = (os.environ.get("LOG_LEVEL") or "INFO").upper()
DEMO = _is_on("DEMO")
