"""The mails that accounts send."""

from flask_babel import lazy_gettext as _l

from scheduler.notifications import templates

INVITATION = "accounts.invitation"
INVITATION_AGAIN = "accounts.invitation_again"
ROLE_GRANTED = "accounts.role_granted"
ROLE_OFFERED = "accounts.role_offered"
OFFICER_INVITED = "accounts.officer_invited"
RESET = "accounts.reset"
ADDRESS_CHANGED = "accounts.address_changed"
PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105 - a mail's name

templates.add(
    INVITATION,
    subject=_l("Your invitation to Ambassador Scheduler"),
    body=_l(
        "%(inviter)s has invited you to Ambassador Scheduler, where schools enter their groups "
        "for festivals, matches and visits, and find their timetables.\n\n"
        "Your role: %(role)s\n\n"
        "Open this link to choose a password. It works once, until %(expires_at)s:\n"
        "%(link)s\n\n"
        "If you did not expect this invitation, you need not do anything."
    ),
)
templates.add(
    INVITATION_AGAIN,
    subject=_l("Your invitation to Ambassador Scheduler"),
    body=_l(
        "here is a new link for your invitation to Ambassador Scheduler, where schools enter their "
        "groups for festivals, matches and visits, and find their timetables.\n\n"
        "Your role: %(role)s\n\n"
        "Open this link to choose a password. It works once, until %(expires_at)s:\n"
        "%(link)s\n\n"
        "If you did not ask for it, you need not do anything."
    ),
)
templates.add(
    ROLE_GRANTED,
    subject=_l("You have a new role in Ambassador Scheduler"),
    body=_l(
        "%(inviter)s has given your account a new role.\n\n"
        "Your role: %(role)s\n\n"
        "You sign in as before:\n%(sign_in_link)s"
    ),
)
templates.add(
    ROLE_OFFERED,
    subject=_l("A new role is offered to you in Ambassador Scheduler"),
    body=_l(
        "%(inviter)s would like to give your account a new role.\n\n"
        "The role: %(role)s\n\n"
        "Nothing changes unless you accept it. Sign in and decide here, until %(expires_at)s:\n"
        "%(offer_link)s\n\n"
        "If you did not expect this, you need not do anything."
    ),
)
templates.add(
    OFFICER_INVITED,
    subject=_l("Somebody was invited to act for a school: %(school)s"),
    body=_l(
        "%(inviter)s has invited %(address)s to enter groups and pupils for %(school)s.\n\n"
        "If that is not right, take the role away here, and tell your administrator:\n"
        "%(officers_link)s"
    ),
)
templates.add(
    RESET,
    subject=_l("Choose a new password"),
    body=_l(
        "Somebody, probably you, asked for a new password for your account.\n\n"
        "Open this link to choose one. It works once, until %(expires_at)s:\n"
        "%(link)s\n\n"
        "If it was not you, you need not do anything: your password stays as it is."
    ),
)
templates.add(
    PASSWORD_CHANGED,
    subject=_l("Your password was changed"),
    body=_l(
        "The password of your account was changed at %(changed_at)s, and all other browsers were "
        "signed out.\n\n"
        "If it was not you, ask for a new password at once, and tell your administrator:\n"
        "%(reset_link)s"
    ),
)
templates.add(
    ADDRESS_CHANGED,
    subject=_l("The address of your account was changed"),
    body=_l(
        "An administrator changed the address of your account at %(changed_at)s. You sign in with "
        "%(address)s from now on, and mails go there.\n\n"
        "If that is not right, tell your administrator at once."
    ),
)
