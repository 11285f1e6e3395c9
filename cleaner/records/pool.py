"""Worker processes that may die: chunks go out, what became of them comes back in order, and whatever kills a worker
costs one record."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Final, Literal, TypeVar

from cleaner.records.chunk import Chunk, Done
from cleaner.types import CleanerError

Start = Literal["fork", "spawn", "forkserver"]
Other = TypeVar("Other")

_AHEAD: Final = 4
"""Chunks a worker that may be out or wait for one before them: what bounds memory where one chunk is slow."""
_TRIES: Final = 2
"""Workers that a record may cost alone before it is given up: the first may have died of something else."""
_LONGEST: Final = 3600.0
"""Seconds to wait for something to be said before looking again; the system knows no more than some weeks."""
_FRUITLESS: Final = 3
"""Workers in a row that die before they are ready, after which the run ends."""


class WorkersDieError(CleanerError):
    """No worker lives long enough to begin."""


@dataclass(slots=True)
class _Task:
    """A chunk on its way, or one record of a chunk that cost its worker."""

    number: int
    part: int
    chunk: Chunk
    tries: int = 0


@dataclass(slots=True)
class _Worker:
    process: multiprocessing.process.BaseProcess
    pipe: Connection
    ready: bool = False
    task: _Task | None = None
    due: float = float("inf")


@dataclass(frozen=True, slots=True)
class _Fault:
    """What a worker says that could not do its work, and lives."""

    reason: str


@dataclass(slots=True)
class _Parts:
    """What became of a chunk that had to be taken apart."""

    left: int
    done: dict[int, Done] = field(default_factory=dict)


class Pool:
    """`jobs` processes that do `work`; `give_up` says what becomes of a record that none of them survives, and why.

    `seconds` is the time a record may take; a chunk that takes as long is taken apart. `private` are numbers of open
    files, such as locks, that must not live on in a worker. A context manager: on leaving
    it the workers end, at once where they are in the midst of something."""

    def __init__(
        self,
        work: Callable[[Chunk], Done],
        give_up: Callable[[Chunk, str], Done],
        *,
        jobs: int,
        seconds: float,
        start: Start | None = None,
        private: Sequence[int] = (),
    ) -> None:
        self._context: Any = multiprocessing.get_context(start)
        self._work, self._give_up = work, give_up
        self._jobs, self._seconds = jobs, seconds
        self._private = tuple(private)
        self._workers: list[_Worker] = []
        self._again: deque[_Task] = deque()
        self._parts: dict[int, _Parts] = {}
        self._fruitless = 0

    def __enter__(self) -> Pool:
        for _ in range(self._jobs):
            self._workers.append(self._begun())
        return self

    def __exit__(self, *raised: object) -> None:
        for worker in self._workers:
            worker.pipe.close()  # an idle worker ends when its pipe does
            if worker.task or raised[0]:
                worker.process.kill()
        for worker in self._workers:
            worker.process.join()

    def done(self, items: Iterable[Chunk | Other]) -> Iterator[tuple[Chunk, Done] | Other]:
        """What became of each chunk, in order; what is no chunk passes through in its place."""
        source = iter(items)
        waiting: dict[int, Chunk | Other] = {}
        finished: dict[int, Done] = {}
        given = told = 0
        ended = False
        while True:
            while told in waiting and (told in finished or not isinstance(waiting[told], Chunk)):
                item = waiting.pop(told)
                yield (item, finished.pop(told)) if isinstance(item, Chunk) else item
                told += 1
            if ended and given == told:
                return
            while not ended and given - told < _AHEAD * self._jobs and not self._again and self._idle():
                try:
                    item = next(source)
                except StopIteration:
                    ended = True
                    break
                waiting[given] = item
                if isinstance(item, Chunk):
                    self._give(_Task(given, -1, item))
                given += 1
            while self._again and self._idle():
                self._give(self._again.popleft())
            if self._again or any(worker.task for worker in self._workers) or not (ended or self._idle()):
                self._hear(finished)

    def _idle(self) -> _Worker | None:
        return next((worker for worker in self._workers if worker.ready and not worker.task), None)

    def _give(self, task: _Task) -> None:
        worker = self._idle()
        assert worker is not None
        worker.task, worker.due = task, time.monotonic() + self._seconds
        try:
            worker.pipe.send_bytes(pickle.dumps(task.chunk, pickle.HIGHEST_PROTOCOL))
        except OSError:  # it died while it was idle: that is noticed where it is heard
            worker.due = 0.0

    def _hear(self, finished: dict[int, Done]) -> None:
        """Waits for one worker or more to say something, or to fall silent."""
        due = min(worker.due for worker in self._workers)
        pause = min(_LONGEST, max(0.0, due - time.monotonic()))
        heard = wait([worker.pipe for worker in self._workers], pause)
        for at, worker in enumerate(self._workers):
            if worker.pipe in heard:
                try:
                    said = pickle.loads(worker.pipe.recv_bytes())
                except (EOFError, OSError):
                    self._workers[at] = self._lost(worker, finished, None)
                    continue
                self._fruitless = 0
                task, worker.task, worker.due = worker.task, None, float("inf")
                worker.ready = True
                if task and isinstance(said, _Fault):
                    self._retry(task, said.reason, finished, last=True)
                elif task:
                    self._told(task, said, finished)
            elif worker.due <= time.monotonic():
                self._workers[at] = self._lost(worker, finished, f"took longer than {self._seconds:g} s")

    def _lost(self, worker: _Worker, finished: dict[int, Done], slow: str | None) -> _Worker:
        """A new worker for one that died or was too slow; what it had in hand is tried again, record by record."""
        worker.process.kill() if slow else None
        worker.pipe.close()
        worker.process.join()
        reason = slow or f"its worker process died: {_end(worker.process.exitcode)}"
        if not worker.ready:
            self._fruitless += 1
            if self._fruitless >= _FRUITLESS:
                self._workers.remove(worker)
                raise WorkersDieError(f"worker processes die as they begin: {reason}")
        if worker.task:
            self._retry(worker.task, reason, finished, last=bool(slow))
        return self._begun()

    def _retry(self, task: _Task, reason: str, finished: dict[int, Done], *, last: bool) -> None:
        """Has a chunk done record by record; a record alone once more, unless this was its last chance."""
        if task.part < 0 and len(task.chunk) > 1:
            singles = task.chunk.singles()
            self._parts[task.number] = _Parts(len(singles))
            self._again.extend(_Task(task.number, part, chunk) for part, chunk in enumerate(singles))
        elif last or task.tries + 1 >= _TRIES:
            self._told(task, self._give_up(task.chunk, reason), finished)
        else:
            self._again.append(_Task(task.number, task.part, task.chunk, task.tries + 1))

    def _told(self, task: _Task, done: Done, finished: dict[int, Done]) -> None:
        if task.part < 0:
            finished[task.number] = done
            return
        parts = self._parts[task.number]
        parts.done[task.part] = done
        if len(parts.done) == parts.left:
            whole = parts.done[0]
            for part in range(1, parts.left):
                whole.merge(parts.done[part])
            finished[task.number] = whole
            del self._parts[task.number]

    def _begun(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        # A forked process has our files too, and would never see its pipe end: it closes them.
        forked = self._context.get_start_method() == "fork"
        pipes = [ours, *(worker.pipe for worker in self._workers if not worker.pipe.closed)]
        foreign = [*self._private, *(pipe.fileno() for pipe in pipes)] if forked else []
        args = (theirs, foreign, self._work if forked else None)
        process = self._context.Process(target=_serve, args=args, daemon=True)
        try:
            process.start()
        except OSError as error:
            raise WorkersDieError(f"worker processes cannot be started: {error}") from None
        finally:
            theirs.close()
        if not forked:
            # Not as an argument: to start a process that dies meanwhile with a large one never ends.
            with contextlib.suppress(OSError):  # it died: that is noticed where it is heard
                ours.send_bytes(pickle.dumps(self._work, pickle.HIGHEST_PROTOCOL))
        return _Worker(process, ours)


def _serve(pipe: Connection, foreign: list[int], work: Callable[[Chunk], Done] | None) -> None:
    """What a worker process does: one chunk after the other, until its pipe ends."""
    for other in foreign:
        os.close(other)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # what was forked is never looked at again, so it stays shared
    try:
        work = work or pickle.loads(pipe.recv_bytes())
        pipe.send_bytes(pickle.dumps(None))
        while True:
            chunk = pickle.loads(pipe.recv_bytes())
            done: Done | _Fault
            try:
                done = work(chunk)
            except Exception as error:
                done = _Fault(f"not cleaned, by a fault of this program: {type(error).__name__}: {error}")
            pipe.send_bytes(pickle.dumps(done, pickle.HIGHEST_PROTOCOL))
            del chunk, done
            gc.collect()  # cycles that wait for their generation's turn are memory that grows with the input
    except (EOFError, OSError):  # the parent has ended
        os._exit(0)


def _end(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {-code} ({signal.Signals(-code).name})"
    return f"exit status {code}"
