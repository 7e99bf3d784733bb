"""Whether the style that was asked for is heard: a classifier trained on human pieces names our windows' styles.

Conventions: human windows are test pieces the classifier never saw; ours answer the same requests as in two_sample
(run both in one command and they share them). Classes without enough held-out pieces (jazz, polonaise, ragtime) are
asked for as pieces of the training split are: style, key, metre, tempo, players, no notes. The goal is about what we
write. Confusion tables lie beside the results as CSV and PNG.
Does not know: how the classifier was trained (zhiyin.judge.style_net_build).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.generators import Asking, guided_generators, model_generators
from benchmarks.human_windows import KNOWN, answers, corpus_folder, draw_askings
from benchmarks.runner import Context, Result
from benchmarks.two_sample import PER_STYLE, STYLES
from zhiyin.data.corpus import load_human_corpus
from zhiyin.judge.features import features_of
from zhiyin.judge.style_net import StyleNet, load_style_net
from zhiyin.judge.style_net_data import WINDOWS_A_CLASS, class_of, class_windows, split_pieces
from zhiyin.judge.style_scores import calibration_error, confusion, macro_f1, recalls, top_k

TWELVE = ">= 12"
HEARD = 0.5  # a class counts as told apart when more than half of its windows are named right
MOST_PLAYERS = 12


@dataclass(frozen=True, eq=False)
class Named:
    """Windows with their class, what the classifier gave them, and the draw: label, shares (n, classes), seed."""

    label: NDArray[np.int64]
    shares: NDArray[np.float64]
    seed: NDArray[np.int64]

    @property
    def table(self) -> NDArray[np.int64]:
        """Return the confusion table."""
        return confusion(self.label, self.shares.argmax(axis=1), self.shares.shape[1])

    def accuracy(self, seed: int | None = None) -> float:
        """Return the share named right, of one draw or of all."""
        rows = self.seed == seed if seed is not None else np.ones(self.label.size, bool)
        return float(np.mean(self.shares[rows].argmax(axis=1) == self.label[rows]))


def run(ctx: Context) -> list[Result]:
    """Return accuracies on human test windows and on ours, per style and over all, and write the tables."""
    net, corpus = load_style_net(), corpus_folder()
    human = human_windows(net, corpus)
    askings = [(a, s) for s in ctx.seeds for a in all_askings(net, corpus, s)]
    print(f"    {len(askings)} requests", flush=True)
    ways = model_generators() | guided_generators()
    ours = {name: our_windows(net, name, askings) for name in ways}
    folder = ctx.root / "benchmarks" / "results"
    for name, named in {"human": human, **ours}.items():
        write_csv(
            folder / f"styles.{name.replace(', ', '-').replace(' ', '-')}.csv", net.classes, named.table
        )
    write_picture(folder / "styles.png", net.classes, {"human": human, **ours})
    rows = [*human_rows(ctx, net, human)]
    for name, named in ours.items():
        rows += our_rows(ctx, net, human=human, ours=(name, named))
    return rows


def human_windows(net: StyleNet, corpus: Path, *, seed: int = 0) -> Named:
    """Return the test windows of the classifier's own split, named."""
    view = load_human_corpus(corpus)
    pieces = split_pieces(view)
    x, labels = [], []
    for label, name in enumerate(net.classes):
        rng = np.random.default_rng([seed, label, list(WINDOWS_A_CLASS).index("test")])
        drawn = class_windows(view, pieces[name]["test"], most=WINDOWS_A_CLASS["test"], rng=rng)
        x += [features_of(excerpt) for _, excerpt in drawn]
        labels += [label] * len(drawn)
    shares = net.probabilities(np.stack(x))
    return Named(np.array(labels), shares, np.zeros(len(labels), np.int64))


def all_askings(net: StyleNet, corpus: Path, seed: int) -> list[Asking]:
    """Return the askings of the two-sample test, and for classes without held-out pieces requests like train ones."""
    found = draw_askings(corpus, seed=seed, per_style=PER_STYLE, styles=STYLES)
    missing = [] if STYLES else sorted(set(net.classes) - {class_of(a.place.style) for a in found})
    if missing:
        found += draw_askings(corpus, seed=seed, per_style=PER_STYLE, styles=missing, splits=("train",))
    return [
        a for a in found if len(a.wishes.players) <= MOST_PLAYERS and class_of(a.place.style) in net.classes
    ]


