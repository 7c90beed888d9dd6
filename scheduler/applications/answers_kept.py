"""Members' answers at rest: those in words are sealed, for they may tell of health or papers.

Choices, numbers and dates stay readable, so that what is missing is counted in the database.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping

from scheduler.people.sealing import Sealer

_FIELD = "member.answer"
_SEALED = "sealed:"


def kept_answers(
    answers: Mapping[str, str], texts: frozenset[str], sealer: Sealer
) -> dict[str, str]:
    """Return a member's answers as they are stored; `texts` are the codes of fields of words."""
    return {
        code: _sealed(answer, sealer) if code in texts else answer
        for code, answer in answers.items()
    }


def opened_answers(kept: Mapping[str, str], sealer: Sealer) -> dict[str, str]:
    """Return what `kept_answers` was given."""
    return {
        code: _opened(answer, sealer) if answer.startswith(_SEALED) else answer
        for code, answer in kept.items()
    }


def _sealed(answer: str, sealer: Sealer) -> str:
    return _SEALED + b64encode(sealer.seal(answer, field=_FIELD)).decode("ascii")


def _opened(kept: str, sealer: Sealer) -> str:
    return sealer.open(b64decode(kept.removeprefix(_SEALED)), field=_FIELD)
