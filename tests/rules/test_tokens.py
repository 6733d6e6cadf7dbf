"""Mailed tokens: exact, bound to key, purpose, row and nonce, and alive through one rotation (SECURITY 13, 67)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules import tokens

OLD, NEW, FOREIGN = b"o" * 32, b"n" * 32, b"f" * 40
KEYS = st.binary(min_size=32, max_size=64)
ROWS = st.integers(1, tokens.MAX_ROW_ID)


@given(KEYS, st.text(max_size=40), ROWS, st.binary(max_size=40))
def test_what_was_made_is_read_and_matches(key: bytes, purpose: str, row_id: int, nonce: bytes) -> None:
    token = tokens.make([key], purpose, row_id, nonce)
    claim = tokens.read(token)
    assert len(token) == tokens.LENGTH
    assert token.replace("-", "").replace("_", "").isalnum()
    assert claim.row_id == row_id
    assert tokens.matches([key], claim, purpose, nonce)


def test_the_token_is_the_same_each_time() -> None:
    assert tokens.make([OLD], "reset", 7, b"nonce") == tokens.make([OLD, NEW], "reset", 7, b"nonce")


def test_a_claim_fits_nothing_else() -> None:
    claim = tokens.read(tokens.make([OLD], "reset", 7, b"nonce"))
    assert not tokens.matches([OLD], claim, "verify", b"nonce")
    assert not tokens.matches([OLD], claim, "reset", b"other")
    assert not tokens.matches([FOREIGN], claim, "reset", b"nonce")
    assert not tokens.matches([], claim, "reset", b"nonce")
    assert not tokens.matches([OLD], tokens.TokenClaim(claim.key_id, 8, claim.mac), "reset", b"nonce")


def test_boundaries_of_purpose_and_nonce_do_not_shift() -> None:
    claim = tokens.read(tokens.make([OLD], "ab", 7, b"c"))
    assert not tokens.matches([OLD], claim, "a", b"bc")


def test_keys_rotate() -> None:
    before = tokens.read(tokens.make([OLD], "reset", 7, b"nonce"))
    after = tokens.read(tokens.make([NEW, OLD], "reset", 7, b"nonce"))
    assert tokens.matches([NEW, OLD], before, "reset", b"nonce")
    assert tokens.matches([NEW], after, "reset", b"nonce")
    assert not tokens.matches([NEW], before, "reset", b"nonce")


@given(st.integers(0, tokens.LENGTH - 1), st.sampled_from("ABCXYZabcxyz0189-_"))
def test_every_changed_character_is_noticed(position: int, character: str) -> None:
    token = tokens.make([OLD], "reset", 7, b"nonce")
    changed = token[:position] + character + token[position + 1 :]
    if changed == token:
        return
    try:
        claim = tokens.read(changed)
    except ValueError:
        return
    assert not tokens.matches([OLD], claim, "reset", b"nonce")


@given(st.text(max_size=80))
def test_garbage_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"token|row id"):
        tokens.read(text)


@pytest.mark.parametrize("text", ["", "A" * 59, "A" * 10_000, "A" * 58 + "\n", "ä" * 59, "=" * 59])
def test_known_garbage_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"token|row id"):
        tokens.read(text)


def test_weak_keys_and_impossible_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        tokens.make([b"short"], "reset", 7, b"")
    with pytest.raises(ValueError, match="no token key"):
        tokens.make([], "reset", 7, b"")
    for row_id in (0, -1, 2**63):
        with pytest.raises(ValueError, match="row id"):
            tokens.make([OLD], "reset", row_id, b"")
