"""Why accounts refuse; sentences in `accounts.texts`."""

# ruff: noqa: S105 - codes, not passwords

from enum import StrEnum


class AccountRefusal(StrEnum):
    PASSWORD_TOO_SHORT = "password_too_short"
    PASSWORD_TOO_LONG = "password_too_long"
    PASSWORD_IS_ADDRESS = "password_is_address"
    PASSWORD_COMMON = "password_common"
    PASSWORD_WRONG = "password_wrong"
    LINK_ENDED = "link_ended"
    ADDRESS_INVALID = "address_invalid"
    ADDRESS_TAKEN = "address_taken"
    ACCOUNT_CLOSED = "account_closed"
    ALREADY_GRANTED = "already_granted"
    LAST_ADMINISTRATOR = "last_administrator"
    NOT_ONESELF = "not_oneself"
    NOT_INVITED = "not_invited"
    NOT_INVITABLE = "not_invitable"
    OFFER_ENDED = "offer_ended"
    HAS_ADMINISTRATOR = "has_administrator"
