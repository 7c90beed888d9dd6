"""What applications bring to the application: pages, sentences, mails."""

from flask import Flask

from scheduler.access.guard import current_actor
from scheduler.applications import (
    answer_views,
    case_views,
    change_views,
    copying_views,
    decided_views,
    decision_tasks,
    entry_views,
    file_views,
    form_texts,
    form_views,
    import_tasks,
    import_views,
    levels,
    link_views,
    mails,
    queue_views,
    ranking_views,
    result_views,
    school_views,
    sealed_views,
    substitution_queue_views,
    substitution_texts,
    substitution_views,
    texts,
    withdrawal_views,
)
from scheduler.applications import panels as case_panels
from scheduler.applications.blueprint import blueprint
from scheduler.applications.case_facts import age_band
from scheduler.applications.links import edit_links, entry_links, time_left
from scheduler.applications.panels import panels_of
from scheduler.applications.school_panel import applications_panel
from scheduler.applications.substitution_queries import substitutions_panel
from scheduler.applications.texts import (
    ACTION_LABELS,
    FINDING_LABELS,
    NEXT_STEPS,
    PASSED_ON_STEPS,
    ROLE_LABELS,
    field_list,
    finding_count,
    missing_text,
    waitlist_rule,
)
from scheduler.organisations import panels
from scheduler.organisations.texts import REGIONS
from scheduler.people import calendar_owners  # noqa: F401 - registers itself
from scheduler.programmes.models import Programme
from scheduler.spreadsheets.durations import duration_text

__all__ = [
    "case_views",
    "change_views",
    "decided_views",
    "decision_tasks",
    "file_views",
    "form_texts",
    "import_tasks",
    "init_app",
    "link_views",
    "mails",
    "queue_views",
    "ranking_views",
    "school_views",
    "substitution_queue_views",
    "substitution_texts",
    "texts",
    "withdrawal_views",
]


def init_app(app: Flask) -> None:
    """Register everything; called once per application."""
    app.register_blueprint(blueprint)
    app.register_blueprint(import_views.blueprint)
    app.register_blueprint(entry_views.blueprint)
    app.register_blueprint(result_views.blueprint)
    app.register_blueprint(answer_views.blueprint)
    app.register_blueprint(form_views.blueprint)
    app.register_blueprint(substitution_views.blueprint)
    app.register_blueprint(copying_views.blueprint)
    app.register_blueprint(sealed_views.blueprint)
    panels.add(applications_panel)
    case_panels.add(sealed_views.sealed_panel)
    case_panels.add(substitutions_panel)
    app.jinja_env.filters.update(
        action_label=ACTION_LABELS.get,
        finding_label=FINDING_LABELS.get,
        next_step=NEXT_STEPS.get,
        passed_on_step=PASSED_ON_STEPS.get,
        region_label=REGIONS.get,
        role_label=ROLE_LABELS.get,
        field_list=field_list,
        missing_text=missing_text,
        finding_count=finding_count,
        age_band=age_band,
        time_left=time_left,
        duration=duration_text,
    )
    app.jinja_env.globals.update(waitlist_rule=waitlist_rule, sees_blind=_sees_blind)
    app.jinja_env.globals.update(entry_links=entry_links, edit_links=edit_links)
    app.jinja_env.globals["application_panels"] = panels_of


def _sees_blind(programme: Programme) -> bool:
    """Tell a page whether its reader reviews the programme without knowing whose entries."""
    return levels.sees_blind(current_actor(), programme.id)
