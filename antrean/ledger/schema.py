"""Bringing a file's schema up to date: each migration commits together with its receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antrean.ledger.connection import writing
from antrean.ledger.driver import Connection
from antrean.ledger.errors import NewerFile, translated


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of a schema: its lasting name and its statements."""

    name: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """Every migration of one kind of file, oldest first; the version of a file is how many it has.

    `application_id` is SQLite's mark in the file's header: a kiosk's file is never taken for a server's.
    """

    name: str
    application_id: int
    migrations: tuple[Migration, ...]

    @property
    def version(self) -> int:
        """The version this program writes."""
        return len(self.migrations)


def migrate(connection: Connection, path: Path, schema: Schema, fill: Callable[[Connection], None]) -> None:
    """Bring `path` to the schema's version; `fill` writes the first rows of a new file.

    All of it is one transaction. Raises NewerFile when the file is ahead of this program or belongs to another one.
    """
    with translated():
        if check_version(connection, path, schema) == schema.version:
            return
        # Imported on need: it costs 230 ms, and a file that is up to date never asks for it.
        from sqlite_utils import Database
        from sqlite_utils.migrations import Migrations

        with writing(connection):
            before = check_version(connection, path, schema)
            steps = Migrations(schema.name)
            for migration in schema.migrations:
                steps(name=migration.name)(_runner(migration))
            steps.apply(Database(connection))  # type: ignore[arg-type]  # the same connection, typed by us
            connection.execute(f"PRAGMA user_version = {schema.version}")
            connection.execute(f"PRAGMA application_id = {schema.application_id}")
            if before == 0:
                fill(connection)


def check_version(connection: Connection, path: Path, schema: Schema) -> int:
    """The file's schema version, 0 when new; raises NewerFile when this program must not touch it."""
    found = _pragma(connection, "user_version")
    mark = _pragma(connection, "application_id")
    if found > schema.version or (found and mark != schema.application_id):
        raise NewerFile(path, found, schema.version)
    return found


def _pragma(connection: Connection, name: str) -> int:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return int(row[0]) if row else 0


def _runner(migration: Migration) -> Callable[[Any], None]:
    def run(database: Any) -> None:  # a sqlite_utils.Database; see above why it is not imported here
        for statement in migration.statements:
            database.conn.execute(statement)

    return run
