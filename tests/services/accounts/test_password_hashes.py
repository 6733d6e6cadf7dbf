"""Password hashes: every character counts, nothing raises, peppers and cost move on (SECURITY 2, 3, 5, 67)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import bcrypt
import pytest
from flask import Flask

from portal.rules.errors import Busy
from portal.services.accounts.password_hashes import (
    CorruptHash,
    HashingPool,
    hash_password,
    make_dummy,
    needs_rehash,
    verify_password,
)
from portal.services.foundation.keys import Keys

LONG = "kesä" * 25
COMPOSED, DECOMPOSED = (
    "h\u00e4m\u00e4r\u00e4 polku mets\u00e4ss\u00e4",
    "ha\u0308ma\u0308ra\u0308 polku metsa\u0308ssa\u0308",
)
PASSWORD = "sininen polkupyörä sataa"


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@contextmanager
def keys_with(app: Flask, *peppers: bytes) -> Iterator[None]:
    """The application with other peppers, the newest first."""
    before: Keys = app.extensions["portal.keys"]
    app.extensions["portal.keys"] = replace(before, peppers=peppers)
    try:
        yield
    finally:
        app.extensions["portal.keys"] = before


@pytest.mark.security(2)
def test_the_last_of_a_hundred_characters_counts() -> None:
    assert len(LONG) == 100
    stored = hash_password(LONG)
    assert verify_password(LONG, stored)
    assert not verify_password(LONG[:-1] + "x", stored)
    assert not verify_password(LONG[:-1], stored)


@pytest.mark.security(2)
@pytest.mark.parametrize("password", ["ä" * 37, "ä" * 128, "\U0001f6b2" * 128, "x" * 72, "x" * 73, "a\x00b" * 6])
def test_what_is_more_than_bcrypt_takes_is_hashed_all_the_same(password: str) -> None:
    stored = hash_password(password)
    assert verify_password(password, stored)
    assert not verify_password(password + "x", stored)


@pytest.mark.security(2)
def test_nothing_is_cut_at_a_zero_byte() -> None:
    assert not verify_password("alku\x00toinen loppu", hash_password("alku\x00ensimmäinen loppu"))


@pytest.mark.security(2)
def test_two_ways_to_type_a_letter_are_one_password() -> None:
    assert COMPOSED != DECOMPOSED
    assert verify_password(DECOMPOSED, hash_password(COMPOSED))
    assert verify_password(COMPOSED, hash_password(DECOMPOSED))


@pytest.mark.security(2)
def test_the_stored_text_names_its_scheme_and_is_salted() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first != second
    assert first.startswith("p1$")
    assert len(first) <= 200
    assert PASSWORD not in first


@pytest.mark.security(2)
@pytest.mark.parametrize(
    "stored",
    [
        "",
        "x",
        "p1$$",
        "p1$00000000$x",
        "p1$00000000$$2b$04$short",
        "p9$aaaaaaaa$$2b$04$" + "u" * 53,
        "$2b$04$" + "u" * 53,
        "p1$ä$€",
        "\x00",
    ],
)
def test_a_corrupt_hash_is_told_apart_after_the_same_work(monkeypatch: pytest.MonkeyPatch, stored: str) -> None:
    work = count_work(monkeypatch)
    with pytest.raises(CorruptHash):
        verify_password(PASSWORD, stored)
    assert sum(work) >= 1


@pytest.mark.security(2)
def test_a_hash_that_is_cut_short_is_corrupt_not_an_error() -> None:
    stored = hash_password(PASSWORD)
    for length in (len(stored) - 1, len(stored) - 20, 20):
        with pytest.raises(CorruptHash):
            verify_password(PASSWORD, stored[:length])


def count_work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collects one for each bcrypt that really ran to its end."""
    done: list[int] = []
    real: Callable[[bytes, bytes], bool] = bcrypt.checkpw

    def counted(password: bytes, hashed: bytes) -> bool:
        matched = real(password, hashed)
        done.append(1)
        return matched

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return done


@pytest.mark.security(5)
@pytest.mark.parametrize("password", ["", PASSWORD, "x" * 10_000, "\udcff"[:0] + "ä" * 128])
def test_without_a_hash_the_same_work_is_done_in_vain(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    stored = hash_password(PASSWORD)
    work = count_work(monkeypatch)
    assert not verify_password(password, None)
    unknown = len(work)
    verify_password(password, stored)
    assert (unknown, len(work) - unknown) == (1, 1)


@pytest.mark.security(5)
@pytest.mark.parametrize("cost", [4, 12])
def test_a_hash_that_nobody_has_looks_like_a_real_one(cost: int) -> None:
    dummy = make_dummy(cost)
    assert dummy.split(b"$")[2] == f"{cost:02}".encode()
    assert len(dummy) == len(bcrypt.gensalt(4)) + 31


@pytest.mark.security(3)
def test_a_higher_cost_asks_for_a_new_hash(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = hash_password(PASSWORD)
    assert not needs_rehash(stored)
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 5)
    assert needs_rehash(stored)
    assert verify_password(PASSWORD, stored)
    assert not needs_rehash(hash_password(PASSWORD))


@pytest.mark.security(3, 5)
@pytest.mark.parametrize(("env", "anew"), [("production", False), ("development", True), ("testing", True)])
def test_a_lower_cost_weakens_no_hash_in_production_and_is_followed_elsewhere(
    app: Flask, monkeypatch: pytest.MonkeyPatch, env: str, anew: bool
) -> None:
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 5)
    stored = hash_password(PASSWORD)
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 4)
    monkeypatch.setitem(app.config, "PORTAL_ENV", env)
    assert needs_rehash(stored) is anew


@pytest.mark.security(2, 67)
def test_a_password_survives_a_rotation_of_the_pepper_and_moves_to_the_new_one(app: Flask) -> None:
    old, new = b"o" * 32, b"n" * 32
    with keys_with(app, old):
        stored = hash_password(PASSWORD)
    with keys_with(app, new, old):
        assert verify_password(PASSWORD, stored)
        assert needs_rehash(stored)
        moved = hash_password(PASSWORD)
        assert not needs_rehash(moved)
    with keys_with(app, new):
        assert verify_password(PASSWORD, moved)
        with pytest.raises(CorruptHash):
            verify_password(PASSWORD, stored)


@pytest.mark.security(2)
def test_without_the_pepper_a_stolen_hash_proves_nothing() -> None:
    hashed = hash_password(PASSWORD).split("$", 2)[2].encode()
    assert not bcrypt.checkpw(PASSWORD.encode(), hashed)


def test_a_full_queue_is_busy_at_once_and_free_again_afterwards() -> None:
    pool, begun, go_on = HashingPool(queue=2), threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(10)
        return "done"

    results: list[str] = []
    waiting = [threading.Thread(target=lambda: results.append(pool.run(slow))) for _ in range(2)]
    for thread in waiting:
        thread.start()
    assert begun.wait(10)
    # Both places are taken once the second thread has asked for its own, which happens at its own time.
    while pool._places.acquire(blocking=False):
        pool._places.release()
    with pytest.raises(Busy) as refused:
        pool.run(slow)
    assert refused.value.retry_after > 0
    go_on.set()
    for thread in waiting:
        thread.join(10)
    assert results == ["done", "done"]
    assert pool.run(lambda: "again") == "again"


def test_an_error_in_the_hashing_thread_gives_its_place_back() -> None:
    pool = HashingPool(queue=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            pool.run(lambda: 1 // 0)
    assert pool.run(lambda: "still there") == "still there"
