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
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.executescript(
        "CREATE TABLE product (name, category); INSERT INTO product VALUES ('socks', 'wool'), ('hat', 'felt')"
    )
    comments: list[str] = []

    @app.get("/")
    def home() -> Response:
        response = Response(HOME, mimetype="text/html")
        # No flag at all, and no policy beside it.
        response.headers["Set-Cookie"] = "session=1"
        return response

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

    @app.get("/greeting")
    def greeting() -> str:
        # Planted: reflected cross-site scripting.
        return f"<p>Hello {request.args.get('name', '')}</p>"

    @app.get("/go")
    def go() -> Any:
        # Planted: an open redirect.
        return redirect(request.args.get("to", "/"))

    @app.route("/comments", methods=["GET", "POST"])
    def comment() -> str:
        # Planted: stored cross-site scripting.
        if request.method == "POST":
            comments.append(request.form.get("text", ""))
        return f'<title>Comments</title>{"".join(f"<p>{text}</p>" for text in comments)}<a href="/">Home</a>'

    @app.get("/age/<born>")
    def age(born: str) -> str:
        # Planted: an exception that nobody catches, so a 500.
        return str(2026 - int(born))

    @app.get("/price")
    def price() -> Any:
        # Planted: a status that the description does not name.
        return Response("price", 202, mimetype="text/html")

    @app.get("/label")
    def label() -> Any:
        # Planted: another content type than the description promises.
        return Response("label", mimetype="text/plain")

    return app


def faulty_description(base_url: str) -> dict[str, Any]:
    """What an honest description of the application would say."""
    page = {"200": {"description": "a page", "content": {"text/html": {}}}}
    body = {"type": "object", "properties": {"term": {"type": "string"}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Faulty", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": {
            "/products": {"get": {"parameters": [_parameter("query", "category", "wool")], "responses": page}},
            "/search": {
                "post": {
                    "parameters": [],
                    "requestBody": {"content": {FORM_TYPE: {"schema": body, "example": {"term": "socks"}}}},
                    "responses": page,
                }
            },
            "/age/{born}": {"get": {"parameters": [_parameter("path", "born", "1980")], "responses": page}},
            "/price": {"get": {"parameters": [], "responses": page}},
            "/label": {"get": {"parameters": [], "responses": page}},
        },
    }


def _parameter(where: str, name: str, example: str) -> dict[str, Any]:
    required = where == "path"
    return {"name": name, "in": where, "required": required, "schema": {"type": "string"}, "example": example}
