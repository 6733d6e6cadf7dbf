"""What every response's headers must say, whatever its status (SECURITY 37–40)."""

from http.cookies import SimpleCookie

from werkzeug.wrappers import Response

CSP_NEEDED = {
    "default-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
CSP_SOURCES = {"'self'", "'none'"}
EXACT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


def header_problems(path: str, response: Response) -> list[str]:
    """What is wrong with the headers of the response to `path`; empty when all is well."""
    problems = [
        f"{name} is {response.headers.get(name)!r}, not {value!r}"
        for name, value in EXACT_HEADERS.items()
        if response.headers.get(name) != value
    ]
    if not response.headers.get("Permissions-Policy"):
        problems.append("Permissions-Policy is missing")
    problems += _csp_problems(response.headers.get("Content-Security-Policy", ""))
    problems += _cache_problems(path, response)
    problems += _cookie_problems(response)
    return problems


def _csp_problems(policy: str) -> list[str]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    directives = {name: sources for name, *sources in parts}
    problems = [
        f"CSP {name} is {' '.join(directives.get(name, ['missing']))}, not {value}"
        for name, value in CSP_NEEDED.items()
        if directives.get(name) != [value]
    ]
    for name, sources in directives.items():
        foreign = [source for source in sources if source not in CSP_SOURCES]
        if foreign:
            problems.append(f"CSP {name} allows {' '.join(foreign)}; only 'self' and 'none' are allowed")
    return problems


def _cache_problems(path: str, response: Response) -> list[str]:
    """Every answer but a static file carries somebody's token or language at least: none may be stored."""
    if path.startswith("/static/") and response.status_code < 400:
        return ["a static file sets a cookie"] if response.headers.getlist("Set-Cookie") else []
    if "no-store" not in response.headers.get("Cache-Control", ""):
        return ["Cache-Control lacks no-store"]
    return []


def _cookie_problems(response: Response) -> list[str]:
    problems = []
    for line in response.headers.getlist("Set-Cookie"):
        for name, morsel in SimpleCookie(line).items():
            if not morsel["httponly"]:
                problems.append(f"cookie {name} lacks HttpOnly")
            if morsel["samesite"] != "Lax":
                problems.append(f"cookie {name} has SameSite={morsel['samesite'] or 'nothing'}, not Lax")
            if morsel["domain"]:
                problems.append(f"cookie {name} names a Domain")
    return problems
