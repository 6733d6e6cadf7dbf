"""Finnish personal identity codes that somebody wrote into a text: masked wherever the text is shown.

The portal has no field for one and never asks; letters and messages hold them all the same. Stored words and their
check sums stay as they were written, and so do the files of a data copy, which are the person's own data.

The form is DDMMYY, a sign of the century, three digits and a check character: the number of the nine digits modulo 31
(decree 128/2010, section 2; the signs B-F and U-Y came with the decree 690/2022). 900-999 are given for a while only.
"""

from __future__ import annotations

import re
from typing import Any

MASK = "******-****"
_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# What stands behind a hyphen or a stroke is part of something longer, such as the number of an order or an address.
# With the dashes and spaces that people and text processors put in the place of the hyphen.
_CODE = re.compile(
    r"(?<![0-9A-Za-z/-])"
    r"((?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2})"
    r"(?: ?[-\u2010-\u2015\u2212] ?|[+A-FU-Ya-fu-y])"
    r"([0-9]{3})([0-9A-FHJ-NPR-Ya-fhj-npr-y])"
    r"(?![0-9A-Za-z])"
)
_SHORTEST = 11


def masked(text: str) -> str:
    """The text with `MASK` in the place of every code; what only looks like one, by its check character, stays."""
    return _CODE.sub(_mask, text)


def is_masked(text: str) -> bool:
    """Whether the text is shown otherwise than it was written."""
    return masked(text) != text


def masked_output(value: Any) -> Any:
    """What a template is about to write: plain texts masked, everything else as it is. Finished HTML, such as a field
    of a form with what was typed, is no plain text."""
    # A page writes hundreds of values, most of them too short for a code.
    return masked(value) if type(value) is str and len(value) >= _SHORTEST else value


def _mask(found: re.Match[str]) -> str:
    digits, check = found[1] + found[2], found[3].upper()
    known = found[2] >= "002" and _CHECK[int(digits) % len(_CHECK)] == check
    return MASK if known else found[0]
