"""A copied folder is a connector: the steps of docs/connectors.md, done."""

import importlib
import itertools
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from queue_server.bookings import connectors
from queue_server.bookings.connector import Connector, Kind
from queue_server.bookings.settings import source_of
from tests.bookings.portal import KEY, NOW_MS, SECRET, FakePortal, entry, served_portal

PAGE = (Path(__file__).parents[2] / "docs" / "connectors.md").read_text(encoding="utf-8")
ROOM = Path(connectors.__file__).parent


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The folder `json`, copied and renamed as the page says, beside the others."""
    (block,) = [one for one in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if "cp -r" in one]
    (source, target), ((old, new),) = (
        re.findall(r"cp -r (\S+) (\S+)", block)[0],
        re.findall(r"sed -i 's/(.+?)/(.+?)/'", block),
    )
    folder = tmp_path / Path(target).name
    shutil.copytree(ROOM.parents[2] / source, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in folder.glob("*.py"):
        path.write_text(re.sub(old, new, path.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.setattr(connectors, "__path__", [*connectors.__path__, str(tmp_path)])
    name = f"{connectors.__name__}.{folder.name}"
    yield importlib.import_module(name)
    for known in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
        del sys.modules[known]
    delattr(connectors, folder.name)


def registered(copied: ModuleType) -> Kind:
    """What the page's line of `KINDS` makes of it."""
    (line,) = re.findall(r'^ *("example": .+),$', PAGE, re.MULTILINE)
    found = eval(f"{{{line}}}", {"example": copied})["example"]
    assert isinstance(found, Kind)
    return found


def connector_of(kind: Kind, folder: Path, row: dict[str, object]) -> Connector:
    """A connector by a row of `bookings.toml`, as the server makes it."""
    config = source_of(row, folder, {**connectors.KINDS, str(row["kind"]): kind})
    numbers = itertools.count()
    return kind.connector_of(config.settings, lambda: NOW_MS, lambda count: next(numbers).to_bytes(count))


def test_a_copy_of_a_folder_speaks_with_an_outside(copied: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "portal-kota.secret").write_text(f"{SECRET}\n", encoding="utf-8")
    with served_portal(FakePortal()) as portal:
        portal.put(entry(1))
        row: dict[str, object] = {"name": "portal-kota", "kind": "example", "url": portal.url, "mall": KEY}
        spoken = connector_of(registered(copied), tmp_path, {**row, "secret_file": "portal-kota.secret"})
        page = spoken.changes("", 0, 1)
        spoken.close()
    assert [one.booking_id for one in page.seen] == ["A-1"]
    assert type(spoken).__module__.startswith(copied.__name__)


def test_the_copy_leans_on_no_other_connector(copied: ModuleType) -> None:
    assert copied.__file__ is not None
    sources = [path.read_text(encoding="utf-8") for path in Path(copied.__file__).parent.glob("*.py")]
    named = {name for text in sources for name in re.findall(r"bookings\.connectors\.(\w+)", text)}
    assert named == {"example"}


def test_every_kind_has_an_address_and_explains_its_settings() -> None:
    assert set(connectors.KINDS) == {path.parent.name for path in ROOM.glob("*/__init__.py")}
    for kind in connectors.KINDS.values():
        assert "url" in {one.name for one in kind.settings}
        for one in kind.settings:
            assert len(one.means) > 10
            assert f"`{one.name}`" in PAGE
