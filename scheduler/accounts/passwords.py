"""Passwords: how they are kept (argon2id), and which ones are accepted."""

from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from scheduler.accounts.refusals import AccountRefusal
from scheduler.errors import Refused

MIN_LENGTH = 10
MAX_LENGTH = 128
"""Long enough for a sentence; the limit keeps a hash from costing more than a moment."""

_hasher = PasswordHasher()
# Compared with when there is no such account. Written down, because each process would take a tenth
# of a second to make it; a test sees that its parameters are today's.
_NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$"
    "F0GSNwAMAKB6DqH8b4YEIw$kYgRKBBNvm0oQqWCStuzR0lMHdypMcVSMsmndsRvzFQ"
)

_COMMON_STEMS = frozenset(
    (
        "password", "passwort", "passw0rd", "qwertyuiop", "qwerty", "asdfghjkl", "zxcvbnm",
        "iloveyou", "woaini", "welcome", "letmein", "admin", "administrator", "changeme",
        "secret", "monkey", "dragon", "football", "basketball", "sunshine", "princess",
        "superman", "batman", "guangzhou", "huangpu", "hongkong", "macau", "macao", "beijing",
        "shanghai", "shenzhen", "school", "teacher", "student", "festival", "ambassador",
        "scheduler", "calendar", "mima", "test", "demo", "abc", "abcd", "abcdef", "a", "q",
        "qaz", "qazwsx", "qazwsxedc", "wsx", "edc", "zaq", "xsw", "asd", "zxc", "qwe", "wang", "li",
        "zhang", "",
    )
)  # fmt: skip


def hashed(password: str) -> str:
    """Return the argon2id hash to store; takes about a tenth of a second by design."""
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Compare; takes as long when there is no hash, so that time does not tell who has one."""
    try:
        _hasher.verify(password_hash or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check(password: str, *, email: str) -> None:
    """Raise `Refused` unless the password may be chosen: long, not the address, not a common one.

    A common one is what remains of it without digits and signs (`Password-2027!`), a single
    character repeated, or a run of the keyboard or the alphabet.
    """
    if len(password) < MIN_LENGTH:
        raise Refused(AccountRefusal.PASSWORD_TOO_SHORT, field="password", length=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise Refused(AccountRefusal.PASSWORD_TOO_LONG, field="password", length=MAX_LENGTH)
    plain = password.lower()
    if plain in {email, email.partition("@")[0]} or email in plain:
        raise Refused(AccountRefusal.PASSWORD_IS_ADDRESS, field="password")
    stem = "".join(sign for sign in plain if sign.isalpha())
    if stem in _COMMON_STEMS or len(set(plain)) <= 2 or _is_run(plain):  # noqa: PLR2004 - a pair
        raise Refused(AccountRefusal.PASSWORD_COMMON, field="password")


def _is_run(text: str) -> bool:
    """Tell whether every character follows the one before (1234567890, abcdefghijk, backwards)."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return len(steps) == 1
