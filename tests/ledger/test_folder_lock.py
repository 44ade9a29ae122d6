"""Sharing a folder, by the system's own shared locks and by locks on bytes alone."""

from pathlib import Path

from antrean.ledger.folder_lock import FolderLock, Seats


class FakeBytes:
    """A file whose bytes can be locked by several holders, as Windows does it."""

    def __init__(self) -> None:
        self.taken: dict[int, int] = {}
        self._holders = 0

    def seats(self, while_waiting: list[Seats] | None = None) -> Seats:
        """One more program at this file; when it must wait, the others let go."""
        self._holders += 1
        holder = self._holders

        def take(first: int, count: int) -> bool:
            wanted = range(first, first + count)
            if any(byte in self.taken for byte in wanted):
                return False
            self.taken.update(dict.fromkeys(wanted, holder))
            return True

        def leave(first: int, count: int) -> None:
            for byte in range(first, first + count):
                assert self.taken.pop(byte) == holder

        def pause(seconds: float) -> None:
            assert while_waiting, "waited for nobody"
            while_waiting.pop()(False, True)

        return Seats(take, leave, pause)


def test_byte_locks_tell_the_first_one_in_and_the_last_one_out() -> None:
    file = FakeBytes()
    one, two = file.seats(), file.seats()
    assert one(True, False)
    assert not two(True, False)
    one(False, True)
    two(False, True)
    assert not one(True, False)
    assert len(file.taken) == 2  # a refusal leaves both in their seats
    assert not two(True, False)


def test_a_sharer_waits_for_who_is_alone() -> None:
    file = FakeBytes()
    one = file.seats()
    two = file.seats([one])
    assert one(True, False)
    assert two(False, True)
    assert len(file.taken) == 2


def test_the_systems_locks_behave_the_same(tmp_path: Path) -> None:
    one, two = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    assert one.alone()
    assert not two.alone()
    one.share()
    two.share()
    assert not one.alone()
    one.close()
    assert two.alone()
    two.close()
