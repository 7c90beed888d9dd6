"""Short public references: what stands in addresses and on paper instead of integer keys."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O 1 I L U: read aloud and typed from paper without mistakes."""


def new_reference(prefix: str = "", length: int = 8) -> str:
    """Return e.g. `A-7KQ2M9XD`: 30**8 possibilities; uniqueness is the column's constraint."""
    number = secrets.randbelow(len(ALPHABET) ** length)  # one draw: rosters need thousands
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    body = "".join(digits)
    return f"{prefix}-{body}" if prefix else body
