"""Whose writing and which dance: our listeners of held-out works beside gradient boosting, same works, same features.

Conventions: classes, works and sides are those of `zhiyin.listen.{composer_build,tune_type_build}`; every seed trains
anew, the shipped weights are measured as they are; Nottingham is heard by nobody in learning. Needs ZHIYIN_CORPUS, the
set music21_folk (ZHIYIN_DATA), torch and scikit-learn.
Does not know: titles, names, tempo.
"""

from __future__ import annotations

from benchmarks.human_windows import corpus_folder
from benchmarks.runner import BenchmarkError, Context, Result
from benchmarks.style_recognition import boosted, f1, measured
from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.data.fetch import data_home
from zhiyin.judge.style_scores import confusion, recalls
from zhiyin.listen.composer import load_composer
from zhiyin.listen.composer_build import hear_composers, pieces_by_composer
from zhiyin.listen.piece_net import PieceNet
from zhiyin.listen.piece_net_fit import Labelled, fit_piece_net, shares_of
from zhiyin.listen.style_build import HeardSplit
from zhiyin.listen.tune_type import load_tune_type
from zhiyin.listen.tune_type_data import dances_of_corpus, hear_dances, hear_nottingham


def run(ctx: Context) -> list[Result]:
    """Return the rows of composers and of dances: shipped, trained anew, boosting, and dances of another book."""
    view = load_human_corpus(corpus_folder())
    composers = heard_composers(view)
    rows = listener_rows(ctx, "composer", load_composer(), heard=composers)
    dances = heard_dances(view)
    rows += listener_rows(ctx, "dance", load_tune_type(), heard=dances)
    return rows + other_book_rows(ctx, load_tune_type())


def heard_composers(view: CorpusView) -> HeardSplit:
    """Return the split that the listener of composers is built on."""
    pieces = pieces_by_composer(view)
    return HeardSplit(tuple(pieces), hear_composers(view, pieces), {})


def heard_dances(view: CorpusView) -> HeardSplit:
    """Return the split that the listener of dances is built on. Raises BenchmarkError without the tune books."""
    books = data_home() / "music21_folk"
    if not books.is_dir():
        raise BenchmarkError(f"the tune books must lie in {books}: zhiyin corpus fetch music21_folk")
    dances = dances_of_corpus(view, books)
    return HeardSplit(tuple(dances), hear_dances(view, dances), {})


def listener_rows(ctx: Context, name: str, net: PieceNet, *, heard: HeardSplit) -> list[Result]:
    """Return the rows of one listener on its test side: as shipped, trained anew, and boosting."""
    if net.classes != heard.classes:
        raise BenchmarkError(
            f"the shipped {name} must know {heard.classes}, got {net.classes}: build it anew"
        )
    test = heard.sides["test"]
    shares = shares_of(net, test.hearings)
    rows = measured(ctx, f"{name}, as shipped", shares, rows=test, threshold=net.threshold)
    table = confusion(test.label, shares.argmax(axis=1), len(net.classes))
    rows += [
        ctx.result(f"{name}, as shipped, {label}: named right", share, "share", n=int(n))
        for label, share, n in zip(net.classes, recalls(table), table.sum(axis=1), strict=True)
    ]
    anew = [f1(shares_of(_trained(heard, seed), test.hearings), test) for seed in ctx.seeds]
    rows.append(ctx.result_of(f"{name}, trained anew: macro F1", anew, "F1", seeds=ctx.seeds))
    print(f"    {name}: {anew}", flush=True)
    floor = [f1(boosted(heard, seed=seed), test) for seed in ctx.seeds]
    rows.append(ctx.result_of(f"{name}, gradient boosting: macro F1", floor, "F1", seeds=ctx.seeds))
    return rows


def _trained(heard: HeardSplit, seed: int) -> PieceNet:
    return fit_piece_net(heard.classes, heard.sides["train"], heard.sides["valid"], seed=seed + 1)


def other_book_rows(ctx: Context, net: PieceNet) -> list[Result]:
    """Return the rows of the Nottingham tunes, whose dance stands in a file's name or a title."""
    folder = data_home() / "nottingham"
    if not folder.is_dir():
        return []
    tunes: Labelled = hear_nottingham(folder, net.classes)
    shares = shares_of(net, tunes.hearings)
    return measured(ctx, "dance, Nottingham", shares, rows=tunes, threshold=net.threshold)
