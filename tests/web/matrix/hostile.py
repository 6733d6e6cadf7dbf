"""Values no person types: each must end as a 4xx or as an error of its field, on both databases (SECURITY 46–48)."""

from urllib.parse import quote

LONG = 1_000_000
# Raw bytes, as they stand in an address or in a body of the kind a form sends.
RAW: dict[str, str] = {
    "NUL": "a%00b",
    "a lone surrogate": "a%ED%A0%80b",
    "bytes that are no UTF-8": "a%FF%FEb",
    "control characters": "a%01%1B%7F%C2%85b",
    "line breaks": "a%0D%0ABcc:%20b",
    "a mark that turns text round": quote("a\u202eb"),
    "forty digits": "1" * 40,
    "a number below every id": "-1",
    "a number no column holds": "9223372036854775808",
    "digits of another script": quote("٣٤"),
    "a superscript digit": quote("²"),
    "not a number": "NaN",
    "an exponent": "1e400",
    "LIKE wildcards": "%25_%25",
    "SQL": quote("' OR 1=1; --"),
    "a template": quote("{{ 7 * 7 }}${7*7}"),
    "markup": quote("<script>alert(1)</script>"),
    "a huge cursor": "A" * 3_000,
    "a cursor of nothing": "e30",
    "a path": quote("../../../etc/passwd", safe=""),
    "an empty text": "",
    "spaces": "%20%20",
}
# What a body may carry and an address may not.
LARGE: dict[str, str] = {"a million characters": "a" * LONG, "six thousand characters": "a" * 6_000}
