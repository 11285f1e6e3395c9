"""Fits the score's weights: `python -m cleaner.learn.train --data DIR (--folds DIR | --calibration FILE)`.

Reads what `cleaner.learn.dataset` made and fits the net of `judge.model` with PyTorch on the CPU. The same data and
seed give the same files. `--folds` writes fold0.npz, fold1.npz, ..., each fitted without the domains of its fold, for
judging on pages that the fit never saw, and calibration.json; `--calibration` takes that and fits the shipped weights
on all. Only documents marked `open` are used unless `--closed` is given.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import sys
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from cleaner.judge.features import BUCKETS, NAMES
from cleaner.judge.markup import MARK_BUCKETS, MARKUP_NAMES
from cleaner.judge.model import DILATIONS, FOR_PAGES, SHIPPED, Model, page_marks, wanted
from cleaner.learn import teacher
from cleaner.learn.calibrate import Line, curve, line, regression, show
from cleaner.learn.examples import Sample, samples
from cleaner.learn.net import TABLE, WIDTH, Batch, BatchMarks, Net, batches
from cleaner.learn.paged import PAGE

EPOCHS: Final = 8
PAGE_EPOCHS: Final = 6
RATE: Final = 2e-3
KIND_WEIGHT: Final = 0.15
KIND_MOST: Final = 8.0
"""Most that a segment's kind counts: put-in appeals must not make every other surprise an appeal."""
NO_WORD: Final = 0.15
"""Share of words hidden in a step."""
NO_TITLE: Final = 0.5
NO_VOTE: Final = 0.3
"""Share of pages whose vote is hidden in a step, so that the net serves without one."""
_VOTES: Final = [number for number, name in enumerate(MARKUP_NAMES) if name.startswith("vote")]
NO_MODERN: Final = 0.3
"""Share of pages of which a step does not see the tags that pages of before 2010 have not: those must do without."""
_MODERN: Final = [
    number
    for number, name in enumerate(MARKUP_NAMES)
    if name.removeprefix("is ").removeprefix("in ")
    in (
        "article",
        "aside",
        "button",
        "details",
        "dialog",
        "figcaption",
        "figure",
        "footer",
        "header",
        "main",
        "nav",
        "section",
        "summary",
    )
]
NO_PAGE: Final = (0.0, 0.0, 0.0, 0.0)
NATURAL: Final = frozenset({"blocks", "trafilatura", "clean", PAGE})
"""Producers whose texts say how often what is so; put-in appeals and hard negatives are more than there are."""
SITES: Final = 15
"""Sites that a word must be met on to count: what fewer say is learned by heart, not understood."""


_ITEMS: Final[list[Sample]] = []
"""All samples, in the processes of the pool."""


