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
# Everything below these paths shows personal data or a token.
PERSONAL_PATHS = (
    "/account",
    "/orders",
    "/messages",
    "/invoices",
    "/privacy/",
    "/admin",
    "/verify-email/",
    "/confirm-email/",
    "/cancel-email/",
    "/reset-password/",
    "/unsubscribe/",
)


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


def is_personal(path: str) -> bool:
    """Whether what stands at the path may never be stored by a browser or proxy."""
    return path == "/privacy" or path.startswith(PERSONAL_PATHS)


def _cache_problems(path: str, response: Response) -> list[str]:
    problems = []
    if is_personal(path) and "no-store" not in response.headers.get("Cache-Control", ""):
        problems.append("Cache-Control lacks no-store on a personal page")
    if response.headers.getlist("Set-Cookie") and response.cache_control.public:
        problems.append("a response that sets a cookie may be stored by shared caches (Cache-Control: public)")
    return problems


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
