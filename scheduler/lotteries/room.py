"""Joins lotteries to the application: pages, job, mails, sentences, command."""

from flask import Flask

from scheduler.applications import panels as application_panels
from scheduler.lotteries import cli, mails, public_views, tasks, texts, views
from scheduler.lotteries.panels import receipts_panel

REGISTERED_BY_IMPORT = (mails, tasks, texts)


def init_app(app: Flask) -> None:
    """Register everything; called once per application."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(public_views.blueprint)
    application_panels.add(receipts_panel)
    cli.init_app(app)
    app.jinja_env.filters["stratum_label"] = texts.stratum_label
    app.jinja_env.filters["refusal_sentence"] = texts.refusal_sentence
