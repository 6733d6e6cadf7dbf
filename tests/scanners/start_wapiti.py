"""Starts wapiti without its intercepting proxy and its Flash reader, which have no wheels and are not used here.

Where a value it has stored shows on sixty pages, its search for stored scripts would send the same forty scripts into
the same field sixty times, and look at a page after each. A script that the portal refuses shows nowhere: it is sent
once.
"""

import sys
from typing import Any
from unittest.mock import MagicMock

ABSENT = ("yaswfp", *(f"mitmproxy{part}" for part in ("", ".master", ".options", ".http", ".net", ".net.http")))
FIRST_REFUSAL = 400


def send_what_is_refused_once(module: Any, mutator: Any, no_answer: type[Exception]) -> None:
    """Lets the module try only scripts that are taken, whichever page is looked at."""
    refused: dict[tuple[Any, ...], bool] = {}
    attempt_exploit = module.attempt_exploit

    async def is_refused(self: Any, method: str, payload: Any, request: Any, parameter: str) -> bool:
        key = method, request.path_id, parameter, payload.payload
        if key not in refused:
            made = mutator(methods=method, qs_inject=self.must_attack_query_string, parameters=[parameter])
            try:
                answers = [await self.crawler.async_send(evil) for evil, _, _ in made.mutate(request, [payload])]
            except no_answer:
                # The module itself counts it.
                return False
            refused[key] = all(answer.status >= FIRST_REFUSAL for answer in answers)
        return refused[key]

    async def attempt(self: Any, method: str, payloads: Any, request: Any, parameter: str, *rest: Any) -> None:
        taken = [one for one in payloads if not await is_refused(self, method, one, request, parameter)]
        await attempt_exploit(self, method, taken, request, parameter, *rest)

    module.attempt_exploit = attempt


if __name__ == "__main__":
    sys.modules.update({name: MagicMock(name=name) for name in ABSENT})
    from wapitiCore.attack.attack import Mutator
    from wapitiCore.attack.mod_permanentxss import ModulePermanentxss, RequestError
    from wapitiCore.main.wapiti import wapiti_asyncio_wrapper

    send_what_is_refused_once(ModulePermanentxss, Mutator, RequestError)
    sys.exit(wapiti_asyncio_wrapper())
