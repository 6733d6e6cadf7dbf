"""Where a log-in leads: only to a path of this site (SECURITY 36).

Browsers drop tabs and line ends from addresses, read ``\\`` as ``/``, and decode nothing before they do, so
a naive check of the beginning is beaten by ``/<tab>/evil.test``. What is returned here is rebuilt from
characters that are allowed one by one, with every percent sequence looked at as well.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

MAX_LENGTH = 500
DEFAULT = "/account"
_PATH = re.compile(r"/(?!/)[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*(?:\?[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*)?")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def safe_next(text: str | None, default: str = DEFAULT) -> str:
    """Return the path (with its query) when it surely stays on this site, else the default.

    Refused: schemes, hosts, ``//``, backslashes, control characters, spaces, fragments, non-ASCII, ``.``
    and ``..`` segments, and any of these hidden by percent-encoding, however deep.
    """
    if not text or len(text) > MAX_LENGTH or not _PATH.fullmatch(text) or _PERCENT.search(text):
        return default
    path = text.partition("?")[0]
    decoded = ""
    while decoded != path:
        if not _stays(path):
            return default
        decoded, path = path, unquote(path, errors="replace")
    parts = urlsplit(text)
    return default if parts.scheme or parts.netloc else text


def _stays(path: str) -> bool:
    if not path.startswith("/") or "//" in path or "\\" in path:
        return False
    if any(character <= " " or character == "\x7f" for character in path):
        return False
    return not any(segment in (".", "..") for segment in path.split("/"))
