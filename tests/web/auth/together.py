"""The same form sent by one browser many times at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient
from tests.support.forms import fill, find_form

TIMES = 20


def press(
    client: InvariantClient, new_client: NewClient, path: str, *, form: str | None = None, **fields: Any
) -> list[PageResponse]:
    """Open the page once, fill in its form, and send it twenty times at the same moment. Returns every answer.

    `form` is a CSS selector where the page has several.
    """
    page = client.get(path)
    submission = fill(find_form(page.soup, form), page.path, fields)
    return at_once(client, new_client, lambda twin: twin.post(submission.action, data=submission.data))


def at_once(
    client: InvariantClient, new_client: NewClient, ask: Callable[[InvariantClient], PageResponse]
) -> list[PageResponse]:
    """The same request twenty times at the same moment, with the cookies of one browser. Returns every answer."""
    cookies = [(cookie.key, cookie.value) for cookie in (client._cookies or {}).values()]
    barrier = Barrier(TIMES)

    def send() -> PageResponse:
        twin = new_client()
        for name, value in cookies:
            twin.set_cookie(name, value)
        barrier.wait()
        return ask(twin)

    with ThreadPoolExecutor(TIMES) as pool:
        return [job.result() for job in [pool.submit(send) for _ in range(TIMES)]]
