"""Joins planning to the application: its pages, its work, its mails and its sentences."""

from flask import Flask

from scheduler.scheduling import (
    board_views,
    busy_views,
    carrying_views,
    change_views,
    compare_views,
    delay_views,
    elsewhere_views,
    entrance_views,
    happening_views,
    mails,
    people_views,
    relation_views,
    release_views,
    repair_tasks,
    reserve_views,
    rule_views,
    staff_views,
    swap_views,
    tasks,
    texts,
    timetable_views,
    views,
)
from scheduler.scheduling.blueprint import blueprint
from scheduler.scheduling.busy_texts import stretch_text
from scheduler.scheduling.draft_names import draft_name, origin_text
from scheduler.scheduling.elsewhere_views import wall_text

REGISTERED_BY_IMPORT = (
    board_views,
    busy_views,
    carrying_views,
    change_views,
    compare_views,
    delay_views,
    elsewhere_views,
    happening_views,
    mails,
    people_views,
    release_views,
    repair_tasks,
    reserve_views,
    relation_views,
    rule_views,
    staff_views,
    swap_views,
    tasks,
    texts,
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
