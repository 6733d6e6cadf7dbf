"""The QR code by which an authenticator learns the secret: drawn into the page, sent nowhere."""

from __future__ import annotations

import segno
from flask import current_app
from markupsafe import Markup

from portal.services.accounts.totp import key_uri


def qr_code(seed: str, name: str) -> Markup:
    """The code of an encrypted seed as inline SVG with attributes alone: the content policy allows no inline style
    (SECURITY 37).

    What it is for is said by the page around it, and how large it is by the style sheet.
    """
    issuer = current_app.config["PORTAL_CONTROLLER"].name
    drawn = segno.make(key_uri(seed, name, issuer), error="m", micro=False)
    svg = drawn.svg_inline(border=4, light="#fff", svgclass=None, lineclass=None, omitsize=True)
    # The picture is made of numbers by the library; nothing in it was typed by anybody.
    return Markup(svg.replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S704
