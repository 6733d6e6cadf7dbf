"""What the portal refuses to store, wapiti sends once, and what it takes, for every page."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from tests.scanners.start_wapiti import send_what_is_refused_once

SCRIPT, IMAGE = SimpleNamespace(payload="<script>"), SimpleNamespace(payload="<img>")
REQUEST = SimpleNamespace(path_id=7)


class NoAnswer(Exception):
    """What the crawler raises where nobody answers."""


class Mutator:
    """As wapiti's: makes the requests that carry a payload."""

    def __init__(self, **_given: Any) -> None:
        pass

    def mutate(self, _request: Any, payloads: list[Any]) -> list[tuple[Any, None, None]]:
        return [(payload, None, None) for payload in payloads]


def tried(statuses: dict[str, int]) -> tuple[list[str], list[list[Any]]]:
    """What is sent beforehand, and what is tried, where two pages show the field; an answer of 0 is none."""
    sent, attempts = [], []

    class Module:
        must_attack_query_string = False

        async def attempt_exploit(self, _method: str, payloads: list[Any], *_rest: Any) -> None:
            attempts.append(payloads)

        @property
        def crawler(self) -> Any:
            return self

        async def async_send(self, request: Any) -> Any:
            sent.append(request.payload)
            if not statuses[request.payload]:
                raise NoAnswer
            return SimpleNamespace(status=statuses[request.payload])

    send_what_is_refused_once(Module, Mutator, NoAnswer)
    for page in ("/account", "/orders"):
        _run(Module().attempt_exploit("P", [SCRIPT, IMAGE], REQUEST, "name", "taint", page))
    return sent, attempts


def _run(work: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: a browser that the same process has started leaves its loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def test_what_is_refused_is_sent_once_and_tried_on_no_page() -> None:
    assert tried({"<script>": 422, "<img>": 303}) == (["<script>", "<img>"], [[IMAGE], [IMAGE]])


def test_what_nobody_answers_is_left_to_the_scanner_each_time() -> None:
    assert tried({"<script>": 0, "<img>": 409}) == (["<script>", "<img>", "<script>"], [[SCRIPT], [SCRIPT]])
