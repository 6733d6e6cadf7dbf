"""The portal is restarted or reloaded while visitors are there, or is away for a while (SECURITY 41, R21)."""

import itertools
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from tests.support import visitors
from tests.support.production import Production, gunicorn
from tests.support.visitors import get

VISITORS = 4
START_SECONDS = 60
CANARY = "kanarialintu-0123456789"
MAILED = ("verify-email", "reset-password", "confirm-email", "cancel-email", "unsubscribe", "admin/invite")
Visit = Callable[[int], int]


def workers_of(master: Popen[bytes]) -> set[str]:
    """The processes that serve."""
    return set(Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text(encoding="ascii").split())


@contextmanager
def visited(*visits: Visit) -> Iterator[list[int]]:
    """Visitors who go on and on; afterwards the list holds the status of every answer."""
    statuses: list[int] = []
    stop = threading.Event()
    numbers = itertools.count(1)

    def go_on(visit: Visit) -> None:
        while not stop.is_set():
            statuses.append(visit(next(numbers)))

    with ThreadPoolExecutor(len(visits)) as pool:
        going = [pool.submit(go_on, visit) for visit in visits]
        try:
            yield statuses
        finally:
            stop.set()
        for each in going:
            each.result()


def several_more(statuses: list[int]) -> None:
    """Lets the visitors get some further answers."""
    deadline, wanted = time.monotonic() + START_SECONDS, len(statuses) + 3 * VISITORS
    while len(statuses) < wanted:
        assert time.monotonic() < deadline, "nobody is served any more"
        time.sleep(0.05)


@pytest.mark.security("R21")
def test_no_request_fails_while_the_portal_is_reloaded_and_restarted(proxy: Production) -> None:
    def open_page(_number: int) -> int:
        return get(proxy, "/privacy-notice").status

    def log_in(number: int) -> int:
        # The password is hashed: such a request is in flight for a while. Its failure is that of the password.
        address, email = f"127.0.1.{number % 250 + 1}", f"visitor-{number}@example.com"
        return 200 if visitors.log_in_wrongly(proxy, address, {}, email).status == 422 else 0

    with ExitStack() as portal:
        first = portal.enter_context(gunicorn(proxy))
        # The visitors leave before the portal does.
        with visited(*[open_page] * (VISITORS - 1), log_in) as statuses:
            several_more(statuses)
            before = workers_of(first)
            first.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + START_SECONDS
            while workers_of(first) & before:
                assert time.monotonic() < deadline, "the old workers do not end"
                time.sleep(0.05)
            several_more(statuses)
            first.send_signal(signal.SIGTERM)
            assert first.wait(START_SECONDS) == 0
            portal.enter_context(gunicorn(proxy))
            several_more(statuses)
    assert set(statuses) == {200}


@pytest.mark.security(41)
def test_while_the_portal_is_away_visitors_are_told_and_nothing_is_written_about_them(proxy: Production) -> None:
    (proxy.folder / "web.sock").unlink()
    for path in (*(f"/{page}/{CANARY}" for page in MAILED), f"/orders?q={CANARY}", f"/static/{CANARY}"):
        answer = get(proxy, path, address="127.0.0.78")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
        assert visitors.proxy_header_problems(answer) == []
        assert answer.headers["Cache-Control"] == "no-store"
        for words in ('lang="fi"', "Yritä", "Försök", "Try again"):
            assert words in answer.body.decode()
    logs = visitors.written(proxy)
    assert '"page":"/reset-password","status":503' in logs
    assert CANARY not in logs
    assert "127.0.0.78" not in logs
