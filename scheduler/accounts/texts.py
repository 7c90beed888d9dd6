"""Sentences about accounts: refusals, and the names of roles."""

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from scheduler.access.permissions import Role
from scheduler.accounts.refusals import AccountRefusal
from scheduler.languages import LOCALES
from scheduler.texts import add_sentences

add_sentences(
    {
        AccountRefusal.PASSWORD_TOO_SHORT: _l(
            "Choose a password of at least %(length)s characters; "
            "a short sentence is easy to remember."
        ),
        AccountRefusal.PASSWORD_TOO_LONG: _l("A password may have %(length)s characters at most."),
        AccountRefusal.PASSWORD_IS_ADDRESS: _l(
            "The password must not be made of your e-mail address."
        ),
        AccountRefusal.PASSWORD_COMMON: _l(
            "This password is among the first that anybody would try. Please choose another one."
        ),
        AccountRefusal.PASSWORD_WRONG: _l("This is not your present password."),
        AccountRefusal.LINK_ENDED: _l(
            "This link has been used, has been replaced by a newer one, or is too old."
        ),
        AccountRefusal.ADDRESS_INVALID: _l(
            "This is not an e-mail address; it looks like name@school.example."
        ),
        AccountRefusal.ADDRESS_TAKEN: _l("There is an account with this address already."),
        AccountRefusal.ACCOUNT_CLOSED: _l(
            "The account with this address is closed. An administrator can open it again."
        ),
        AccountRefusal.ALREADY_GRANTED: _l("This account has this role already."),
        AccountRefusal.LAST_ADMINISTRATOR: _l(
            "This is the last administrator. Make somebody else an administrator first."
        ),
        AccountRefusal.NOT_ONESELF: _l("You cannot do this to your own account."),
        AccountRefusal.NOT_INVITED: _l(
            "This account has a password already; no invitation is open."
        ),
        AccountRefusal.NOT_INVITABLE: _l(
            "Nobody can be invited here under this address. Please ask an administrator."
        ),
        AccountRefusal.OFFER_ENDED: _l("This offer is too old. Please ask for a new one."),
        AccountRefusal.HAS_ADMINISTRATOR: _l(
            "There is an administrator already, who can invite others."
        ),
    }
)

ROLE_LABELS = {
    Role.PLATFORM_ADMINISTRATOR: _l("Administrator"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.DISTRICT_REVIEWER: _l("District reviewer"),
    Role.CITY_REVIEWER: _l("City reviewer"),
    Role.SCHOOL_OFFICER: _l("School officer"),
    Role.TEAM_LEADER: _l("Team leader"),
}


def role_in_scope(role: Role, scope_names: dict[str, str] | str = "") -> dict[str, str]:
    """Return e.g. `School officer, No. 3 School` for every language; mails keep it as a fact."""
    named = {}
    for locale in LOCALES:
        scope = scope_names if isinstance(scope_names, str) else scope_names.get(locale, "")
        with force_locale(locale):
            label = str(ROLE_LABELS[role])
        named[locale] = f"{label}, {scope}" if scope else label
    return named
