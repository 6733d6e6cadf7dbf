"""Whether a customer is a legal person, to whom a milder rule of electronic direct marketing applies (917/2014 ch. 24).

A sole trader is a natural person to that law. When in doubt, a customer counts as a person and is asked first.
"""

from __future__ import annotations

import re

# Finnish legal persons carry their form in the name, in Finnish or Swedish. A sole trader has none of these.
LEGAL_FORMS = frozenset(
    {"oy", "oyj", "ab", "abp", "ky", "kb", "ay", "öb", "osk", "anl", "ry", "rf", "rp", "sr", "sst"}
    | {"osakeyhtiö", "aktiebolag", "kommandiittiyhtiö", "kommanditbolag", "osuuskunta", "andelslag"}
    | {"yhdistys", "förening", "säätiö", "stiftelse", "seurakunta", "församling"}
)
_SOLE_TRADER = frozenset({"tmi", "toiminimi", "fma", "firma"})


def is_legal_person(company: str | None, business_id: str | None) -> bool:
    """Say whether name and business ID together show a legal person."""
    if not company or not business_id:
        return False
    words = set(re.findall(r"[^\W\d_]+", company.casefold()))
    return bool(words & LEGAL_FORMS) and not words & _SOLE_TRADER
