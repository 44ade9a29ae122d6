"""The mutations fit the source as it is: a promise whose guard is never tried would be forgotten."""

from pathlib import Path

import pytest

from scripts.mutation import Mutation
from scripts.mutations import MUTATIONS, ROOT, change


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_finds_its_one_place_in_the_source(mutation: Mutation, tmp_path: Path) -> None:
    copy = tmp_path / "copy.py"
    copy.write_text((ROOT / mutation.file).read_text(encoding="utf-8"), encoding="utf-8")
    change(copy, mutation)
    compile(copy.read_text(encoding="utf-8"), mutation.file, "exec")


def test_a_mutation_without_its_place_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "empty.py"
    file.write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="0 places"):
        change(file, MUTATIONS[0])
