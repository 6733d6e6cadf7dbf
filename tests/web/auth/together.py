"""The same form sent by one browser many times at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient
from tests.support.forms import fill, find_form

TIMES = 20


def press(client: InvariantClient, new_client: NewClient, path: str, **fields: Any) -> list[PageResponse]:
    """Open the page once, fill in its form, and send it twenty times at the same moment. Returns every answer."""
    page = client.get(path)
    data = fill(find_form(page.soup, None), page.path, fields).data
    cookies = [(cookie.key, cookie.value) for cookie in (client._cookies or {}).values()]
    barrier = Barrier(TIMES)

    def send() -> PageResponse:
        twin = new_client()
        for name, value in cookies:
            twin.set_cookie(name, value)
        barrier.wait()
        return twin.post(path, data=data)

    with ThreadPoolExecutor(TIMES) as pool:
        return [job.result() for job in [pool.submit(send) for _ in range(TIMES)]]
