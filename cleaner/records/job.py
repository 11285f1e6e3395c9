"""A run: reader, workers and outputs joined, so that every record is written once, whatever stops the run between."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from types import FrameType
from typing import Any, TypeVar

from cleaner.read.input import Input
from cleaner.records.chunk import Chunk, Done, FileItem, Page, Reject
from cleaner.records.jsonline import dumps
from cleaner.records.pool import Pool, Start
from cleaner.records.sink import Sink
from cleaner.records.source import Reader
from cleaner.records.tally import Tally
from cleaner.records.work import Work, given_up
from cleaner.types import InputError, UsageError

Item = TypeVar("Item")


class Stopped(BaseException):
    """A signal ended the run; what was done is safe."""

    def __init__(self, number: int) -> None:
        self.number = number


@dataclass(frozen=True, slots=True)
class How:
    """How many processes, how long a record may take in seconds, how processes start (None: as Python does here)."""

    jobs: int = 1
    seconds: float = 300.0
    start: Start | None = None
    own: frozenset[str] = frozenset()
    """Real paths of what the run itself writes: not read where they stand in a folder."""


class Run:
    """One run over some inputs. `tally` counts as it goes, what an interrupted run had counted included."""

    def __init__(self, inputs: Sequence[Input], work: Work, sink: Sink, how: How = How()) -> None:
        self._work, self._sink, self._how = work, sink, how
        self._reader = Reader(inputs, own=how.own)
        self._digest = hashlib.blake2b(digest_size=16)
        try:
            known = sink.known or {"items": 0, "digest": None, "tally": Tally().as_dict()}
            self._skip, self._digest_then = int(known["items"]), known["digest"]
            self.tally = Tally.from_dict(known["tally"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InputError("the state of the interrupted run is not one; delete it and begin anew") from None
        self._items = self._skip
        self._clean = not self._skip
        """Whether what is known fits what is written: not while the work of an interrupted run is passed over, and not
        while something is being written."""
        self.before = self.tally.documents
        """Documents that an interrupted run had done."""

    @property
    def share(self) -> float | None:
        """How much of the input was read, 0..1, where that is known."""
        return self._reader.share

    def go(self, tell: Callable[[Reject | None], None]) -> None:
        """Does all of it but giving the outputs their names. `tell` hears of every reject, and after each chunk. Raises
        Stopped and OSError, and UsageError where the inputs are not those of the interrupted run."""
        stop = _Stop()
        how = self._how
        pool = Pool(
            self._work, given_up, jobs=how.jobs, seconds=how.seconds, start=how.start, private=self._sink.private
        )
        try:
            with stop, pool:
                for item in stop.between(pool.done(self._rest())):
                    self._take(item, tell)
                    self._sink.commit_if_due(self._known())
        except Stopped:
            if self._clean:
                self._sink.commit(self._known())
            raise
        self._sink.commit(self._known(), whole=True)

    def _take(self, item: tuple[Chunk, Done] | Reject, tell: Callable[[Reject | None], None]) -> None:
        done = Done(rejects=[item]) if isinstance(item, Reject) else item[1]
        if isinstance(item, Reject):
            done.tally.rejected = 1
        self._clean = False
        for out in done.out:
            self._sink.write("out", out)
        self._sink.write("ledger", done.ledger)
        self._sink.write("rejects", b"".join(_row(reject) for reject in done.rejects))
        self.tally.merge(done.tally)
        self._mark(item if isinstance(item, Reject) else item[0])
        self._items += 1
        self._clean = True
        for reject in done.rejects:
            tell(reject)
        tell(None)

    def _rest(self) -> Iterator[Chunk | Reject]:
        """What the interrupted run had not done. The digest goes over what is done, so that nobody goes on in another
        file."""
        items = iter(self._reader)
        for item in islice(items, self._skip):
            self._mark(item)
        if self._skip and self._digest.hexdigest() != self._digest_then:
            raise UsageError("the input is not the one that the interrupted run has read; begin anew")
        self._clean = True
        yield from items

    def _mark(self, item: Chunk | Reject) -> None:
        if not self._sink.resumable:
            return
        self._digest.update(repr(item[:3] if isinstance(item, Reject) else (item.file, item.first, len(item))).encode())
        for one in () if isinstance(item, Reject) else item.items:
            self._digest.update(_bytes(one))

    def _known(self) -> dict[str, Any]:
        tally = self.tally.as_dict()
        return {"items": self._items, "digest": self._digest.hexdigest(), "tally": tally}


class _Stop:
    """Signals that end a run, heard only between two items: what is being written is written to its end."""

    _HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._said = 0
        self._waiting = False
        self._before: list[tuple[signal.Signals, Any]] = []

    def __enter__(self) -> None:
        heard = [number for number in self._HEARD if signal.getsignal(number) is not signal.SIG_IGN]  # as under nohup
        self._before = [(number, signal.signal(number, self._hear)) for number in heard]

    def __exit__(self, *raised: object) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        again, self._said = self._said, number
        if self._waiting or again:  # who says it twice does not want to wait for what is being written
            raise Stopped(number)

    def between(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items; Stopped where a signal came."""
        source = iter(items)
        while True:
            self._waiting = True
            if self._said:
                raise Stopped(self._said)
            try:
                item = next(source)
            except StopIteration:
                return
            finally:
                self._waiting = False
            yield item


def _row(reject: Reject) -> bytes:
    row = {name: value for name, value in reject._asdict().items() if value is not None or name == "record"}
    return dumps(row).encode() + b"\n"


def _bytes(item: object) -> bytes:
    """What tells one record from another."""
    if isinstance(item, Page):
        return item.id.encode("utf-8", "replace") + item.body
    if isinstance(item, bytes):
        return item
    if isinstance(item, FileItem):
        return os.fsencode(item.name) + (item.data or b"")
    return item.serialize().to_pybytes()  # type: ignore[attr-defined, no-any-return]  # a record batch
