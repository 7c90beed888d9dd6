"""Facts that open something stay unreadable in the outbox until the mail is sent."""

import json
import os
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

NONCE_BYTES = 12
_FIELD = b"scheduler.notifications.sealed"


def seal(facts: dict[str, str]) -> bytes:
    """Return nonce and ciphertext of the facts, under a key that is not in the database."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, json.dumps(facts).encode(), _FIELD)


def unseal(sealed: bytes) -> dict[str, str]:
    """Return the facts; raises `InvalidTag` under another deployment's key."""
    opened = _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _FIELD)
    facts: dict[str, str] = json.loads(opened)
    return facts


def _cipher() -> AESGCM:
    secret = str(current_app.config["ENCRYPTION_KEY"]).encode()
    return AESGCM(sha256(_FIELD + secret).digest())
