"""What the kiosk draws before the first visitor comes."""

import tomllib
from pathlib import Path

from antrean.domain.catalogue_file import mall_from_dict
from kiosk.faces import faces_to_warm
from printers.face import PAPER_80
from printers.ticket import ticket_bytes

SAMPLE = Path(__file__).parents[2] / "queue_server" / "samples" / "mpp.toml"


def test_every_common_service_is_drawn_beforehand_in_a_form_the_printer_takes() -> None:
    mall = mall_from_dict(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))
    common = [service.name.id for service in mall.services.values() if service.common]
    faces = faces_to_warm(mall, issuer="1", public_url="http://192.168.1.2:8080", language="id")
    assert [face.service for face in faces] == common
    assert all(face.ahead is not None and face.wait is not None for face in faces)
    assert ticket_bytes(faces[0], PAPER_80).startswith(b"\x1b@")
