"""Secret addresses that can be shown again without being stored.

A token is computed from a stored nonce and a key that only the running program has; the table
keeps the nonce and the token's SHA-256. Whoever reads the database cannot open a feed, and whoever
is entitled to a feed can be shown its address at any time.
"""

import base64
import hashlib
import hmac
import secrets

NONCE_BYTES = 16
TOKEN_BYTES = 24
"""192 bits: 32 characters of an address."""


LENGTH = TOKEN_BYTES * 4 // 3
REFERENCE_LENGTH = 16


def new_nonce() -> str:
    """Return 128 random bits as hexadecimal digits."""
    return secrets.token_hex(NONCE_BYTES)


def token(secret_key: str | bytes, purpose: str, nonce: str) -> str:
    """Return the token of a nonce, the same each time; purposes never share tokens."""
    secret = secret_key.encode() if isinstance(secret_key, str) else secret_key
    key = hmac.digest(secret, f"calendars/{purpose}".encode(), "sha256")
    mac = hmac.digest(key, bytes.fromhex(nonce), "sha256")
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).decode()


def digest(token_text: str) -> str:
    """Return what the tables keep of a token: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(token_text.encode()).hexdigest()


def reference(token_digest: str) -> str:
    """Return how pages and addresses name what a token opens: it opens nothing itself."""
    return token_digest[:REFERENCE_LENGTH]
