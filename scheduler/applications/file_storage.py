"""Where this deployment keeps files and what it accepts."""

from pathlib import Path

from flask import current_app

from scheduler.applications.file_checks import FileLimits
from scheduler.applications.file_services import FileStore


def current_store() -> FileStore:
    """Return the store of this deployment, below the instance folder."""
    return FileStore(_folder() / "kept")


def file_limits() -> FileLimits:
    """Return how large a file may be, and how it is scanned."""
    config = current_app.config
    return FileLimits(config["MAX_FILE_BYTES"], config["FILE_SCAN_COMMAND"], _folder() / "scan")


def _folder() -> Path:
    return Path(current_app.config["INSTANCE_PATH"]) / "files"
