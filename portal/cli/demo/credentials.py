"""Who can log in to the demo. Passwords and second factors are derived from the installation's own secret, so that they
differ from one computer to the next, need no file, and are the same at every start."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pyotp
from flask import current_app

from portal.services.accounts.password_hashes import hash_password
from portal.services.foundation.keys import lookup_hash

CUSTOMER_EMAIL = "aino.laitinen@example.com"
ADMINISTRATOR_EMAIL = "riikka.salmela@saaristonveneily.example"
CUSTOMER_CARE_EMAIL = "joonas.peltola@saaristonveneily.example"
PRIVACY_EMAIL = "hanna.lehtola@saaristonveneily.example"


@dataclass(frozen=True)
class Credentials:
    """An e-mail address and its password."""

    email: str
    password: str


@dataclass(frozen=True)
class StaffCredentials(Credentials):
    """An employee's, with the secret of the second factor."""

    totp_secret: str

    @property
    def provisioning_uri(self) -> str:
        """What an authenticator application reads."""
        issuer = current_app.config["PORTAL_CONTROLLER"].name
        return pyotp.TOTP(self.totp_secret).provisioning_uri(name=self.email, issuer_name=issuer)

    def code_now(self) -> str:
        """The six digits of this moment."""
        return pyotp.TOTP(self.totp_secret).now()


def customer() -> Credentials:
    """The customer with the longest order history."""
    return Credentials(CUSTOMER_EMAIL, _password("customer"))


def administrator() -> StaffCredentials:
    """The employee who may do everything but decide requests."""
    return StaffCredentials(ADMINISTRATOR_EMAIL, _password("administrator"), _secret("administrator"))


def customer_care() -> StaffCredentials:
    """An employee of customer care."""
    return StaffCredentials(CUSTOMER_CARE_EMAIL, _password("customer care"), _secret("customer care"))


def privacy() -> StaffCredentials:
    """An employee who answers requests of data subjects."""
    return StaffCredentials(PRIVACY_EMAIL, _password("privacy"), _secret("privacy"))


@dataclass(frozen=True)
class Hashes:
    """The stored form of each distinct password. Hashing is slow on purpose, so it is done once, outside any lock."""

    customer: str
    administrator: str
    customer_care: str
    privacy: str
    # The other customers' accounts share a password that nobody is told.
    everybody_else: str


def hash_all() -> Hashes:
    """Hash every password of the demo."""
    return Hashes(
        customer=hash_password(customer().password),
        administrator=hash_password(administrator().password),
        customer_care=hash_password(customer_care().password),
        privacy=hash_password(privacy().password),
        everybody_else=hash_password(_password("everybody else")),
    )


def _password(who: str) -> str:
    """Four groups of five characters, none of which is mistaken for another."""
    letters = base64.b32encode(lookup_hash("demo password", who)).decode().lower().replace("l", "8").replace("o", "9")
    return "-".join(letters[start : start + 5] for start in range(0, 20, 5))


def _secret(who: str) -> str:
    return base64.b32encode(lookup_hash("demo second factor", who)[:20]).decode()
