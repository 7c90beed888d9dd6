"""Joins planning to the application: its pages, its work, its mails and its sentences."""

from flask import Flask

from scheduler.scheduling import entrance_views, tasks, texts, views
from scheduler.scheduling.activities import edition_copies as activity_copies
from scheduler.scheduling.activities import views as activity_views
from scheduler.scheduling.assigning import entering_views as assignment_entering_views
from scheduler.scheduling.assigning import tasks as assignment_tasks
from scheduler.scheduling.assigning import views as assignment_views
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.board import carrying_views, change_views, length_views, swap_views
from scheduler.scheduling.board import views as board_views
from scheduler.scheduling.draft_names import draft_name, origin_text
from scheduler.scheduling.happenings import delay_views, repair_tasks, reserve_views
from scheduler.scheduling.happenings import views as happening_views
from scheduler.scheduling.parties import busy_views, outside_texts, outside_views, staff_views
from scheduler.scheduling.parties.busy_texts import stretch_text
from scheduler.scheduling.reading import (
    compare_views,
    elsewhere_views,
    people_views,
    search_views,
)
from scheduler.scheduling.reading.elsewhere_views import wall_text
from scheduler.scheduling.releases import answer_views, mails, timetable_views, visitor_views
from scheduler.scheduling.releases import views as release_views
from scheduler.scheduling.rules import lots_views, relation_views
from scheduler.scheduling.rules import views as rule_views
from scheduler.scheduling.tradeoffs import tasks as tradeoff_tasks
from scheduler.scheduling.tradeoffs import views as tradeoff_views

REGISTERED_BY_IMPORT = (
    activity_copies,
    activity_views,
    answer_views,
    assignment_entering_views,
    assignment_tasks,
    assignment_views,
    board_views,
    busy_views,
    carrying_views,
    change_views,
    compare_views,
    delay_views,
    elsewhere_views,
    happening_views,
    length_views,
    lots_views,
    mails,
    people_views,
    release_views,
    repair_tasks,
    reserve_views,
    outside_texts,
    outside_views,
    relation_views,
    rule_views,
    search_views,
    staff_views,
    swap_views,
    tasks,
    texts,
    tradeoff_tasks,
    tradeoff_views,
    views,
)


def init_app(app: Flask) -> None:
    """Register the pages of planning and of the published timetable."""
    app.jinja_env.filters.update(
        draft_name=draft_name, origin=origin_text, stretch=stretch_text, wall=wall_text
    )
    app.register_blueprint(entrance_views.blueprint)
    app.register_blueprint(blueprint)
    app.register_blueprint(timetable_views.blueprint)
    app.register_blueprint(visitor_views.blueprint)
