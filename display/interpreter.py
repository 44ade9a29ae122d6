"""Keeps a display that runs for weeks alive on Python 3.11."""

import ctypes
import sys

ROOM = 1 << 40


def protect_none() -> None:
    """Give None so many references that it cannot be lost; harmless where it is immortal.

    PySide6 6.12's wheels are built for interpreters whose None is immortal (PEP 683, Python 3.12): each call
    without a result takes one reference of None away, and after some ten thousand the interpreter ends with
    "none_dealloc". Measured: 100 calls of QWidget.update cost 100 references.
    """
    if sys.implementation.name == "cpython" and sys.version_info < (3, 12):
        references = ctypes.c_ssize_t.from_address(id(None))
        if references.value < ROOM:
            references.value += ROOM
