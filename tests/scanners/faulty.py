"""A small application with planted faults. A scanner that does not find its own here would find nothing elsewhere."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Flask, Response, redirect, request

HOME = """<!doctype html><html lang="en"><title>Faulty</title>
<a href="/products?category=wool">Products</a> <a href="/greeting?name=Aino">Greeting</a> <a href="/go?to=/">Go</a>
<form method="post" action="/comments"><input name="text" value="a text"><button>Send</button></form>"""
FORM_TYPE = "application/x-www-form-urlencoded"


def faulty_app() -> Flask:
    """The application; what it stores is gone with it."""
    app = Flask("faulty")

    @app.get("/")
    def home() -> Response:
        # Planted: a cookie without a flag, and no policy beside it.
        response = Response(HOME, mimetype="text/html")
        response.headers["Set-Cookie"] = "session=1"
        return response

    _add_injections(app)
    _add_scripting(app)
    _add_broken_promises(app)
    return app


def _add_injections(app: Flask) -> None:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.executescript(
        "CREATE TABLE product (name, category); INSERT INTO product VALUES ('socks', 'wool'), ('hat', 'felt')"
    )

    @app.get("/products")
    def products() -> str:
        # Planted: SQL injection.
        query = f"SELECT name FROM product WHERE category = '{request.args.get('category', '')}'"
        try:
            found = database.execute(query).fetchall()
        except sqlite3.Error as error:
            return f"sqlite3.OperationalError: {error}"
        return "".join(f"<li>{name}</li>" for (name,) in found)

    @app.post("/search")
    def search() -> str:
        # Planted: SQL injection into a field of a form.
        query = f"SELECT name FROM product WHERE name = '{request.form.get('term', '')}'"
        try:
            return f"{len(database.execute(query).fetchall())} found"
        except sqlite3.Error:
            return "nothing found"


def _add_scripting(app: Flask) -> None:
    comments: list[str] = []

    @app.get("/greeting")
    def greeting() -> str:
        # Planted: reflected cross-site scripting.
        return f"<p>Hello {request.args.get('name', '')}</p>"

    @app.route("/comments", methods=["GET", "POST"])
    def comment() -> str:
        # Planted: stored cross-site scripting.
        if request.method == "POST":
            comments.append(request.form.get("text", ""))
        return f"<title>Comments</title>{''.join(f'<p>{text}</p>' for text in comments)}"

    @app.get("/go")
    def go() -> Any:
        # Planted: an open redirect.
        return redirect(request.args.get("to", "/"))


def _add_broken_promises(app: Flask) -> None:
    @app.get("/age/<born>")
    def age(born: str) -> str:
        # Planted: an exception that nobody catches, so a 500.
        return str(2026 - int(born))

    @app.get("/price")
    def price() -> Response:
        # Planted: a status that the description does not name.
        return Response("price", 202, mimetype="text/html")

    @app.get("/label")
    def label() -> Response:
        # Planted: another content type than the description promises.
        return Response("label", mimetype="text/plain")


def faulty_description(base_url: str) -> dict[str, Any]:
    """What an honest description of the application would say."""
    page = {"200": {"description": "a page", "content": {"text/html": {}}}}
    led_on = {"302": {"description": "leads on", "content": {"text/html": {}}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Faulty", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": {
            "/products": {"get": {"parameters": [_parameter("query", "category", "wool")], "responses": page}},
            "/search": {"post": {"parameters": [], "requestBody": _form("term", "socks"), "responses": page}},
            "/greeting": {"get": {"parameters": [_parameter("query", "name", "Aino")], "responses": page}},
            "/go": {"get": {"parameters": [_parameter("query", "to", "/")], "responses": {**page, **led_on}}},
            "/comments": {
                "get": {"parameters": [], "responses": page},
                "post": {"parameters": [], "requestBody": _form("text", "a text"), "responses": page},
            },
            "/age/{born}": {"get": {"parameters": [_parameter("path", "born", "1980")], "responses": page}},
            "/price": {"get": {"parameters": [], "responses": page}},
            "/label": {"get": {"parameters": [], "responses": page}},
        },
    }


def _parameter(where: str, name: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "default": example}
    return {"name": name, "in": where, "required": where == "path", "schema": schema, "example": example}


def _form(name: str, example: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {name: {"type": "string", "default": example}}}
    return {"content": {FORM_TYPE: {"schema": schema, "example": {name: example}}}}
