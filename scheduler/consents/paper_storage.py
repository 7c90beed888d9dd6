"""Where this deployment keeps the scans of signed papers, and the sweep of what no row names."""

from pathlib import Path

from flask import current_app

from scheduler import clock
from scheduler.applications.file_services import FileStore, remove_left_behind
from scheduler.people.consent_models import PaperScan


def scan_store() -> FileStore:
    """Return the store of scans, beside that of the files that answer fields."""
    return FileStore(Path(current_app.config["INSTANCE_PATH"]) / "files" / "papers")


def remove_scans_left_behind() -> None:
    """Remove bytes whose transaction was rolled back."""
    remove_left_behind(scan_store(), PaperScan.place, now=clock.now())
