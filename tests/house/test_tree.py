"""What the repository's files may not contain, and how large a module may grow."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

NAMES = (
    "antrean",
    "kiosk",
    "queue_server",
    "display",
    "printers",
    "loudspeaker",
    "scripts",
    "tests",
    "bench",
)
MAX_LINES = 400

# Written in pieces, so that this file does not contain what it looks for.
FORBIDDEN = {
    "a package registry's host": re.compile("pypi" + r"\.org|pythonhosted" + r"\.org|npmjs" + r"\.(org|com)"),
    "an index address": re.compile(r"--(extra-)?index" + r"-url|--find" + "-links"),
    "a path of one machine": re.compile(r"(?<![\w.~-])/(work|home/[a-z]|root|Users)" + "/"),
    "a path of one workshop": re.compile("/tmp/" + r"brief|\bmock" + "ups/"),
    "a merge left open": re.compile(r"^(<<<<<<<|>>>>>>>) ", re.MULTILINE),
    "a promise for later": re.compile(r"\b(TO" + "DO|FIX" + r"ME)\b"),
}
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".po",
    ".sh",
    ".json",
    ".cfg",
    ".yml",
    ".svg",
    "",
}
# Released files of others are kept byte for byte.
VENDORED = re.compile(r"(^|/)(vendor|fonts|icons)/|\.min\.(js|css)$|^LICENSE$")


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Every file of ours under version control that still exists."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    return [Path(name) for name in listing.stdout.split("\0") if name and (root / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_contains(what: str, root: Path, tracked: list[Path]) -> None:
    found = []
    for path in tracked:
        if path.suffix not in TEXT or VENDORED.search(path.as_posix()):
            continue
        text = (root / path).read_text(encoding="utf-8")
        found += [f"{path}: {match.group(0).strip()}" for match in FORBIDDEN[what].finditer(text)]
    assert not found, found


def python_files(root: Path, names: tuple[str, ...] = NAMES) -> list[Path]:
    """Every module under the named folders."""
    return sorted(path for name in names for path in (root / name).rglob("*.py"))


def test_no_module_grows_into_a_god(root: Path) -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files(root)}
    assert not {str(path): size for path, size in sizes.items() if size > MAX_LINES}


def test_every_package_says_what_it_knows(root: Path) -> None:
    silent = [
        str(path)
        for path in python_files(root)
        if path.name == "__init__.py" and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_the_domain_never_reads_a_clock(root: Path) -> None:
    clocks = {"now", "today", "utcnow", "localtime", "uuid1", "uuid4", "getnode"}
    readings = [
        f"{path}:{node.lineno}: {node.func.attr}()"
        for path in python_files(root, ("antrean/domain",))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks
    ]
    assert not readings


def test_tests_never_sleep(root: Path) -> None:
    sleeps = [
        f"{path}:{node.lineno}"
        for path in python_files(root, ("tests",))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep"}
    ]
    assert not sleeps, f"wait for the event or the condition instead: {sleeps}"


def test_continuous_integration_runs_what_a_developer_runs(root: Path) -> None:
    script = root / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text(encoding="utf-8")


def test_every_make_target_explains_itself(root: Path) -> None:
    shown = subprocess.run(["make", "help"], cwd=root, capture_output=True, text=True, check=True).stdout
    for target in ("setup", "run", "demo", "test", "check", "bench", "soak", "pictures"):
        assert f"make {target} " in shown


def anchors(page: str) -> set[str]:
    """The fragments that a page's headings can be reached by."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_links_between_the_pages_lead_somewhere(root: Path) -> None:
    broken = []
    for page in [*root.glob("*.md"), *(root / "docs").rglob("*.md")]:
        text = page.read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", text)
        for target, anchor in links + [(source, "") for source in re.findall(r'src="([^"]+)"', text)]:
            there = page.parent / target if target else page
            if "://" in target:
                continue
            if not there.exists() or (anchor and anchor not in anchors(there.read_text(encoding="utf-8"))):
                broken.append(f"{page.relative_to(root)}: {target}#{anchor}")
    assert not broken
