"""What a request must satisfy before anything else looks at it: host, origin, size and characters.

A body that was refused is read to its end, so that the answer arrives.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, Response, abort, current_app, request

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
# What the proxy lets through at most (`client_max_body_size` in deploy/nginx/portal.conf), and what is read at once.
PROXY_CAP = 51 * 1024**2
CHUNK = 64 * 1024
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def init_app(app: Flask) -> None:
    """Install the limits and the check."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY, MAX_FORM_PARTS=LARGEST_FORM_PARTS
    )
    app.before_request(check_request)
    if app.config["PORTAL_PROXY_HOPS"]:
        app.after_request(_read_to_the_end)


def check_request() -> None:
    """Refuse what no browser of a visitor sends: cross-site writes, over-long or unstorable parameters."""
    # Reading the host makes Flask hold it against TRUSTED_HOSTS, also for an address that no view answers.
    _ = request.host
    if request.method in UNSAFE_METHODS and not _from_here():
        abort(403)
    if len(request.query_string) > LONGEST_QUERY:
        abort(414)
    _allow_larger_body()
    _refuse_endless_body()
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            if not (_storable(name) and _storable(value)):
                abort(400)
    if not _storable(request.path):
        abort(404)


def _refuse_endless_body() -> None:
    """Hold a body without a declared length against the cap: Werkzeug reads a form up to it and takes the rest for not
    sent (seen: a truncated form that is accepted)."""
    if request.content_length is None and request.environ.get("wsgi.input_terminated"):
        _ = request.form if request.mimetype in FORMS else request.get_data()
        if request.environ["wsgi.input"].read(1):
            abort(413)


def _read_to_the_end(response: Response) -> Response:
    """Discard what nobody read of the body: a server that closes before it breaks the connection under the answer, of
    which the proxy then knows nothing.

    Only behind a proxy, which takes a request in whole before it hands it on; elsewhere a slow visitor would hold the
    thread. The server alone says where the body ends, not a header of the visitor, and never more than `PROXY_CAP` is
    read.
    """
    if request.environ.get("wsgi.input_terminated"):
        body, left = request.environ["wsgi.input"], PROXY_CAP
        # A malformed or cut body raises errors of the server's own; nothing is lost but what was to be discarded.
        with suppress(Exception):
            while left > 0 and (discarded := body.read(min(CHUNK, left))):
                left -= len(discarded)
    return response


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
