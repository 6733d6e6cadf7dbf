"""Starts wapiti without its intercepting proxy and its Flash reader, which have no wheels and are not used here."""

import sys
from unittest.mock import MagicMock

ABSENT = ("yaswfp", *(f"mitmproxy{part}" for part in ("", ".master", ".options", ".http", ".net", ".net.http")))

if __name__ == "__main__":
    sys.modules.update({name: MagicMock(name=name) for name in ABSENT})
    from wapitiCore.main.wapiti import wapiti_asyncio_wrapper

    sys.exit(wapiti_asyncio_wrapper())
