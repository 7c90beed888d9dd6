"""Which pages open for whom: exact, so that a door that opens or shuts is noticed.

Home is one's own school, district, programme or group; abroad is the neighbour's.
"""

from scheduler.access.permissions import Role

EVERYBODY = {
    "entrances.timetable",
    "jobs.show",
    "own_account.password",
    "own_account.sessions",
    "own_account.show",
    "programmes.index",
    "programmes.show",
    "programmes.venues",
    "reports.export",
    "reports.exports",
    "reviews.index",
    "timetable.venue",
    "timetable.whole",
}

OPEN_AT_HOME = {
    Role.PLATFORM_ADMINISTRATOR: EVERYBODY
    | {
        "admin.account",
        "admin.accounts",
        "admin.audit_log",
        "admin.invite",
        "admin.invite_officer",
        "admin.jobs",
        "admin.mail",
        "admin.mails",
        "admin.officers",
        "organisations.districts",
        "organisations.edit",
        "organisations.edit_district",
        "organisations.index",
        "organisations.new",
        "organisations.new_district",
        "organisations.show",
        "programmes.approval",
        "programmes.attendance",
        "programmes.edit",
        "programmes.edit_category",
        "programmes.edit_level",
        "programmes.new",
        "programmes.new_category",
        "programmes.new_quota",
    },
    Role.COORDINATOR: EVERYBODY
    | {
        "admin.invite_officer",
        "applications.case",
        "applications.index",
        "applications.queue",
        "applications.show",
        "entrances.planning",
        "organisations.districts",
        "organisations.index",
        "organisations.show",
        "panels.case",
        "panels.edit",
        "panels.index",
        "panels.new",
        "panels.new_criterion",
        "panels.ranking",
        "panels.show",
        "programmes.approval",
        "programmes.attendance",
        "programmes.edit",
        "programmes.edit_category",
        "programmes.edit_level",
        "programmes.edit_venue",
        "programmes.new_category",
        "programmes.new_quota",
        "programmes.new_venue",
        "programmes.travel",
        "programmes.venue_times",
        "reports.case",
        "reports.show_statistics",
        "reports.statistics_workbook",
        "scheduling.board",
        "scheduling.latest",
        "scheduling.plans",
        "scheduling.progress",
        "scheduling.publish",
        "scheduling.release",
        "scheduling.slot",
        "timetable.school",
    },
    Role.DISTRICT_REVIEWER: EVERYBODY
    | {
        "applications.case",
        "applications.index",
        "applications.queue",
        "applications.show",
        "organisations.districts",
        "organisations.index",
        "organisations.show",
        "reports.case",
        "reports.show_statistics",
        "reports.statistics_workbook",
        "timetable.school",
    },
    Role.CITY_REVIEWER: EVERYBODY
    | {
        "applications.case",
        "applications.index",
        "applications.queue",
        "applications.show",
        "reviews.show",
    },
    Role.SCHOOL_OFFICER: EVERYBODY
    | {
        "admin.leaders",
        "admin.officers",
        "applications.index",
        "applications.my_school",
        "applications.show",
        "entries.add_member",
        "entries.edit",
        "entries.edit_member",
        "entries.members",
        "entries.new",
        "imports.show",
        "imports.start",
        "imports.workbook",
        "organisations.districts",
        "organisations.index",
        "organisations.show",
        "reports.case",
        "timetable.school",
    },
    Role.TEAM_LEADER: EVERYBODY
    | {
        "applications.index",
        "applications.show",
        "reports.case",
    },
}

# A programme's public side is for everybody who can sign in.
PUBLISHED = {
    "programmes.show",
    "programmes.venues",
    "timetable.venue",
    "timetable.whole",
}

OPEN_ABROAD = dict.fromkeys(Role, PUBLISHED) | {
    # Coordinators look up any school that may enter.
    Role.COORDINATOR: PUBLISHED | {"organisations.show"},
}
