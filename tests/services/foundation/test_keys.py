"""Keys: one for each purpose, and each rotates once without losing anything (SECURITY 67)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from portal.services.foundation import keys as keys_service
from portal.services.foundation.keys import KeyGone, Keys, decrypt, encrypt, encrypted_anew, lookup_hash

OLD, NEW = "old-secret-0123456789-abcdefghijklmnop", "new-secret-9876543210-ponmlkjihgfedcba"


@contextmanager
def running_with(app: Flask, *secrets: str, lookup: str = OLD) -> Iterator[None]:
    """The application with these secrets for every purpose, the newest first."""
    before = app.extensions["portal.keys"]
    app.extensions["portal.keys"] = Keys.of(
        tokens=secrets, audit=secrets, peppers=secrets, encryption=secrets, lookup=lookup
    )
    try:
        with app.app_context():
            yield
    finally:
        app.extensions["portal.keys"] = before


@pytest.mark.security(67)
def test_what_was_encrypted_survives_one_rotation(app: Flask) -> None:
    with running_with(app, OLD):
        secret = encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in secret
    with running_with(app, NEW, OLD):
        assert decrypt(secret) == "JBSWY3DPEHPK3PXP"
        again = encrypted_anew(secret)
        assert encrypted_anew(again) == again
    with running_with(app, NEW):
        assert decrypt(again) == "JBSWY3DPEHPK3PXP"
        with pytest.raises(KeyGone):
            decrypt(secret)


@pytest.mark.security(67)
def test_the_same_secret_gives_each_purpose_a_key_of_its_own(app: Flask) -> None:
    with running_with(app, OLD):
        found = keys_service.keys()
    assert len({found.tokens[0], found.audit[0], found.peppers[0], found.lookup}) == 4
    assert all(len(key) == 32 for key in (found.tokens[0], found.audit[0], found.peppers[0], found.lookup))
    assert OLD.encode() not in {found.tokens[0], found.audit[0], found.peppers[0], found.lookup}


def test_a_look_up_hash_tells_its_parts_apart(app: Flask) -> None:
    with running_with(app, OLD):
        assert lookup_hash("a", "b") == lookup_hash("a", "b")
        assert len({lookup_hash("a", "b"), lookup_hash("ab"), lookup_hash("b", "a"), lookup_hash("a")}) == 4
        before = lookup_hash("throttle", "aino@example.com")
    with running_with(app, NEW, OLD, lookup=NEW):
        assert lookup_hash("throttle", "aino@example.com") != before
    with running_with(app, NEW, OLD, lookup=OLD):
        assert lookup_hash("throttle", "aino@example.com") == before


def test_a_text_of_any_language_comes_back(app: Flask) -> None:
    with running_with(app, OLD):
        assert decrypt(encrypt("Ääkköset ja 🚲")) == "Ääkköset ja 🚲"
