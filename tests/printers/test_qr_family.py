"""Prepared codes are the library's own codes, module by module."""

from __future__ import annotations

import random

import pytest

from printers.qr import prepare, qr_image

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize(
    "start",
    [
        "HTTP://10.0.0.7:8080/T/",
        "HTTP://10.0.0.70:8080/T/",
        "HTTPS://ANTREAN.MPP-KABUPATEN-SAMUDRA.GO.ID/T/",
        "X",
    ],
)
def test_a_prepared_code_equals_the_library_s(start: str) -> None:
    chance = random.Random(5)
    texts = [start + "".join(chance.choices(LETTERS, k=26)) for _ in range(25)]
    plain = [qr_image(text).tobytes() for text in texts]
    prepare(texts[0])
    assert [qr_image(text).tobytes() for text in texts] == plain
    assert len(set(plain)) == len(texts)


def test_a_short_text_needs_no_preparation() -> None:
    before = qr_image("ANTREAN").tobytes()
    prepare("ANTREAN")
    assert qr_image("ANTREAN").tobytes() == before
