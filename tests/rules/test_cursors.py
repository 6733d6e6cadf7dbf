"""Cursors: exact, bound to their list, and harmless when they are not ours (DESIGN, decision 12)."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.cursors import MAX_ROW_ID, Cursor, decode, encode, filter_digest

MOMENT = datetime(2026, 11, 22, 7, 14, 0, 123456, tzinfo=UTC)
DIGEST = filter_digest({"year": 2026, "status": "open"})


@given(st.datetimes(timezones=st.just(UTC)), st.integers(1, MAX_ROW_ID), st.text(max_size=40))
def test_what_was_encoded_is_decoded(moment: datetime, row_id: int, digest: str) -> None:
    text = encode(moment, row_id, digest)
    assert decode(text, digest) == Cursor(moment, row_id)
    assert len(text) == 32
    assert text.replace("-", "").replace("_", "").isalnum()


def test_microseconds_before_1970_are_kept() -> None:
    early = datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert decode(encode(early, 1, DIGEST), DIGEST).time == early


def test_filters_in_any_order_are_the_same_list() -> None:
    assert filter_digest({"status": "open", "year": 2026}) == DIGEST
    assert filter_digest({"year": 2025, "status": "open"}) != DIGEST
    assert filter_digest({"a": "b', 'c"}) != filter_digest({"a": "b", "c": ""})


def test_a_cursor_of_another_list_is_foreign() -> None:
    with pytest.raises(ValueError, match="another list"):
        decode(encode(MOMENT, 1, DIGEST), filter_digest({}))


@given(st.text(max_size=64))
def test_garbage_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"cursor"):
        decode(text, DIGEST)


@pytest.mark.parametrize("text", ["", "A" * 31, "A" * 33, "A" * 100_000, "A" * 31 + "\n", "ä" * 32, "1" * 40])
def test_known_garbage_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        decode(text, DIGEST)


@pytest.mark.parametrize(("microseconds", "row_id"), [(2**62, 1), (-(2**62), 1), (0, 0), (0, -1)])
def test_impossible_contents_are_a_value_error(microseconds: int, row_id: int) -> None:
    digest = base64.urlsafe_b64decode(encode(MOMENT, 1, DIGEST))[16:]
    packed = microseconds.to_bytes(8, "big", signed=True) + row_id.to_bytes(8, "big", signed=True) + digest
    with pytest.raises(ValueError, match="out of range"):
        decode(base64.urlsafe_b64encode(packed).decode(), DIGEST)


def test_naive_times_and_impossible_ids_are_not_encoded() -> None:
    with pytest.raises(ValueError, match="naive"):
        encode(MOMENT.replace(tzinfo=None), 1, DIGEST)
    for row_id in (0, -1, 2**63):
        with pytest.raises(ValueError, match="row id"):
            encode(MOMENT, row_id, DIGEST)
