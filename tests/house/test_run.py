"""What `make run` understands and prepares."""

import tomllib
from pathlib import Path

from antrean.domain.catalogue import Interval
from antrean.domain.catalogue_file import mall_from_dict
from queue_server.bookings.connectors import KINDS
from queue_server.bookings.settings import read_sources
from queue_server.samples import open_all_day
from scripts.run import first_link, introduce


def test_the_demonstration_is_open_on_a_sunday_night(root: Path) -> None:
    sample = (root / "queue_server" / "samples" / "mpp.toml").read_text(encoding="utf-8")
    mall = mall_from_dict(open_all_day(tomllib.loads(sample)))
    assert not mall.holidays
    for service in mall.services.values():
        assert mall.hours_of(service).week == ((Interval(0, 1440),),) * 7


def test_the_administrators_first_link_is_found_in_what_the_server_says() -> None:
    said = "board http://127.0.0.1:1/board\nfirst administrator (one time, 24 hours): http://127.0.0.1:1/first/ab\n"
    assert first_link(said) == "http://127.0.0.1:1/first/ab"
    assert first_link("board http://127.0.0.1:1/board\n") is None


def test_the_mall_and_the_booking_site_are_introduced_at_each_start_unless_a_person_keeps_the_file(
    tmp_path: Path,
) -> None:
    file = tmp_path / "bookings.toml"
    (tmp_path / "booking-site.secret").write_text("0123456789abcdef" * 4 + "\n", encoding="utf-8")
    for port in (8090, 8091):
        introduce(file, f"http://127.0.0.1:{port}")
        (source,) = read_sources(tmp_path, KINDS)
        assert (source.url, source.mall) == (f"http://127.0.0.1:{port}", "mall")
    kept = file.read_text(encoding="utf-8").replace("# Written", "# Changed")
    file.write_text(kept, encoding="utf-8")
    introduce(file, "http://127.0.0.1:8092")
    assert file.read_text(encoding="utf-8") == kept
