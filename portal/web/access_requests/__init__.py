"""A customer's written access requests: making one question by question, signing it, and following it."""

from __future__ import annotations

from flask import Blueprint

from portal.web.access_requests import messages, own, papers, questions, signing

blueprint = Blueprint("access_requests", __name__)
_BOTH = ["GET", "POST"]
_ALL = "/privacy/access-requests"
_NEW = f"{_ALL}/new"
_ONE = f"{_ALL}/<reference>"
blueprint.add_url_rule(_ALL, "index", own.index)
blueprint.add_url_rule(_NEW, "scope", questions.scope, methods=_BOTH)
blueprint.add_url_rule(f"{_NEW}/categories", "categories", questions.categories, methods=_BOTH)
blueprint.add_url_rule(f"{_NEW}/wishes", "wishes", questions.wishes, methods=_BOTH)
blueprint.add_url_rule(f"{_NEW}/contact", "contact", questions.contact, methods=_BOTH)
blueprint.add_url_rule(f"{_NEW}/delivery", "delivery", questions.delivery, methods=_BOTH)
blueprint.add_url_rule(f"{_NEW}/check", "check", signing.check)
blueprint.add_url_rule(f"{_NEW}/sign", "sign", signing.sign, methods=_BOTH)
blueprint.add_url_rule(_ONE, "detail", own.detail)
blueprint.add_url_rule(f"{_ONE}/received", "received", own.received)
blueprint.add_url_rule(f"{_ONE}/withdraw", "withdraw", own.withdraw, methods=_BOTH)
blueprint.add_url_rule(f"{_ONE}/message", "message", messages.write, methods=_BOTH)
blueprint.add_url_rule(f"{_ONE}/receipt.pdf", "receipt", papers.receipt)
blueprint.add_url_rule(f"{_ONE}/files/<int(max=9223372036854775807):file>", "file", papers.file)
blueprint.add_url_rule(f"{_ONE}/letters/<number>.pdf", "letter", papers.letter)