def our_windows(net: StyleNet, name: str, askings: Sequence[tuple[Asking, int]]) -> Named:
    """Return a generator's answers, named."""
    made = answers([(name, asking, seed) for asking, seed in askings], KNOWN)
    rows = [(a, s, e) for (a, s), e in zip(askings, made, strict=True) if e is not None and len(e)]
    label = [net.classes.index(str(class_of(a.place.style))) for a, _, _ in rows]
    shares = net.probabilities(np.stack([features_of(e) for *_, e in rows]))
    return Named(np.array(label), shares, np.array([s for _, s, _ in rows]))


def human_rows(ctx: Context, net: StyleNet, human: Named) -> list[Result]:
    """Return how well the classifier names human windows, how sure it is, and how many styles it tells apart."""
    n, heard = human.label.size, recalls(human.table)
    confidence = human.shares.max(axis=1)
    is_known = confidence >= net.threshold
    right = human.shares.argmax(axis=1) == human.label
    chance = f"chance {1 / len(net.classes):.3f}"
    return [
        ctx.result("human test windows: accuracy", human.accuracy(), "share", n=n, anchor=chance),
        ctx.result("human test windows: macro F1", macro_f1(human.table), "F1", n=n),
        ctx.result("human test windows: top 3", top_k(human.shares, human.label, k=3), "share", n=n),
        ctx.result(
            "human test windows: calibration error", calibration_error(confidence, right), "share", n=n
        ),
        ctx.result("human test windows: answered when sure", float(is_known.mean()), "share", n=n),
        ctx.result(
            "human test windows: right when sure",
            float(right[is_known].mean()),
            "share",
            n=int(is_known.sum()),
        ),
        ctx.result("human: styles told apart", float(np.sum(heard > HEARD)), "styles", n=len(net.classes)),
        *(
            ctx.result(f"human {name}: named right", value, "share", n=int(np.sum(human.label == i)))
            for i, (name, value) in enumerate(zip(net.classes, heard.tolist(), strict=True))
        ),
    ]


def our_rows(ctx: Context, net: StyleNet, *, human: Named, ours: tuple[str, Named]) -> list[Result]:
    """Return how often our windows are named as asked, beside human windows of the same styles, and of how many
    styles most are."""
    name, named = ours
    same = np.unique(named.label)
    anchor = f"human windows of these styles {np.nanmean(recalls(human.table)[same]):.3f}"
    by_seed, near = [named.accuracy(s) for s in ctx.seeds], top_k(named.shares, named.label, k=3)
    found = [
        ctx.result_of(f"{name}: accuracy", by_seed, "share", anchor=anchor, seeds=ctx.seeds),
        ctx.result(f"{name}: top 3", near, "share", n=named.label.size, seeds=ctx.seeds),
    ]
    heard = recalls(named.table)
    told = float(np.sum(np.nan_to_num(heard) > HEARD))
    goal = TWELVE if name.startswith("fill") else None
    among = f"of {len(same)} classes, windows of all seeds together"
    found.append(
        ctx.result(f"{name}: styles told apart", told, "styles", n=len(same), goal=goal, anchor=among)
    )
    for i in same.tolist():
        most = net.classes[int(named.table[i].argmax())]
        n = int(np.sum(named.label == i))
        found.append(
            ctx.result(
                f"{name}, {net.classes[i]}: named right", heard[i], "share", n=n, anchor=f"most often {most}"
            )
        )
    return found


def write_csv(path: Path, classes: Sequence[str], table: NDArray[np.int64]) -> None:
    """Write a confusion table, a row a true class."""
    lines = [",".join(["true \\ named", *classes])]
    lines += [",".join([name, *map(str, row)]) for name, row in zip(classes, table.tolist(), strict=True)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_picture(path: Path, classes: Sequence[str], named: dict[str, Named]) -> None:
    """Draw the confusion tables side by side, each row as shares."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(named), figsize=(6.5 * len(named), 6.5), layout="constrained")
    for axis, (name, one) in zip(np.atleast_1d(axes), named.items(), strict=True):
        table = one.table / np.maximum(one.table.sum(axis=1, keepdims=True), 1)
        axis.imshow(table, cmap="Blues", vmin=0, vmax=1)
        axis.set_title(f"{name}: {one.accuracy():.2f}")
        axis.set_xticks(range(len(classes)), classes, rotation=90)
        axis.set_yticks(range(len(classes)), classes)
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
