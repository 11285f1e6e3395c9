"""One output on its way to being whole."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from cleaner.read.unpack import Packer
from cleaner.types import InputError


class Part(Protocol):
    """An output on its way. Everything raises OSError with the output's name."""

    def begin(self) -> object:
        """Makes the part, empty if it was not there."""

    def write(self, data: Any) -> None:
        """Takes some more."""

    def commit(self) -> int:
        """Makes all that was written safe, and says how much that is."""

    def cut(self, size: int) -> None:
        """Drops what was written beyond a commit. Raises InputError if that much is not there."""

    def publish(self) -> None:
        """Puts the whole under its own name. May be asked twice."""

    def close(self) -> None:
        """Lets go of files; nothing is written any more."""


class FilePart:
    """Bytes, packed if the file's name says so."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, Path(f"{path}.part")
        self._packer = Packer(path.name) if Packer.wanted(path.name) else None
        self._file: BinaryIO | None = None

    def begin(self) -> None:
        with _named(self._part):
            self._file = open(self._part, "ab")  # noqa: SIM115

    def write(self, data: bytes) -> None:
        assert self._file
        if data:
            with _named(self._part):
                self._file.write(self._packer.give(data) if self._packer else data)

    def commit(self) -> int:
        assert self._file
        with _named(self._part):
            if self._packer:
                self._file.write(self._packer.end())
            self._file.flush()
            os.fsync(self._file.fileno())
            return self._file.tell()

    def cut(self, size: int) -> None:
        assert self._file
        with _named(self._part):
            if self._file.seek(0, os.SEEK_END) < size:
                raise InputError(f"{self._part} is not as the interrupted run left it; delete it and begin anew")
            self._file.truncate(size)
            self._file.seek(size)

    def publish(self) -> None:
        with _named(self._part):
            if self._file and self._packer and not self._file.tell():
                self._file.write(self._packer.give(b"") + self._packer.end())  # nothing at all is no packed file
            self.close()
            if self._part.exists():
                if self._path.exists():
                    shutil.copymode(self._path, self._part)
                os.replace(self._part, self._path)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


class Stream:
    """Standard output, a pipe, a device: what is written is out."""

    def __init__(self, stream: BinaryIO, name: str | None = None) -> None:
        self._stream, self._name = stream, name

    def begin(self) -> None:
        pass

    def write(self, data: bytes) -> None:
        with _named(self._name):
            self._stream.write(data)
            self._stream.flush()

    def commit(self) -> int:
        return 0

    def cut(self, size: int) -> None:
        pass

    def publish(self) -> None:
        pass

    def close(self) -> None:
        if self._name:
            self._stream.close()


def is_device(name: str | None) -> bool:
    """Whether what stands there must stay as it is: a pipe, a terminal, /dev/null; /dev/stdout even where that is a
    file just now."""
    if name is None:
        return False
    open_already = name.startswith(("/dev/std", "/dev/fd/", "/proc/"))
    return open_already or (os.path.exists(name) and not os.path.isfile(name))


def part_of(name: str | None) -> Part:
    """The output of this name, on its way; None is standard output. Where the name is a link, it stays one."""
    if name is None or name == "/dev/stdout":
        return Stream(sys.stdout.buffer)
    return Stream(open(name, "ab"), name) if is_device(name) else FilePart(Path(os.path.realpath(name)))


@contextmanager
def _named(name: str | Path | None) -> Iterator[None]:
    """Errors name what could not be written; without a name it is standard output."""
    try:
        yield
    except OSError as error:
        if name is None or error.filename:
            raise
        raise OSError(error.errno, error.strerror, str(name)) from error
