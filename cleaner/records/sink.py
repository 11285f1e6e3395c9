"""Outputs that stand under their own names only when they are whole, and go on where an interrupted run stopped.

Beside `FILE` a run keeps `FILE.part`, what is written so far, and `FILE.state`, how much of it counts. A commit makes
the parts safe on disk and then says so in the state, in one step; what a part holds beyond that is cut off on resuming.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from cleaner.read.unpack import Packer
from cleaner.types import InputError, UsageError


class Part(Protocol):
    """An output on its way."""

    def begin(self) -> Path | None:
        """Makes the part, empty if it was not there, and names it."""

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

    def begin(self) -> Path:
        self._file = open(self._part, "ab")  # noqa: SIM115
        return self._part

    def write(self, data: bytes) -> None:
        assert self._file
        if data:
            self._file.write(self._packer.give(data) if self._packer else data)

    def commit(self) -> int:
        assert self._file
        if self._packer:
            self._file.write(self._packer.end())
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def cut(self, size: int) -> None:
        if self._part.stat().st_size < size:
            raise InputError(f"{self._part} is not as the interrupted run left it; delete it and begin anew")
        os.truncate(self._part, size)

    def publish(self) -> None:
        self.close()
        if self._part.exists():
            os.replace(self._part, self._path)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


class Stream:
    """Standard output, a pipe, a device: what is written is out."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def begin(self) -> None:
        pass

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._stream.flush()

    def commit(self) -> int:
        return 0

    def cut(self, size: int) -> None:
        raise UsageError("standard output cannot be resumed; name a file with -o")

    def publish(self) -> None:
        pass

    def close(self) -> None:
        pass


def is_device(name: str | None) -> bool:
    """Whether what stands there must stay as it is: a pipe, a terminal, /dev/null; /dev/stdout even where that
    is a file just now."""
    return name is not None and (name.startswith("/dev/") or (os.path.exists(name) and not os.path.isfile(name)))


def part_of(name: str) -> Part:
    """The output of this name, on its way. Where the name is a link, it stays one."""
    return Stream(open(name, "wb")) if is_device(name) else FilePart(Path(os.path.realpath(name)))


class Sink:
    """All outputs of a run, written in step, committed `every` so many seconds. `state` names the state file, None
    where nothing is to be resumed.

    Raises UsageError where an earlier run's parts are there and `resume` is not set, or another run is at work on
    them, or the interrupted run was another one (`run` says what makes a run the same)."""

    def __init__(
        self, parts: dict[str, Part], state: Path | None, run: dict[str, Any], *, resume: bool, every: float
    ) -> None:
        self._parts, self._state, self._run = parts, state, run
        self.known: dict[str, Any] = {}
        """What the last commit of the interrupted run knew; empty where there is none."""
        self.finished = False
        """Whether the interrupted run had done everything but give the outputs their names."""
        self._every, self._last = every, time.monotonic()
        self.locks: list[int] = []
        """Numbers of open files that hold the locks on the parts."""
        interrupted = state is not None and state.exists()
        if interrupted and not resume:
            raise UsageError(f"{state} is of an interrupted run; --resume goes on with it, or delete it")
        try:
            found = self._found(state) if state and interrupted else None
            if found and found["whole"]:
                self.finished = True
                self.publish()
                return
            for name, part in parts.items():
                if path := part.begin():
                    self.locks.append(_locked(path))
                    part.cut(found["sizes"].get(name, 0) if found else 0)
        except BaseException:
            self.close()
            raise

    def _found(self, state: Path) -> dict[str, Any]:
        """The state of the interrupted run, if it was this one."""
        try:
            found: dict[str, Any] = json.loads(state.read_bytes())
            known, run, _, _ = found["known"], found["run"], found["sizes"].items(), found["whole"]
            other = {name: run[name] for name in self._run if run[name] != self._run[name]}
        except (ValueError, KeyError, TypeError, AttributeError):
            raise InputError(f"{state} is not the state of a run; delete it and begin anew") from None
        for name, was in other.items():
            raise UsageError(f"{state} is of a run with another {name}: {was!r}, not {self._run[name]!r}")
        self.known = known
        return found

    def write(self, name: str, data: Any) -> None:
        """Writes some more to one output."""
        if name in self._parts:
            self._parts[name].write(data)

    def commit_if_due(self, known: dict[str, Any]) -> None:
        """Commits once in a while."""
        if self._state and time.monotonic() - self._last >= self._every:
            self.commit(known)

    def commit(self, known: dict[str, Any], *, whole: bool = False) -> None:
        """Makes what was written count, together with what the run knows at this point."""
        sizes = {name: part.commit() for name, part in self._parts.items()}
        if self._state:
            found = {"run": self._run, "known": known, "sizes": sizes, "whole": whole}
            _replaced(self._state, json.dumps(found).encode())
        self._last = time.monotonic()

    def publish(self) -> None:
        """Gives every output its name; the state goes last."""
        for part in self._parts.values():
            part.publish()
        if self._state:
            self._state.unlink(missing_ok=True)

    def close(self) -> None:
        """Lets go of all files."""
        for part in self._parts.values():
            with contextlib.suppress(OSError):  # a full disk was told of when it was written to
                part.close()
        for lock in self.locks:
            os.close(lock)


def _locked(path: Path) -> int:
    """A lock on a part, held until its number is closed or the process ends."""
    lock = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise UsageError(f"{path} is being written by another run") from None
    return lock


def _replaced(path: Path, data: bytes) -> None:
    """Writes a small file in one step."""
    fresh = Path(f"{path}.new")
    with open(fresh, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
