"""Document numbers and health notes at rest: AES-GCM per field, and a blind index to find equals.

Source of the rule: R6. The keys are derived from the deployment's secret, outside the database.
"""

import hmac
import os
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


class Sealer:
    """Seals and opens single values, bound to the field they were sealed for."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(_derive(secret, b"seal"))
        self._index_key = _derive(secret, b"index")

    def seal(self, value: str, *, field: str) -> bytes:
        """Return nonce and ciphertext; two seals of one value differ."""
        return self.seal_bytes(value.encode(), field=field)

    def seal_bytes(self, content: bytes, *, field: str) -> bytes:
        """Return nonce and ciphertext of any bytes."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, field.encode())

    def open(self, sealed: bytes, *, field: str) -> str:
        """Return the value; raises `InvalidTag` if it was sealed for another field or changed."""
        return self.open_bytes(sealed, field=field).decode()

    def open_bytes(self, sealed: bytes, *, field: str) -> bytes:
        """Return what `seal_bytes` was given; raises `InvalidTag` likewise."""
        nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return self._cipher.decrypt(nonce, ciphertext, field.encode())

    def index(self, value: str, *, field: str) -> str:
        """Return 64 hex digits, equal for equal values, from which the value cannot be had."""
        return hmac.new(self._index_key, f"{field}:{value}".encode(), sha256).hexdigest()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"scheduler.people." + purpose)
    return hkdf.derive(secret)
