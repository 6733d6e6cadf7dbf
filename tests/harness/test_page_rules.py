"""The checks on every page: a good page passes, and each fault is found."""

import pytest

from tests.support.html_rules import page_problems

GOOD = """<!doctype html>
<html lang="fi">
<head><meta charset="utf-8"><title>Tilaukset – Portaali</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><a href="#main">Siirry sisältöön</a>
<main id="main"><h1>Tilaukset</h1>
<form method="post" action="/orders"><input type="hidden" name="csrf_token" value="t">
<label for="q">Haku</label><input id="q" name="q" aria-describedby="q-hint"><p id="q-hint">Numero</p>
<button type="submit">Hae</button></form>
<table><caption>Tilaukset</caption><tr><th scope="col">Numero</th></tr><tr><td>1</td></tr></table>
</main></body></html>"""


def test_a_good_page_passes() -> None:
    assert page_problems(GOOD, "fi") == []


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("<!doctype html>", "", "does not start with"),
        ('lang="fi"', 'lang="sv"', "language is 'sv', not 'fi'"),
        ('lang="fi"', "", "language is None"),
        ("<h1>Tilaukset</h1>", "<h2>Tilaukset</h2>", "0 h1 elements"),
        ("<title>Tilaukset", "<title>Etusivu", "does not begin with the heading"),
        ('<p id="q-hint">', '<p id="q">', "stands on 2 elements"),
        ('<p id="q-hint">', "<p>", "points at 'q-hint'"),
        ('<label for="q">Haku</label>', "", "has no label"),
        ('<a href="#main">', '<a href="#content">', "not on the page"),
        (">Hae</button>", "></button>", "has no text"),
        ('<button type="submit">', "<button>", "has no type"),
        ('<p id="q-hint">', '<p id="q-hint" style="color:red">', "inline style"),
        ('<p id="q-hint">', '<p id="q-hint" onclick="x()">', "inline onclick"),
        ("</main>", "<script>x()</script></main>", "is inline"),
        ("</main>", '<a href="javascript:x()">Klikkaa</a></main>', "carries code"),
        ("</main>", "<p>{{ name }}</p></main>", "left over in the text"),
        ("</main>", "<p>None</p></main>", "left over in the text"),
        ("</main>", "<p>%(count)s tilausta</p></main>", "left over in the text"),
        ("</main>", '<p id="order-None">x</p></main>', "left over in id"),
        ('name="csrf_token"', 'name="token"', "0 CSRF tokens"),
        ('method="post"', 'method="get"', "into the address"),
        ("<table>", "<table><div></div>", "invalid HTML"),
        ("<caption>Tilaukset</caption>", "", "neither caption nor name"),
        (' scope="col"', "", "has no scope"),
        ("</main>", "<ul><p>x</p></ul></main>", "<p> stands directly in"),
        ("</main>", "<h3>Rivit</h3></main>", "skips a level"),
        ("</main>", "<span><div>x</div></span></main>", "<div> stands in"),
        ("</main>", '<a href="/x"><button type="button">x</button></a></main>', "stands in <a"),
        ("</main>", '<a href="//evil.test">x</a></main>', "other than this site"),
        ("</main>", '<img src="/x.png"></main>', "has no alt"),
        ("</main>", '<p tabindex="3">x</p></main>', "order of focus"),
        ('<main id="main">', '<div id="main">', "0 main elements"),
        ("initial-scale=1", "user-scalable=no", "from zooming"),
    ],
)
def test_each_fault_is_found(good: str, bad: str, message: str) -> None:
    assert good in GOOD
    assert any(message in problem for problem in page_problems(GOOD.replace(good, bad, 1), "fi"))


def test_what_a_person_typed_may_look_like_a_template() -> None:
    assert page_problems(GOOD.replace('name="q"', 'name="q" value="{{ None }}"')) == []


def test_a_title_may_announce_errors_before_the_heading() -> None:
    assert page_problems(GOOD.replace("<title>Tilaukset", "<title>Virhe: Tilaukset")) == []
