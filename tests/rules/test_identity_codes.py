"""Personal identity codes in texts are found by their form and check character, and by nothing less."""

import pytest

from portal.rules.identity_codes import MASK, masked, masked_output


@pytest.mark.parametrize(
    "code",
    [
        "131052-308T",
        "131052-308t",
        "131052\u2013308T",
        "131052 - 308T",
        # Examples that the Digital and Population Data Services Agency publishes; those from 902 on are temporary.
        *("010594Y9021", "020594X903P", "030594W903B", "040594V9030", "050594U903M"),
        *("010516B903X", "020516C903K", "030516D9037", "010501E9032", "020503F9037", "020504A902E"),
        "150399+101W",
    ],
)
def test_a_code_is_masked_wherever_it_stands(code: str) -> None:
    for text in ("{}", "Tunnukseni on {}.", "hetu:{}\nja muuta", "({})", "{}, {}"):
        assert masked(text.replace("{}", code)) == text.replace("{}", MASK)


@pytest.mark.parametrize(
    "text",
    [
        "131052-308U",  # another check character
        "131052-001A",  # nobody has 000 or 001
        "321352-308T",  # no such month
        "131052G308T",  # no sign of a century
        "1131052-308T",
        "131052-308TX",
        "A131052-308T",
        "NW-010125-123V",  # the number of an order
        "/orders/010125-123V",
        "131052 308T",
        "040 123 4567",
        "VK-131052",
        "",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert masked(text) == text


def test_what_a_template_writes_is_masked_where_it_is_plain_text() -> None:
    assert masked_output("131052-308T") == MASK
    assert masked_output(131052) == 131052
