"""Every room's tables in one metadata: what migrations compare with the database."""

from scheduler.accounts import models as accounts
from scheduler.applications import change_models as changes
from scheduler.applications import guest_models as guests
from scheduler.applications import models as applications
from scheduler.applications import ranking_models as rankings
from scheduler.applications import sealed_models as sealed_forms
from scheduler.applications import substitution_models as substitutions
from scheduler.audit import models as audit
from scheduler.calendar_mail import models as calendar_mail
from scheduler.calendars import models as calendars
from scheduler.consents import models as consents
from scheduler.database import Model
from scheduler.itineraries import models as itineraries
from scheduler.jobs import models as jobs
from scheduler.lotteries import models as lotteries
from scheduler.notifications import models as notifications
from scheduler.organisations import models as organisations
from scheduler.panels import models as panels
from scheduler.people import consent_models as consent_texts
from scheduler.people import models as people
from scheduler.programmes import models as programmes
from scheduler.publicity import models as publicity
from scheduler.reports import models as reports
from scheduler.scheduling import models as scheduling
from scheduler.scheduling.activities import models as activities
from scheduler.scheduling.assigning import models as wish_assignments
from scheduler.scheduling.board import change_models as plan_changes
from scheduler.scheduling.happenings import models as happenings
from scheduler.scheduling.parties import busy_models as busy_times
from scheduler.scheduling.parties import outside_models as outside_calendars
from scheduler.scheduling.parties import staff_models as staff
from scheduler.scheduling.releases import frozen_models
from scheduler.scheduling.rules import lots_models as drawn_lots
from scheduler.scheduling.rules import models as planning_rules
from scheduler.scheduling.rules import relation_models as group_relations
from scheduler.scheduling.tradeoffs import models as tradeoffs
from scheduler.workdays import models as workdays

ROOMS = (
    accounts,
    activities,
    applications,
    changes,
    audit,
    busy_times,
    calendar_mail,
    calendars,
    consent_texts,
    consents,
    frozen_models,
    drawn_lots,
    group_relations,
    guests,
    happenings,
    itineraries,
    jobs,
    lotteries,
    notifications,
    organisations,
    outside_calendars,
    panels,
    people,
    plan_changes,
    planning_rules,
    programmes,
    reports,
    publicity,
    rankings,
    scheduling,
    sealed_forms,
    staff,
    substitutions,
    tradeoffs,
    wish_assignments,
    workdays,
)

metadata = Model.metadata
