"""What a request must satisfy before anything else looks at it: host, origin, size and characters."""

from __future__ import annotations

from flask import Flask, abort, current_app, request

from portal.rules.attachments import LARGEST, MOST_FILES
from portal.services.imports.order_upload_files import MAX_FILE
from portal.web import access

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LARGEST_BODY = 1_000_000
LARGEST_FORM_PARTS = 200
LONGEST_QUERY = 4_000
# Views that take a file, with the largest body of each: the file's own cap and what a form puts around it. Only those
# who may call the view may send so much; for everybody else the common cap stays.
LARGER_BODIES = {"admin.imports": MAX_FILE + 100_000, "admin.request_note": LARGEST * MOST_FILES + 100_000}


def init_app(app: Flask) -> None:
    """Install the limits and the check."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, MAX_FORM_PARTS=LARGEST_FORM_PARTS
    )
    app.before_request(check_request)


def check_request() -> None:
    """Refuse what no browser of a visitor sends: cross-site writes, over-long or unstorable parameters."""
    # Reading the host makes Flask hold it against TRUSTED_HOSTS, also for an address that no view answers.
    _ = request.host
    if request.method in UNSAFE_METHODS and not _from_here():
        abort(403)
    if len(request.query_string) > LONGEST_QUERY:
        abort(414)
    _allow_larger_body()
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            if not (_storable(name) and _storable(value)):
                abort(400)
    if not _storable(request.path):
        abort(404)


def _allow_larger_body() -> None:
    """Raise the cap for this request where a file is expected; it is read in pieces and waits on the disk."""
    endpoint = request.endpoint or ""
    if request.method == "POST" and endpoint in LARGER_BODIES and access.may_call(current_app, endpoint):
        request.max_content_length = LARGER_BODIES[endpoint]


def _from_here() -> bool:
    """Whether a write comes from a page of this site. A mail program in a browser may send the one that a mailed token
    alone allows."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site in ("same-origin", "none") or access.is_one_click(current_app, request.endpoint)


def _storable(text: str) -> bool:
    """Whether both databases can hold the text: no NUL and no lone surrogate."""
    if "\x00" in text:
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
