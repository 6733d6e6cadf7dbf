"""Compares answers that must not tell two cases apart."""

import re

from tests.support.client import PageResponse

_TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


def told(answer: PageResponse, *known: str) -> tuple[int, frozenset[str], str]:
    """What an answer tells: status, header names and body, without CSRF tokens (their signature holds the time) and
    without the words the asker knew and the page repeats."""
    body = _TOKEN.sub("", answer.text)
    for word in known:
        body = body.replace(word, "")
    return answer.status_code, frozenset(answer.headers.keys()), body
