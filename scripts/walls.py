"""Two kinds of wall that import-linter does not bring: a pure room, and a library only some rooms may touch.

`pyproject.toml` names them in `[tool.importlinter]`; `tests/house/test_walls.py` plants violations and sees
them go red.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


def _names(field: object) -> set[str]:
    """Read a contract's option: import-linter sets the declared field to a plain set, or to None."""
    return cast(set[str], field) if field else set()


def _is_within(module: str, packages: Iterable[str]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def _where(graph: ImportGraph, importer: str, imported: str) -> str:
    lines = [str(d["line_number"]) for d in graph.get_import_details(importer=importer, imported=imported)]
    return f"{importer} -> {imported} (l. {', '.join(lines)})"


class _ListedImports(Contract):
    """A contract that is broken exactly by a list of direct imports."""

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print every import that breaks the wall, with its line."""
        for line in check.metadata["broken"]:
            output.print_error(f"- {line}", bold=False)
        output.new_line()


class StandardLibraryOnly(_ListedImports):
    """The source packages import themselves and the standard library, save for the names excepted."""

    type_name = "stdlib_only"

    source_modules = fields.SetField(subfield=fields.StringField())
    except_names = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Keep the contract when no direct import leaves the allowed set."""
        sources = _names(self.source_modules)
        pure = sys.stdlib_module_names - _names(self.except_names)
        broken = [
            _where(graph, module, imported)
            for module in sorted(graph.modules)
            if _is_within(module, sources)
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if imported.split(".")[0] not in pure and not _is_within(imported, sources)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})


class Reserved(_ListedImports):
    """The named modules are imported by their holders alone; `within` narrows who is looked at.

    Unlike import-linter's own `protected` contract it is content when nobody imports the module yet,
    so a ban can be written down before the first offender.
    """

    type_name = "reserved"

    modules = fields.SetField(subfield=fields.StringField())
    holders = fields.SetField(subfield=fields.StringField(), required=False)
    within = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Keep the contract when only holders import the reserved modules."""
        reserved = _names(self.modules)
        holders = _names(self.holders)
        within = _names(self.within)
        broken = [
            _where(graph, importer, module)
            for module in sorted(graph.modules)
            if _is_within(module, reserved)
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not _is_within(importer, holders)
            and not _is_within(importer, reserved)
            and (not within or _is_within(importer, within))
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})
