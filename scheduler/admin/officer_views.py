"""Officers invite colleagues of their school and leaders of its groups; coordinators invite
officers for schools.
"""

from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select
from werkzeug.wrappers import Response

from scheduler.access.guard import access
from scheduler.access.permissions import Permission, Role
from scheduler.accounts.limits import limit_invitations
from scheduler.accounts.models import Account, RoleGrant
from scheduler.admin import holding
from scheduler.admin.blueprint import blueprint
from scheduler.admin.forms import OfficerForm, OfficerOfSchoolForm
from scheduler.admin.holding import Page, Place
from scheduler.applications.models import Application
from scheduler.applications.queries import find_application
from scheduler.database import db
from scheduler.errors import Refused
from scheduler.organisations.models import School
from scheduler.organisations.services import find_school
from scheduler.programmes.models import Programme
from scheduler.programmes.services import find_programme
from scheduler.web import select_choices


def _officers_of(school: School) -> Place:
    return Place(Role.SCHOOL_OFFICER, school.id, school.name)


def _leaders_of(application: Application) -> Place:
    return Place(Role.TEAM_LEADER, application.id, application.group_name)


@blueprint.route("/schools/<string:code>/officers", methods=["GET", "POST"])
@access(Permission.SCHOOL_EDIT, find_school)
@limit_invitations
def officers(thing: School) -> Page:
    """The school's officers, and a form to invite another one."""
    place, form = _officers_of(thing), OfficerForm(locale=thing.locale)
    answer = holding.invite_and_return(place, form, url_for("admin.officers", code=thing.code))
    return answer or holding.show("admin/officers.html", place, form, school=thing)


@blueprint.post("/schools/<string:code>/officers/<string:account_ref>/remove")
@access(Permission.SCHOOL_EDIT, find_school)
def remove_officer(thing: School, account_ref: str) -> Response:
    """Take the role away from a colleague; one's own is left to others."""
    address = url_for("admin.officers", code=thing.code)
    return holding.remove(_officers_of(thing), account_ref, address)


@blueprint.route("/applications/<string:ref>/leaders", methods=["GET", "POST"])
@access(Permission.APPLICATION_ENTER, find_application)
@limit_invitations
def leaders(thing: Application) -> Page:
    """Who may see the group's entry and timetable without entering for the school."""
    place, form = _leaders_of(thing), OfficerForm(locale=thing.school.locale)
    answer = holding.invite_and_return(place, form, url_for("admin.leaders", ref=thing.ref))
    return answer or holding.show("admin/leaders.html", place, form, application=thing)


@blueprint.post("/applications/<string:ref>/leaders/<string:account_ref>/remove")
@access(Permission.APPLICATION_ENTER, find_application)
def remove_leader(thing: Application, account_ref: str) -> Response:
    """Take the role away from a leader of the group."""
    address = url_for("admin.leaders", ref=thing.ref)
    return holding.remove(_leaders_of(thing), account_ref, address)


@blueprint.route("/programmes/<string:code>/officers", methods=["GET", "POST"])
@access(Permission.PROGRAMME_EDIT, find_programme)
@limit_invitations
def invite_officer(thing: Programme) -> Page:
    """Invite an officer for a school that is to take part, and see which schools have none."""
    form = OfficerOfSchoolForm(locale=str(get_locale()))
    schools = db.session.execute(select(School.code, School.name).order_by(School.name))
    form.school.choices = select_choices(
        [("", _("Please choose")), *((code, f"{name} ({code})") for code, name in schools)]
    )
    if form.validate_on_submit():
        try:
            school = find_school(str(form.school.data))
            invited = holding.invite(_officers_of(school), form, tell=school)
        except Refused as error:
            form.refuse(error)
        else:
            flash(_("%(email)s is told by mail.", email=invited.email), "success")
            return redirect(url_for("admin.invite_officer", code=thing.code), code=303)
    page = render_template(
        "admin/invite_officer.html",
        programme=thing,
        form=form,
        without=_schools_without_officer(),
        invited=_schools_with_invited_officer(),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _schools_without_officer() -> list[School]:
    """Return the schools for which nobody can sign in or has been invited."""
    return list(db.session.scalars(select(School).where(~_has_officer()).order_by(School.name)))


def _schools_with_invited_officer() -> list[School]:
    """Return the schools whose officers were invited, but have not chosen a password yet."""
    able = _has_officer(Account.password_hash.is_not(None))
    query = select(School).where(_has_officer(), ~able).order_by(School.name)
    return list(db.session.scalars(query))


def _has_officer(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        exists()
        .where(RoleGrant.role == Role.SCHOOL_OFFICER, RoleGrant.scope_id == School.id)
        .where(RoleGrant.account_id == Account.id, Account.deactivated_at.is_(None), *conditions)
    )
