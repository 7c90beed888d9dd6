"""What reviewers of a panel are told by mail: that cases wait for them, once a day at most."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select

from scheduler.accounts.notices import mail
from scheduler.database import db
from scheduler.panels.models import Assignment, Panel, PanelReviewer, Stage

GIVEN = "panels.given"


def tell_given(panel: Panel, reviewers: Collection[PanelReviewer], *, now: dt.datetime) -> None:
    """Queue one mail to each reviewer, with how many cases wait, however many were given."""
    query = (
        select(Assignment.reviewer_id, func.count())
        .where(Assignment.panel_id == panel.id, Assignment.stage.in_((Stage.OPEN, Stage.DRAFT)))
        .group_by(Assignment.reviewer_id)
    )
    waiting: dict[int, int] = dict(db.session.execute(query).all())
    for reviewer in {each.id: each for each in reviewers}.values():
        mail(
            reviewer.account,
            GIVEN,
            {
                "programme": panel.programme.names,
                "panel": panel.name,
                "count": waiting.get(reviewer.id, 0),
                "link": "/reviews",
            },
            now=now,
            about=panel.ref,
            once_key=f"{GIVEN}:{panel.ref}:{reviewer.id}:{now.date().isoformat()}",
            programme_id=panel.programme_id,
        )
