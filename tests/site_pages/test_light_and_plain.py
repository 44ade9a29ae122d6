"""The pages weigh little, need no script and no cookie, and can be read on old phones and in every language."""

import gzip
import re

import pytest
from flask.testing import FlaskClient

from antrean.look.tokens import CONTRAST, LIGHT
from antrean.texts import LANGUAGES, OWN_NAMES, texts_for
from queue_server.site.pages.style import sheet, with_fallbacks
from tests.site_pages.fake_desk import KEY, FakeDesk
from tests.site_pages.site_of_tests import PATH, book, said, starts

FIRST_LOAD_BYTES = 100_000
MODERN = re.compile(
    r"\b(gap|inset|aspect-ratio|place-items|margin-inline|padding-block):|\bgrid\b|:(has|is|where)\(|@layer|@container"
    r"|\b(clamp|min|max)\(|\d[sd]vh\b"
)
"""What browsers of phones sold before 2017 do not know."""


@pytest.fixture
def paths(site: FlaskClient, desk: FakeDesk) -> list[str]:
    """Every page a visitor meets, each in its usual state."""
    book(site, starts(desk)[2])
    return [
        f"/m/{KEY}",
        f"/m/{KEY}?q=ktp",
        f"/m/{KEY}?need=ktp-kk",
        PATH,
        f"{PATH}/day",
        f"{PATH}/day/2026-11-24",
        f"{PATH}/at/{starts(desk)[3]}",
        "/b/secret0001",
        "/b/secret0001/move",
        "/b/secret0001/move/2026-11-24",
        f"/b/secret0001/to/{starts(desk)[3]}",
        "/b/secret0001/cancel",
        "/b/unknown",
    ]


def test_the_first_load_of_every_page_is_under_100_kb_with_fonts(site: FlaskClient, paths: list[str]) -> None:
    for path in paths:
        page = site.get(path)
        files = set(re.findall(r'<(?:link|img|script)\b[^>]*(?:href|src)="(/[^"]+)"', page.text))
        assert files, path
        loaded = {name: site.get(name).data for name in files}
        style = next(data for name, data in loaded.items() if "/css/" in name).decode()
        for name in set(re.findall(r"url\(\.\./([^)]+)\)", style)):
            font = site.get(f"/static/{name}")
            assert font.status_code == 200
            loaded[name] = font.data
        assert len(loaded) == 3, "one sheet and two fonts"
        whole = len(page.data) + sum(map(len, loaded.values()))
        assert whole < FIRST_LOAD_BYTES, (path, whole)


def test_pages_travel_compressed_but_for_those_with_a_secret(site: FlaskClient, paths: list[str]) -> None:
    for path in paths:
        plain, packed = site.get(path), site.get(path, headers={"Accept-Encoding": "gzip, br"})
        if path.startswith("/b/"):
            assert "Content-Encoding" not in packed.headers
        else:
            assert len(gzip.decompress(packed.data)) == len(plain.data)  # each form has a name of its own
            assert len(packed.data) < len(plain.data) / 2
            assert "Accept-Encoding" in packed.headers["Vary"]


def test_there_is_no_script_and_no_cookie(site: FlaskClient, paths: list[str]) -> None:
    for path in paths:
        answer = site.get(path)
        assert "<script" not in answer.text
        assert not re.search(r"\son[a-z]+=", answer.text), path
        assert "Set-Cookie" not in answer.headers
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_style_sheet_can_be_read_by_old_phones() -> None:
    style = re.sub(r"/\*.*?\*/", "", sheet().decode(), flags=re.S)
    rules = style[style.index("@font-face") :]
    assert MODERN.findall(rules) == []
    for name, value in re.findall(r"([\w-]+):([^:;{}]*var\([^;{}]*)[;}]", rules):
        plain = re.sub(r"var\(--([\w-]+)\)", lambda found: getattr(LIGHT, found[1].replace("-", "_")), value)
        assert f"{name}:{plain};{name}:{value}" in rules
    assert CONTRAST.ink in style


def test_a_fallback_stands_before_what_it_replaces() -> None:
    values = {"ink": "#111111", "edge": "#222222"}
    assert with_fallbacks("a{color:var(--ink);border:1px solid var(--edge)}", values) == (
        "a{color:#111111;color:var(--ink);border:1px solid #222222;border:1px solid var(--edge)}"
    )


def test_only_the_sites_own_files_are_served(site: FlaskClient) -> None:
    assert site.get("/static/js/console.js").status_code == 404
    assert site.get("/static/css/console.css").status_code == 404
    page = site.get(f"/m/{KEY}").text
    found = re.search(r'rel="stylesheet" href="([^"]+)"', page)
    assert found is not None
    assert "immutable" in site.get(found[1]).headers["Cache-Control"]
    assert "immutable" not in site.get("/static/css/site.css").headers["Cache-Control"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_chosen_language_and_carries_it_on(
    site: FlaskClient, paths: list[str], language: str
) -> None:
    t = texts_for(language)
    for path in paths:
        page = site.get(f"{path}{'&' if '?' in path else '?'}lang={language}").text
        assert f'<html lang="{language}"' in page, path
        assert t("booking.no_cookies") in page, path
        links = re.findall(r'<a class="(?:key|primary big|plain big|brand)[^"]*" href="([^"]+)"', page)
        assert links
        assert [link for link in links if f"lang={language}" not in link] == [], path
        for other in LANGUAGES:
            assert (f'hreflang="{other}">{OWN_NAMES[other]}' in page) == (other != language)


def test_a_browser_that_speaks_a_language_gets_it_without_asking(site: FlaskClient) -> None:
    answer = site.get(PATH, headers={"Accept-Language": "su-ID,fr;q=0.5"})
    assert texts_for("su")("booking.choose_day") in said(answer.text)
    assert answer.headers["Content-Language"] == "su"
    assert '<html lang="id"' in site.get(PATH, headers={"Accept-Language": "fr"}).text


def test_choices_travel_in_the_address_and_can_be_taken_back(site: FlaskClient, desk: FakeDesk) -> None:
    page = site.get(f"{PATH}/day?lang=en&text=large&look=contrast").text
    assert 'data-text="large"' in page
    assert 'data-theme="contrast"' in page
    assert f'id="size" href="{PATH}/day?lang=en&amp;look=contrast"' in page
    assert f'href="{PATH}/day/2026-11-24?lang=en&amp;text=large&amp;look=contrast"' in page
    answer = book(site, starts(desk)[0], query="?lang=en&look=contrast")
    assert answer.location == "/b/secret0001?now=new&lang=en&look=contrast"
    assert desk.kept["secret0001"].language == "en"
    nonsense = site.get(f"{PATH}?lang=xx&text=%22%3E&look=none").text
    assert "lang=xx" not in nonsense
    assert 'data-text="large"' not in nonsense


def test_a_search_keeps_the_language_and_a_page_of_a_form_is_changed_at_its_own_address(
    site: FlaskClient, desk: FakeDesk
) -> None:
    assert '<input type="hidden" name="lang" value="jv">' in site.get(f"/m/{KEY}?lang=jv").text
    assert f"/m/{KEY}?q=ktp&amp;lang=en" in site.get(f"/m/{KEY}?q=ktp").text
    start = starts(desk)[0]
    form = site.post(f"{PATH}/book", data={"pick": start, "contact": "x", "form": "y"}).text
    assert f'href="{PATH}/at/{start}?lang=en"' in form
