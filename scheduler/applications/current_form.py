"""Finds a category's form in a request or a job: the hosts of videos are a setting."""

from flask import current_app

from scheduler.applications.form_plan import FormPlan
from scheduler.applications.forms_stored import form_of
from scheduler.applications.models import Application
from scheduler.organisations.models import School
from scheduler.programmes.models import Category


def current_form(category: Category, school: School) -> FormPlan:
    """Return what the category's entry form asks the school."""
    return form_of(category, school, current_app.config["VIDEO_HOSTS"])


def form_for(application: Application) -> FormPlan:
    """Return the form with which an application is read."""
    return current_form(application.category, application.school)
