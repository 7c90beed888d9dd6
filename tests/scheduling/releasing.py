"""A draft made the next release, as the job does it."""

from scheduler import clock
from scheduler.database import transaction
from scheduler.scheduling.releases.publishing import publish

PUBLIC_URL = "http://localhost:5000"


def release(plan, actor, *, edition=None, notes="", secret_key="secret"):
    with transaction():
        return publish(
            plan,
            edition=plan.edition if edition is None else edition,
            notes=notes,
            actor=actor,
            now=clock.now(),
            secret_key=secret_key,
            public_url=PUBLIC_URL,
        )
