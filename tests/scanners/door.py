"""What stands between a scanner and the portal, so that the scanner meets the pages and not their closed doors.

A scanner cannot log in with two factors, follow a mailed link, or fetch a form token for each request. The door does
it: it looks at the address, lets the request in as somebody whom the declared access allows, with the cookies of that
person's browser, and puts the tokens of now in place of those of then. All else reaches the portal byte for byte.

It counts what comes through, by endpoint, and notes every answer of 500 and above, whichever scanner caused it.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_plus

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.test import run_wsgi_app

from tests.scanners.target import Target
from tests.web.matrix.found_forms import FoundForm, forms, open_form
from tests.web.matrix.people import ANONYMOUS, Person, insider
from tests.web.matrix.places import PLACES, UNSAFE, Place
from tests.web.matrix.samples import prepare

COOKIES = ("portal_form", "portal_customer", "portal_staff", "portal_language")
FORM_TYPE = "application/x-www-form-urlencoded"
# Younger than the ten minutes after which delicate pages ask for the password again.
LONGEST_SESSION = 240
# A form token as a page shows it. What a scanner has put in its place is left as it is.
SIGNED = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")


@dataclass
class Visitor:
    """A browser that stands on a page: its cookies, its form token, and hidden fields that are not what they were."""

    cookies: dict[str, str]
    token: str
    began: float
    renewed: dict[str, tuple[str, str]] = field(default_factory=dict)

    def rewrite(self, body: bytes) -> bytes:
        """The body with the token and the hidden fields of now; a field that a scanner has changed stays as it is."""
        return b"&".join(self._rewritten(pair) for pair in body.split(b"&"))

    def _rewritten(self, pair: bytes) -> bytes:
        name, _, value = pair.partition(b"=")
        said = unquote_plus(value.decode("latin-1"))
        if name == b"csrf_token" and SIGNED.fullmatch(said):
            return b"csrf_token=" + quote(self.token).encode()
        then, now = self.renewed.get(unquote_plus(name.decode("latin-1")), ("", ""))
        return name + b"=" + quote(now).encode() if then and said == then else pair


class Door:
    """A WSGI application that lets one request at a time into the portal."""

    def __init__(self, target: Target, *, keeps_changes: bool) -> None:
        self.target, self.keeps_changes = target, keeps_changes
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.errors: list[str] = []
        self.forms = forms(target.world)
        self._places = {(place.endpoint, place.rule): place for place in PLACES}
        self._visitors: dict[tuple[str, str], Visitor] = {}
        self._lock = threading.Lock()
        self.start_again()

    def start_again(self) -> None:
        """The portal as it was made, and nobody inside."""
        self._visitors.clear()
        self.target.put_back()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read())
        with self._lock:
            status, headers, body = self._let_in(environ)
        start_response(status, headers)
        return [body]

    def _let_in(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        place = self._place(method, path)
        body = environ["wsgi.input"].getvalue()
        form = self._form(place, path, body) if method in UNSAFE else None
        visitor = self._visitor(place, form)
        environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        environ["HTTP_X_CSRFTOKEN"] = visitor.token
        if environ.get("CONTENT_TYPE", "").startswith(FORM_TYPE):
            body = visitor.rewrite(body)
            environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
        parts, status, headers = run_wsgi_app(self.target.app.wsgi_app, environ, buffered=True)
        answer = b"".join(parts)
        self._note(environ, place, status)
        if method in UNSAFE and int(status[:3]) < 400:
            self._after_a_change(place, form)
        return status, list(headers), answer

    def _place(self, method: str, path: str) -> Place | None:
        """The rule an address belongs to, whatever its method."""
        adapter = self.target.app.url_map.bind("localhost")
        for tried in (method, "GET", "POST"):
            try:
                rule, _ = adapter.match(path, method=tried, return_rule=True)
            except MethodNotAllowed:
                continue
            except HTTPException:
                return None
            return self._places[rule.endpoint, rule.rule]
        return None

    def _form(self, place: Place | None, path: str, body: bytes) -> FoundForm | None:
        """The form a request stands for: the one of this address that has most of the fields sent."""
        if place is None:
            return None
        names = {name for name, _ in parse_qsl(body.decode("latin-1"), keep_blank_values=True)}
        here = [form for form in self.forms if form.action.partition("?")[0] == path]
        found = here or [form for form in self.forms if self._place("POST", form.action.partition("?")[0]) == place]
        return max(found, key=lambda form: len(names & set(form.fields)), default=None)

    def _visitor(self, place: Place | None, form: FoundForm | None) -> Visitor:
        person = form.person if form else insider(place.access) if place else ANONYMOUS
        key = person.name, form.name if form else place.endpoint if place else ""
        found = self._visitors.get(key)
        if found is None or time.monotonic() - found.began > LONGEST_SESSION:
            found = self._visitors[key] = self._enter(person, place, form)
        return found

    def _enter(self, person: Person, place: Place | None, form: FoundForm | None) -> Visitor:
        world = self.target.world
        world.log_in_again(person)
        client = world.client(person)
        renewed = {}
        if form:
            now = open_form(client, form, world)
            token = str(now.pop("csrf_token", ""))
            renewed = {name: (str(form.data.get(name, "")), str(value)) for name, value in now.items()}
        else:
            if place:
                prepare(client, place, world)
            token = client.csrf_token()
        cookies = {name: cookie.value for name in COOKIES if (cookie := client.get_cookie(name))}
        return Visitor(cookies, token, time.monotonic(), renewed)

    def _note(self, environ: dict[str, Any], place: Place | None, status: str) -> None:
        self.requests[place.endpoint if place else "(no such address)"] += 1
        self.statuses[int(status[:3])] += 1
        if int(status[:3]) >= 500:
            query = environ.get("QUERY_STRING")
            where = environ["PATH_INFO"] + (f"?{query}" if query else "")
            body = environ["wsgi.input"].getvalue()[:300]
            self.errors.append(f"{environ['REQUEST_METHOD']} {where} {body!r}: {status}")

    def _after_a_change(self, place: Place | None, form: FoundForm | None) -> None:
        """What was changed may have ended the session, or used up what the form was for."""
        if self.keeps_changes and self._is_still_there(form):
            return
        self.start_again()

    def _is_still_there(self, form: FoundForm | None) -> bool:
        if form is None:
            return True
        self._visitors.clear()
        self.target.world.log_in_again(form.person)
        client = self.target.world.client(form.person)
        prepare(client, form.place, self.target.world)
        return client.get(form.page).status_code == 200
