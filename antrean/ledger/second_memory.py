"""A second copy of what a kiosk cannot ask for again without a person: its pairing, its secrets, the mall's file."""

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path

from antrean.domain.errors import Unavailable
from antrean.ledger import small_file

log = logging.getLogger(__name__)
FILE_NAME = "kiosk.memory"


class SecondMemory:
    """The file, written when a fact changed. `trouble` says why the last write failed; nothing waits for it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self.trouble = ""
        self._written = b""

    def load(self) -> dict[str, str]:
        """The remembered facts by name; {} when the file is missing or torn."""
        content = small_file.read(self.path)
        if content is None:
            return {}
        text, _, told = content.rpartition(b"\n")
        try:
            facts = json.loads(text)
        except ValueError:
            return {}
        whole = told == hashlib.sha256(text).hexdigest().encode() and isinstance(facts, dict)
        return {str(name): str(value) for name, value in facts.items()} if whole else {}

    def keep(self, facts: Mapping[str, str]) -> None:
        """Write the facts unless the file already holds them."""
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
        content = text + b"\n" + hashlib.sha256(text).hexdigest().encode()
        if content == self._written:
            return
        if small_file.read(self.path) != content:
            try:
                small_file.write_durably(self.path, content)
            except (OSError, Unavailable) as error:
                self.trouble = str(error)
                log.error("the second file %s cannot be written: %s", self.path, error)
                return
        self._written, self.trouble = content, ""
