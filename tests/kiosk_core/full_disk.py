"""Run by test_full_disk on a tiny disk: a kiosk gives numbers until the last page, and again when there is room."""

import sys
from pathlib import Path

from antrean.ledger.connection import connect, quick_check
from antrean.ledger.device import DeviceLedger
from antrean.ledger.errors import DiskFull
from antrean.ledger.room import FILE_NAME as BALLAST
from kiosk.room import kiosk_room
from tests.ledger.device_rooms import STAMP, opened, paired, take
from tests.ledger.tiny_disk import stuff


def until_full(ledger: DeviceLedger, most: int = 5_000) -> list[str]:
    """Issue until the disk refuses."""
    labels: list[str] = []
    try:
        while len(labels) < most:
            labels += take(ledger)
    except DiskFull:
        return labels
    raise AssertionError("the disk was never full")


def main(folder: Path) -> None:
    """The story; AssertionError where it goes wrong."""
    room = kiosk_room(folder)
    ledger = paired(folder, room=room)
    room.refill()
    assert ledger.trouble() == ("", "")
    labels = take(ledger, 10)
    ended = folder / "spool" / "000000000001-old.printed"
    waiting = folder / "spool" / "000000000002-new.queued"
    ended.parent.mkdir()
    ended.write_bytes(b"x" * 200_000)
    waiting.write_bytes(b"x" * 1_000)
    stuffing = stuff(folder)

    while not room.low():
        labels += take(ledger)
        assert room.low() is not ended.exists() or not ended.exists(), (
            "the ballast went before a spooled leftover"
        )
    assert not ended.exists()
    assert waiting.exists()
    assert ledger.trouble() == ("full", "")
    on_ballast = until_full(ledger)
    labels += on_ballast
    assert len(on_ballast) > 100, len(on_ballast)

    before = ledger.own()
    for _ in range(3):
        try:
            take(ledger)
        except DiskFull:
            continue
        raise AssertionError("a number out of nowhere")
    assert ledger.own() == before
    ledger.check_chain()

    stuffing.unlink()
    labels += take(ledger, 5)
    ledger.tidy(STAMP.wall_ms)
    assert (folder / BALLAST).stat().st_blocks * 512 >= 8 * 1024 * 1024
    assert ledger.trouble() == ("", "")
    assert len(set(labels)) == len(labels)
    assert [int(label[3:]) for label in labels] == list(range(1, len(labels) + 1))
    issued = [event.body["number"] for event in ledger.events() if event.type == "TicketIssued"]
    assert issued == list(range(1, len(labels) + 1))
    ledger.close()

    connection = connect(folder / "kiosk.db")
    quick_check(connection, folder / "kiosk.db")
    connection.close()
    # A start on a full disk takes what it needs from the ballast.
    stuff(folder)
    again = opened(folder, room=room)
    take(again)
    again.close()
    print(f"{len(labels)} numbers, {len(on_ballast)} of them on the ballast")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
