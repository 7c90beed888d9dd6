"""Every room's blueprints and hooks, in the order of the house from the ground up."""

from flask import Flask

from scheduler.accounts import room as accounts_room
from scheduler.admin import room as admin_room
from scheduler.applications import room as applications_room
from scheduler.calendar_mail import room as calendar_mail_room
from scheduler.calendars import views as calendars_views
from scheduler.clashes import room as clashes_room
from scheduler.consents import room as consents_room
from scheduler.delegations import room as delegations_room
from scheduler.demo import cli as demo_commands
from scheduler.home import views as home_views
from scheduler.itineraries import room as itineraries_room
from scheduler.jobs import views as jobs_views
from scheduler.lotteries import room as lotteries_room
from scheduler.messages import room as messages_room
from scheduler.notifications import cli as mail_commands
from scheduler.organisations import partner_views as _partner_views  # noqa: F401 - same blueprint
from scheduler.organisations import views as organisations_views
from scheduler.panels import room as panels_room
from scheduler.programmes import room as programmes_room
from scheduler.publicity import room as publicity_room
from scheduler.reports import room as reports_room
from scheduler.scheduling import room as scheduling_room
from scheduler.workdays import room as workdays_room


def init_app(app: Flask) -> None:
    """Register the rooms. A room that a request can reach stands in this list."""
    app.register_blueprint(jobs_views.blueprint)
    calendars_views.init_app(app)
    calendar_mail_room.init_app(app)
    accounts_room.init_app(app)
    app.register_blueprint(organisations_views.blueprint)
    workdays_room.init_app(app)
    programmes_room.init_app(app)
    applications_room.init_app(app)
    delegations_room.init_app(app)
    clashes_room.init_app(app)
    consents_room.init_app(app)
    panels_room.init_app(app)
    scheduling_room.init_app(app)
    itineraries_room.init_app(app)
    publicity_room.init_app(app)
    lotteries_room.init_app(app)
    messages_room.init_app(app)
    admin_room.init_app(app)
    reports_room.init_app(app)
    home_views.init_app(app)
    mail_commands.init_app(app)
    app.cli.add_command(demo_commands.group)
