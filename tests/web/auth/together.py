"""Forms sent by one browser at the same moment: the same one many times, or several side by side."""

from collections.abc import Callable, Sequence
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
    return side_by_side(client, new_client, [ask] * TIMES)


def side_by_side(
    client: InvariantClient, new_client: NewClient, asks: Sequence[Callable[[InvariantClient], PageResponse]]
) -> list[PageResponse]:
    """Each request in a thread of its own, all at the same moment, with the cookies of one browser. Returns the answers
    in the order of the requests."""
    cookies = [(cookie.key, cookie.value) for cookie in (client._cookies or {}).values()]
    barrier = Barrier(len(asks))

    def send(ask: Callable[[InvariantClient], PageResponse]) -> PageResponse:
        twin = new_client()
        for name, value in cookies:
            twin.set_cookie(name, value)
        barrier.wait()
        return ask(twin)

    with ThreadPoolExecutor(len(asks)) as pool:
        return [job.result() for job in [pool.submit(send, ask) for ask in asks]]
