"""Finds the deployment's sealer: the key that opens what is sealed is outside the database."""

from flask import current_app

from scheduler.people.sealing import Sealer

_EXTENSION = "person_sealer"


def current_sealer() -> Sealer:
    """Return the sealer of this deployment; its keys are derived once per process."""
    known = current_app.extensions.get(_EXTENSION)
    if known is None:
        secret = str(current_app.config["ENCRYPTION_KEY"]).encode()
        known = current_app.extensions[_EXTENSION] = Sealer(secret)
    sealer: Sealer = known
    return sealer
