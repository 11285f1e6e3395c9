"""Outputs that stand under their own names only when they are whole, and go on where an interrupted run stopped.

Beside `FILE` a run keeps `FILE.part`, what is written so far, `FILE.state`, how much of it counts, and `FILE.lock`. A
commit makes the parts safe on disk and then says so in the state, in one step; what a part holds beyond that is cut off
on resuming."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from cleaner.records.part import Part
from cleaner.types import InputError, UsageError

_SIDES: Final = (".part", ".part.done", ".state", ".state.new", ".lock")


def own_files(name: str) -> set[str]:
    """The real paths of an output and of all that stands beside it while it is written."""
    real = os.path.realpath(name)
    return {real, *(real + side for side in _SIDES)}


class Sink:
    """All outputs of a run, written in step, committed `every` so many seconds. `state` names the state file, None
    where nothing is to be resumed; `locks` are held until `close`.

    Raises UsageError where an earlier run's parts are there and `resume` is not set, or another run is at work on
    them, or the interrupted run was another one (`run` says what makes a run the same)."""

    def __init__(
        self,
        parts: dict[str, Part],
        state: Path | None,
        run: dict[str, Any],
        *,
        locks: Iterable[Path],
        resume: bool,
        every: float,
    ) -> None:
        self._parts, self._state, self._run = parts, state, run
        self.known: dict[str, Any] = {}
        """What the last commit of the interrupted run knew; empty where there is none."""
        self.finished = False
        """Whether the interrupted run had done everything but give the outputs their names."""
        self._every, self._last = every, time.monotonic()
        self._locks: dict[Path, int] = {}
        try:
            for path in locks:
                self._locks[path] = _locked(path)
            self._begin(resume)
        except BaseException:
            self.close()
            raise

    @property
    def private(self) -> list[int]:
        """Numbers of open files that no other process may hold."""
        return list(self._locks.values())

    @property
    def resumable(self) -> bool:
        """Whether what is done is written down."""
        return self._state is not None

    def _begin(self, resume: bool) -> None:
        state = self._state
        if state and state.exists():
            if not resume:
                raise UsageError(f"{state} is of an interrupted run; --resume goes on with it, or delete it")
            found = self._found(state)
            self.known, self.finished = found["known"], found["whole"]
            if self.finished:
                return
            sizes = found["sizes"]
        else:
            sizes = {}
            # From here on what stands under the output's name is not this run's, and nobody may take it for that.
            self._write_state({}, {}, whole=False)
        for name, part in self._parts.items():
            part.begin()
            part.cut(sizes.get(name, 0))

    def _found(self, state: Path) -> dict[str, Any]:
        """The state of the interrupted run, if it was this one."""
        try:
            found: dict[str, Any] = json.loads(state.read_bytes())
            was = found["run"]
            right = isinstance(found["known"], dict) and isinstance(found["whole"], bool)
            right = right and all(isinstance(size, int) and size >= 0 for size in found["sizes"].values())
            other = next((name for name in self._run if was[name] != self._run[name]), None)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            right, other = False, None
        if not right:
            raise InputError(f"{state} is not the state of a run; delete it and begin anew")
        if other:
            raise UsageError(f"{state} is of a run with another {other}: {was[other]!r}, not {self._run[other]!r}")
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
        self._write_state(known, {name: part.commit() for name, part in self._parts.items()}, whole=whole)
        self._last = time.monotonic()

    def _write_state(self, known: dict[str, Any], sizes: dict[str, int], *, whole: bool) -> None:
        if self._state:
            found = {"run": self._run, "known": known, "sizes": sizes, "whole": whole}
            replaced(self._state, json.dumps(found).encode())

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
        for path, lock in self._locks.items():
            path.unlink(missing_ok=True)
            os.close(lock)
        self._locks = {}


def _locked(path: Path) -> int:
    """A lock, held until its number is closed or the process ends; what a dead run has left is taken over."""
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.exists(path) and os.path.samestat(os.fstat(lock), os.stat(path)):
                return lock
        except BlockingIOError:
            os.close(lock)
            raise UsageError(f"{path.with_suffix('')} is being written by another run") from None
        except FileNotFoundError:  # the other run has just ended, and taken its lock away
            pass
        os.close(lock)


def replaced(path: Path, data: bytes) -> None:
    """Writes a small file in one step. Raises OSError."""
    fresh = Path(f"{path}.new")
    with open(fresh, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
