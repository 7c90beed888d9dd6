"""What the application registers of this room."""

from flask import Flask

from scheduler.consents import (
    calendar_owners,  # noqa: F401 - registers itself
    edition_copies,  # noqa: F401 - registers itself
    guardian_data_views,
    guardian_views,
    mails,
    paper_views,
    progress_views,
    setting_views,
    texts,
)
from scheduler.consents.flags import consent_flag
from scheduler.consents.texts import (
    METHOD_LABELS,
    PURPOSE_LABELS,
    RELATION_LABELS,
    purpose_list,
    refusal_meaning,
)

__all__ = [
    "guardian_data_views",
    "guardian_views",
    "init_app",
    "mails",
    "paper_views",
    "progress_views",
    "texts",
]


def init_app(app: Flask) -> None:
    """Register the pages, and what other rooms' pages show of consents."""
    app.register_blueprint(setting_views.blueprint)
    guardian_views.init_app(app)
    app.jinja_env.filters.update(
        purpose_label=PURPOSE_LABELS.get,
        relation_label=RELATION_LABELS.get,
        consent_method=METHOD_LABELS.get,
        purpose_list=purpose_list,
    )
    app.jinja_env.globals.update(consent_flag=consent_flag, refusal_meaning=refusal_meaning)
