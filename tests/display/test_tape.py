"""What a sound device reads: whole sounds one after the other, and silence without end."""

from loudspeaker.tape import Tape


def test_sounds_follow_each_other_whole_and_silence_follows_them() -> None:
    tape = Tape()
    assert tape.readData(4) == bytes(4)
    tape.put(b"abcdef")
    tape.put(b"ghij")
    assert tape.readData(8) == b"abcdefgh"
    assert tape.readData(8) == b"ij" + bytes(6)
    assert tape.readData(3) == bytes(3)


def test_how_much_of_the_last_sound_was_taken() -> None:
    tape = Tape()
    assert tape.taken() == 1
    tape.put(b"abcd")
    tape.put(b"efgh")
    assert tape.taken() == 0
    tape.readData(6)
    assert tape.taken() == 0.5
    tape.readData(6)
    assert tape.taken() == 1


def test_there_is_always_more_and_no_way_back() -> None:
    tape = Tape()
    assert tape.isSequential()
    assert tape.bytesAvailable() > 10_000
    assert tape.writeData(b"x", 1) == -1
    assert bytes(tape.read(4).data()) == bytes(4)
