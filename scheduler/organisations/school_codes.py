"""Official school numbers: which shape each authority gives them. Pure.

Source: domain.md section 8. Shapes are checked, not registers: a number may be right in shape and
belong to nobody.
"""

import re
import unicodedata

from scheduler.errors import Refused
from scheduler.organisations.models import CodeScheme
from scheduler.organisations.refusals import Refusal

SHAPES = {
    CodeScheme.CHINA: r"\d{10}",
    CodeScheme.HONG_KONG: r"\d{6}",
    CodeScheme.UNITED_KINGDOM: r"\d{6}",
    CodeScheme.NEW_ZEALAND: r"\d{1,4}",
    CodeScheme.OTHER: r"[0-9A-Z./-]{1,20}",
}


def clean_code(scheme: CodeScheme | None, code: str | None) -> tuple[CodeScheme | None, str | None]:
    """Return scheme and number as they are stored, or neither if there is no number.

    Full-width digits become plain ones and blanks go. Raises `Refused` for another shape than
    the scheme's.
    """
    plain = "".join(unicodedata.normalize("NFKC", code or "").upper().split())
    if not plain:
        return None, None
    if scheme is None:
        raise Refused(Refusal.OFFICIAL_CODE_WITHOUT_SCHEME, field="code_scheme")
    if not re.fullmatch(SHAPES[scheme], plain, re.ASCII):
        raise Refused(Refusal.OFFICIAL_CODE_SHAPE, field="official_code", shown=plain)
    return scheme, plain
