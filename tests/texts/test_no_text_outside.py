"""Nothing a person reads is written outside the catalogues: not in drawing code, not in a page, not in a script."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DRAWING = (
    *sorted((ROOT / "kiosk" / "screens").glob("*.py")),
    *sorted((ROOT / "kiosk" / "widgets").glob("*.py")),
    *sorted((ROOT / "kiosk" / "assist").glob("*.py")),
    *(ROOT / "kiosk" / name for name in ("faces.py", "journey.py", "visit.py", "window.py")),
    *(
        ROOT / "display" / name
        for name in (
            "band_paint.py",
            "board.py",
            "counter_paint.py",
            "hall_paint.py",
            "paint.py",
            "scene.py",
            "turns.py",
        )
    ),
    *(ROOT / "printers" / name for name in ("plan.py", "sheets.py", "strip.py", "ticket.py")),
)
"""What draws a screen, a board or a paper; the rest of the programs speaks to administrators and logs."""
TEMPLATES = sorted((ROOT / "queue_server" / "templates").glob("*.html"))
SCRIPTS = sorted(
    path
    for path in (ROOT / "queue_server" / "static").rglob("*.js")
    if "vendor" not in path.parts and path.stat().st_size < 100_000
)
STYLES = sorted((ROOT / "queue_server" / "static" / "css").glob("*.css"))

KNOWN = {"Antrean", "ANTREAN TEST 0123456789"}
"""The product's name, and the content of the code on a printer's test page."""
SPOKEN_BY_BROWSERS = {"DELETE", "Enter", "Esc", "Escape", "Infinity", "PATCH", "POST", "PUT", "Shift", "Tab"}
LETTER = r"[^\W\d_]"
SENTENCE = re.compile(rf"{LETTER}{{2,}}[,:;.!?…]?\s+(?:{LETTER}{{2,}})")
WORD = re.compile(r"[A-Z][a-zé]{2,}[.!?:…]?|[A-Z]{4,}")
KEY = re.compile(r"[a-z]+\.[a-z0-9_]*")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def reads_like_text(literal: str) -> bool:
    """Whether people could read this: two words in a row, or one with a capital; keyboard rows are neither."""
    text = literal.strip()
    if text in KNOWN or KEY.fullmatch(text) or text in ALPHABET:
        return False
    return bool(SENTENCE.search(text) or WORD.fullmatch(text))


def texts_in_python(source: str) -> Iterator[str]:
    """The literals of a module that read like text, apart from docstrings, annotations, refusals and log lines."""
    tree = ast.parse(source)
    quiet = {id(part) for node in ast.walk(tree) for part in _not_shown(node)}
    for node in ast.walk(tree):
        if id(node) in quiet:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and reads_like_text(node.value):
            yield f"line {node.lineno}: {node.value!r}"
        if isinstance(node, ast.JoinedStr):
            pieces = [part.value for part in node.values if isinstance(part, ast.Constant)]
            if any(re.search(rf"\s{LETTER}{{3,}}|{LETTER}{{3,}}\s", str(piece)) for piece in pieces):
                yield f"line {node.lineno}: {ast.unparse(node)}"


def _not_shown(node: ast.AST) -> Iterator[ast.AST]:
    whole: list[ast.AST] = []
    if isinstance(node, ast.Raise | ast.Assert):
        whole.append(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        whole.append(node)
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(
        ("log.", "_log.", "logging.", "TypeVar")
    ):
        whole.append(node)
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
        whole.append(node)
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
        whole.append(node.annotation)
    if isinstance(node, ast.FunctionDef) and node.returns is not None:
        whole.append(node.returns)
    for part in whole:
        yield from ast.walk(part)


class _Shown(HTMLParser):
    """Collects what a template shows once everything Jinja writes is taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        for name, value in attrs:
            if name in ("alt", "title", "placeholder", "aria-label", "aria-description"):
                self.handle_data(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent and re.search(rf"{LETTER}{{2,}}", data):
            self.found.append(data.strip())


def texts_in_template(source: str) -> list[str]:
    """What a template says in its own words."""
    source = re.sub(r"\{% block (?:body_class|tab) %\}.*?\{% endblock %\}", "", source, flags=re.S)
    reader = _Shown()
    reader.feed(re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", source, flags=re.S))
    return [text for text in reader.found if text not in ("CSV", "QR", "PDF", "XLSX")]


def texts_in_script(source: str) -> list[str]:
    """The literals of a script that read like text, apart from lists of class names and the texts of its own bugs."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    source = re.sub(r"(?m)(^|\s)//.*$", "", source)
    found = []
    for match in re.finditer(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', source):
        literal = re.sub(r"\$\{[^}]*\}", "", next(text for text in match.groups() if text is not None))
        bug = source[: match.start()].endswith("Error(")
        if reads_like_text(literal) and not bug and not _is_code(literal):
            found.append(literal)
    return found


@cache
def _classes() -> frozenset[str]:
    sheets = " ".join(path.read_text(encoding="utf-8") for path in STYLES)
    return frozenset(re.findall(r"\.([a-z][\w-]*)", sheets))


def _is_code(literal: str) -> bool:
    names = {name for name in literal.split() if "-" not in name}
    return literal in SPOKEN_BY_BROWSERS or names <= _classes()


@pytest.mark.parametrize("path", DRAWING, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_screen_board_or_paper_says_what_no_catalogue_holds(path: Path) -> None:
    assert list(texts_in_python(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_page_says_what_no_catalogue_holds(path: Path) -> None:
    assert texts_in_template(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_says_what_no_catalogue_holds(path: Path) -> None:
    assert texts_in_script(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_style_sheet_says_anything(path: Path) -> None:
    said = re.findall(r'content:\s*"([^"]*)"', path.read_text(encoding="utf-8"))
    assert [text for text in said if re.search(rf"{LETTER}{{2,}}", text)] == []


@pytest.mark.parametrize(
    "line",
    [
        'Words(style, "Sentuh untuk mulai")',
        'key.setAccessibleName("Kembali")',
        'self.say(f"{n} orang")',
        'self.words("TUTUP", 0, 0, 9, 9)',
        'OPEN = "Buka"',
    ],
)
def test_a_text_in_the_code_would_be_found(line: str) -> None:
    assert list(texts_in_python(f'"""A module that draws."""\n\n{line}\n'))


def test_a_text_in_a_page_or_a_script_would_be_found() -> None:
    assert texts_in_template('<p class="lead">{{ icon("x") }} Silakan masuk</p>') == ["Silakan masuk"]
    assert texts_in_template('<img alt="Peta lantai">') == ["Peta lantai"]
    assert texts_in_script('node.textContent = "Silakan masuk";') == ["Silakan masuk"]
    assert texts_in_script("node.textContent = `Nomor ${label} dipanggil ke ${counter}`;")
    assert texts_in_script('const title = late ? "terlalu lama" : "";')
    assert texts_in_script('el("b", { class: "num big" }); // Silakan masuk') == []
