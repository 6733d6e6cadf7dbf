"""A passkey device in software: it makes real keys, and real answers to the options that the portal sends."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

# What the first byte of a device's answer says: somebody is there, it is the owner, and the answer holds a new key.
PRESENT, VERIFIED, NEW_KEY = 0b0000_0001, 0b0000_0100, 0b0100_0000
NO_MODEL = bytes(16)
# The names of the parts of a key (RFC 9053): type, algorithm, curve, and the point on it.
TYPE, ALGORITHM, CURVE, X, Y = 1, 3, -1, -2, -3
ELLIPTIC, ES256, P256 = 2, -7, 1


@dataclass
class Device:
    """One passkey of a device. `verifies` tells whether it asks its owner for a finger, face or code; `host` is the
    relying party it answers for instead of the one that asks; `counter` counts its answers, or stays 0."""

    verifies: bool = True
    host: str | None = None
    counter: int = 0
    name: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> bytes:
        """The key as the portal keeps it."""
        point = self.key.public_key().public_numbers()
        coordinates = {X: point.x.to_bytes(32, "big"), Y: point.y.to_bytes(32, "big")}
        return cbor2.dumps({TYPE: ELLIPTIC, ALGORITHM: ES256, CURVE: P256, **coordinates})

    def register(self, options: str, origin: str, key: bytes | None = None) -> str:
        """The answer of a browser at `origin` that is asked for a new passkey, as JSON. `key` replaces the real one."""
        asked = json.loads(options)
        data = self._data(asked["rp"]["id"], NEW_KEY)
        data += NO_MODEL + len(self.name).to_bytes(2, "big") + self.name + (key or self.public_key)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("create", asked, origin, {"attestationObject": bytes_to_base64url(attestation)})

    def sign(self, options: str, origin: str, kind: str = "get") -> str:
        """The answer of a browser at `origin` that is asked to prove its user, as JSON."""
        asked = json.loads(options)
        data = self._data(asked["rpId"])
        signed = data + sha256(_client(kind, asked, origin)).digest()
        signature = self.key.sign(signed, ec.ECDSA(SHA256()))
        parts = {"authenticatorData": bytes_to_base64url(data), "signature": bytes_to_base64url(signature)}
        return self._answer(kind, asked, origin, parts)

    def _data(self, host: str, *flags: int) -> bytes:
        said = PRESENT | sum(flags) | (VERIFIED if self.verifies else 0)
        return sha256((self.host or host).encode()).digest() + bytes([said]) + self.counter.to_bytes(4, "big")

    def _answer(self, kind: str, asked: dict[str, str], origin: str, parts: dict[str, str]) -> str:
        shown = bytes_to_base64url(self.name)
        response = {"clientDataJSON": bytes_to_base64url(_client(kind, asked, origin)), **parts}
        return json.dumps({"id": shown, "rawId": shown, "type": "public-key", "response": response})


def new_passkey(options: str, origin: str, key: bytes | None = None) -> str:
    """What a new device answers when a browser at `origin` asks it for a passkey, as JSON."""
    return Device().register(options, origin, key)


def _client(kind: str, asked: dict[str, str], origin: str) -> bytes:
    said = {"type": f"webauthn.{kind}", "challenge": asked["challenge"], "origin": origin, "crossOrigin": False}
    return json.dumps(said).encode()