def loss_of(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Weighted: that a segment is not body, and for what is not body its kind."""
    first = nn.functional.binary_cross_entropy_with_logits(
        logits[..., 0], batch.target, weight=batch.weight, reduction="sum"
    )
    second = nn.functional.cross_entropy(
        logits[..., 1:].flatten(0, 1), batch.kind.flatten(), ignore_index=-1, reduction="none"
    )
    both = first + KIND_WEIGHT * (second * batch.weight.flatten().clamp(max=KIND_MOST)).sum()
    return both / batch.weight.sum().clamp(min=1)


def fit(items: Sequence[Sample], *, seed: int = 1, epochs: int = EPOCHS) -> Net:
    """A fitted net."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    chance = np.random.default_rng(seed)
    title = [NAMES.index("title known"), NAMES.index("title overlap")]
    net = Net(common_words(items), *standard(items), common_marks(items))
    steps = sum(1 for _ in batches(items, np.random.default_rng(0), shuffle=False)) * epochs
    others = [value for name, value in net.named_parameters() if name != "table.weight"]
    groups = [{"params": others, "weight_decay": 0.05}, {"params": [net.table.weight], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / max(steps, 1)))
    for epoch in range(epochs):
        net.train()
        total, seen = 0.0, 0
        for batch in batches(items, chance, shuffle=True):
            hidden = torch.from_numpy(chance.random((batch.mask.shape[0], 1, 1)) < NO_TITLE)
            batch.shape[..., title] *= (~hidden).float()
            batch.words[torch.from_numpy(chance.random(len(batch.words)) < NO_WORD)] = 0
            if batch.marks:
                _hide_marks(batch.marks, chance)
            optimizer.zero_grad()
            loss = loss_of(net(batch), batch)
            loss.backward()
            net.clear_row_0(net.table.weight.grad)
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            total, seen = total + loss.item(), seen + 1
        sys.stderr.write(f"epoch {epoch + 1} of {epochs}: loss {total / max(seen, 1):.4f}\n")
    net.eval()
    return net


def _rate(done: float) -> float:
    """Share of the full learning rate when so much of the fit is done: up in the first tenth, then down to nothing."""
    return min(done / 0.1, 1.0) * max(0.01, 0.5 + 0.5 * math.cos(math.pi * min(done, 1.0)))


def common_words(items: Sequence[Sample]) -> np.ndarray:
    """The buckets of words that are met on enough sites, sorted."""
    sites: dict[str, list[np.ndarray]] = defaultdict(list)
    for item in items:
        sites[item.domain].append(item.features.words)
    count = np.zeros(BUCKETS, np.int64)
    for words in sites.values():
        count[np.unique(np.concatenate(words))] += 1
    count[0] = 0
    return np.flatnonzero(count >= SITES)


def common_marks(items: Sequence[Sample]) -> np.ndarray | None:
    """The same for the words of markup; None unless all documents are pages."""
    sites: dict[str, list[np.ndarray]] = defaultdict(list)
    for item in items:
        if item.features.marks is None:
            return None
        sites[item.domain] += [item.features.marks.near, item.features.marks.far]
    count = np.zeros(MARK_BUCKETS, np.int64)
    for words in sites.values():
        count[np.unique(np.concatenate(words))] += 1
    count[0] = 0
    return np.flatnonzero(count >= SITES)


def _hide_marks(marks: BatchMarks, chance: np.random.Generator) -> None:
    """Hides words of markup, and for some pages trafilatura's vote and tags of today."""
    for words in (marks.near, marks.far):
        words[torch.from_numpy(chance.random(len(words)) < NO_WORD)] = 0
    for columns, share in ((_VOTES, NO_VOTE), (_MODERN, NO_MODERN)):
        hidden = torch.from_numpy(chance.random((len(marks.numbers), 1, 1)) < share)
        marks.numbers[..., columns] *= (~hidden).float()


def standard(items: Sequence[Sample]) -> tuple[np.ndarray, np.ndarray]:
    """What centres the numbers and gives them unit spread; the hashed words are left as they are."""
    some = items[:: max(1, len(items) // 2000)]
    parts = [(TABLE, np.concatenate([item.features.shape for item in some]))]
    if found := [item.features.marks.numbers for item in some if item.features.marks]:
        parts.append((2 * TABLE, np.concatenate(found)))
    mean = np.concatenate([np.concatenate([np.zeros(size), part.mean(0)]) for size, part in parts]).astype(np.float32)
    spread = np.concatenate(
        [np.concatenate([np.full(size, 0.1), np.maximum(part.std(0), 0.05)]) for size, part in parts]
    )
    return mean, (1 / spread).astype(np.float32)


def arrays(net: Net, about: dict[str, Any], found: Line, page: Sequence[float]) -> dict[str, np.ndarray]:
    """The weights as `judge.model.Model` reads them: the table in 8 bits, the rest in 16."""
    out: dict[str, np.ndarray] = {
        **_words("", net.table, net.rows),
        "mean": net.mean.numpy(),
        "scale": net.scale.numpy(),
        "sharpness": np.asarray(found.sharpness, np.float32),
        "shift": np.asarray(found.shift, np.float32),
        "page": np.asarray(page, np.float32),
    }
    out |= _linear("enter", net.enter) | _linear("mix", net.mix) | _linear("leave", net.leave)
    for name, pick in (("first", net.first), ("second", net.second)):
        out |= _linear(f"{name}_heads", pick.heads) | _linear(name, pick.out)
    for dilation, conv in zip(DILATIONS, net.near, strict=True):
        weight = conv.weight.detach().numpy()
        out[f"near{dilation}"] = weight.transpose(2, 1, 0).reshape(-1, WIDTH).astype(np.float16)
        out[f"near{dilation}_bias"] = conv.bias.detach().numpy().astype(np.float16)
    if net.mark_rows is not None:
        out |= _words("mark_", net.mark_table, net.mark_rows) | _linear("alike", net.alike)
    about = wanted(pages=net.mark_rows is not None) | about
    out["about"] = np.asarray(json.dumps(about, sort_keys=True))
    return out


def _words(name: str, embedding: nn.EmbeddingBag, rows: np.ndarray) -> dict[str, np.ndarray]:
    """A table of words in 8 bits, a column a number."""
    table = embedding.weight.detach().numpy()
    scale = np.maximum(np.abs(table).max(axis=0), 1e-6) / 127
    return {
        f"{name}table": np.round(table / scale).astype(np.int8).T.copy(),
        f"{name}table_scale": scale.astype(np.float32),
        f"{name}steps": np.diff(rows, prepend=0).astype(np.uint32),
    }


def _linear(name: str, layer: nn.Linear) -> dict[str, np.ndarray]:
    return {
        name: layer.weight.detach().numpy().T.astype(np.float16),
        f"{name}_bias": layer.bias.detach().numpy().astype(np.float16),
    }


def save(path: Path, weights: dict[str, np.ndarray]) -> None:
    """Writes the file; the same arrays give the same bytes."""
    import io
    import zipfile

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(weights):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asanyarray(weights[name]), allow_pickle=False)
            file.writestr(
                zipfile.ZipInfo(f"{name}.npy", (2026, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED
            )


def data_hash(folder: Path) -> str:
    """A hash of everything in the data folder that was read."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:16]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that cleaner.learn.dataset wrote")
    parser.add_argument("--out", type=Path, help="weights file (default: the shipped one, for pages or for text)")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--folds", type=Path, help="write weights fitted without each fold there, and calibration.json")
    how.add_argument("--calibration", type=Path, help="fit on all, with the calibration.json that --folds wrote")
    parser.add_argument("--pairs", action="store_true", help="with --folds: nets without two folds too, for teachers")
    parser.add_argument("--closed", action="store_true", help="use data without an open licence too; not for shipping")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, help=f"default: {EPOCHS} for text, {PAGE_EPOCHS} for pages")
    parser.add_argument("--jobs", type=int, default=2, help="folds fitted at a time")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)  # several would add in another order, and give other weights
    items = list(samples(args.data, closed=args.closed))
    pages = all(item.producer == PAGE for item in items)
    args.epochs = args.epochs or (PAGE_EPOCHS if pages else EPOCHS)
    if args.folds:
        return _fit_folds(items, args)
    about = {"seed": args.seed, "epochs": args.epochs, "data": data_hash(args.data), "texts": len(items)}
    known = json.loads(args.calibration.read_text())
    net = fit([item.learned(None) for item in items], seed=args.seed, epochs=args.epochs)
    weights = arrays(net, about, Line(known["sharpness"], known["shift"]), known["page"])
    save(args.out or (FOR_PAGES if pages else SHIPPED), weights)
    return 0


def _fit_folds(items: Sequence[Sample], args: argparse.Namespace) -> int:
    """Weights without each fold, all calibrated on what each did not see, and calibration.json."""
    args.folds.mkdir(parents=True, exist_ok=True)
    folds = sorted({item.fold for item in items})
    left_out = [(fold,) for fold in folds] + (list(combinations(folds, 2)) if args.pairs else [])
    with get_context("fork").Pool(args.jobs, initializer=_begin, initargs=(items,)) as pool:
        tasks = [(unseen, args.seed, args.epochs) for unseen in left_out]
        fitted = dict(zip(left_out, pool.imap(_fit, tasks), strict=True))
    models = {fold: Model(arrays(fitted[fold,], {}, Line(1.0, 0.0), NO_PAGE)) for fold in folds}
    known = calibrated(models, items)
    data = data_hash(args.data)
    for unseen, net in fitted.items():
        about = {"seed": args.seed, "epochs": args.epochs, "data": data, "unseen": unseen}
        slope = Line(known["sharpness"], known["shift"])
        save(args.folds / teacher.name(*unseen), arrays(net, about, slope, known["page"]))
    (args.folds / "calibration.json").write_text(json.dumps(known, indent=1))
    return 0


def calibrated(models: dict[int, Model], items: Sequence[Sample]) -> dict[str, Any]:
    """What makes chances of what the nets say, by documents that each did not see; prints the calibration curve."""
    logits = [models[item.fold].logits(item.features)[:, 0] for item in items]
    natural = [number for number, item in enumerate(items) if item.producer in NATURAL]
    if all(item.producer == PAGE for item in items):  # what is no article is judged by other bars elsewhere
        natural = [number for number, item in enumerate(items) if item.article]
    words = [np.diff(np.append(item.features.starts, len(item.features.words))) / 4 for item in items]
    said, so, weight = (
        np.concatenate([values[number] for number in natural])
        for values in (logits, [item.target for item in items], words)
    )
    found = line(said, so, weight)
    bins = curve(found.chance(said), so, weight)
    print(show(bins))
    judged = [number for number, item in enumerate(items) if item.producer not in ("trafilatura", "corpus", PAGE)]
    if not judged:  # pages are known to be pages
        return {**found._asdict(), "page": list(NO_PAGE), "curve": [item._asdict() for item in bins]}
    marks = np.stack([page_marks(found.chance(logits[number])) for number in judged])
    pages = np.asarray([items[number].producer == "blocks" for number in judged], float)
    page = regression(marks, pages, np.ones(len(pages)), np.zeros(marks.shape[1]))
    return {**found._asdict(), "page": page.tolist(), "curve": [item._asdict() for item in bins]}


def _begin(items: Sequence[Sample]) -> None:
    """Readies a process of the pool; forked, it has the items without a copy."""
    torch.set_num_threads(1)
    _ITEMS[:] = items


def _fit(task: tuple[tuple[int, ...], int, int]) -> Net:
    unseen, seed, epochs = task
    judged = unseen[0] if len(unseen) == 1 else None
    return fit([item.learned(judged) for item in _ITEMS if item.fold not in unseen], seed=seed, epochs=epochs)


if __name__ == "__main__":
    sys.exit(main())
