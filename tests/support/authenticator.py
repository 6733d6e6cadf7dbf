"""A passkey device in software: it makes a real key and a real answer to the options that the portal sends."""

import json
import os
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

# The user is present and verified, and the answer holds a new key.
FLAGS = bytes([0b0100_0101])
NO_COUNTER = bytes(4)
NO_MODEL = bytes(16)
# The names of the parts of a key (RFC 9053): type, algorithm, curve, and the point on it.
TYPE, ALGORITHM, CURVE, X, Y = 1, 3, -1, -2, -3
ELLIPTIC, ES256, P256 = 2, -7, 1


def new_passkey(options: str, origin: str, key: bytes | None = None) -> str:
    """What a device answers when a browser at `origin` asks it for a passkey, as JSON. `key` replaces a real one."""
    asked = json.loads(options)
    client = {"type": "webauthn.create", "challenge": asked["challenge"], "origin": origin, "crossOrigin": False}
    name = os.urandom(32)
    data = sha256(asked["rp"]["id"].encode()).digest() + FLAGS + NO_COUNTER
    data += NO_MODEL + len(name).to_bytes(2, "big") + name + (key or _new_key())
    attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
    response = {
        "clientDataJSON": bytes_to_base64url(json.dumps(client).encode()),
        "attestationObject": bytes_to_base64url(attestation),
    }
    shown = bytes_to_base64url(name)
    return json.dumps({"id": shown, "rawId": shown, "type": "public-key", "response": response})


def _new_key() -> bytes:
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    coordinates = {X: point.x.to_bytes(32, "big"), Y: point.y.to_bytes(32, "big")}
    return cbor2.dumps({TYPE: ELLIPTIC, ALGORITHM: ES256, CURVE: P256, **coordinates})
