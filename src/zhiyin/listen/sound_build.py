"""Train the classifier of sounds: ``python -m zhiyin.listen.sound_build CORPUS [FILE [UNSEEN.sf2]]``.

Conventions: learns from the best SoundFont of this machine and from the small bank; a third bank only measures.
The validation side chooses temperature, threshold and what counts as strange; the test side only measures.
This module is not needed to listen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.data.corpus import CorpusView, load_human_corpus
from zhiyin.errors import InvalidInput
from zhiyin.judge.style_net_build import best_temperature, sure_threshold
from zhiyin.judge.style_scores import calibration_error, confusion, macro_f1, recalls
from zhiyin.listen.sound_data import SoundWindows, play_corpus
from zhiyin.listen.sound_features import NAMES
from zhiyin.listen.sound_fit import Recipe, fit, main_axes, pooled_logits, standardised, standards, whitening
from zhiyin.listen.sound_net import DEFAULT_SOUND_NET, SoundNet, save_sound_net, softmax
from zhiyin.render import FluidSynth, SmallBank, Synth, find_soundfont
from zhiyin.units import BoolArray, FloatArray, IntArray

# Style -> the class it counts as by ear: the corpus has them for the piano, and they differ in
# steps more than in sound (14 classes told 51 % of validation sounds right, these 12 told 61 %).
MERGED: dict[str, str] = dict.fromkeys(("waltz", "mazurka", "polonaise", "march"), "romantic-piano")
RECIPE = Recipe(hidden=128, epochs=60, noise=0.6, dropout=0.5)
TIMBRE = ("mfcc", "contrast", "centroid", "rolloff", "flatness")
SURE = 0.8  # the share of answers that must be right where an answer is given
KNOWN = 0.98  # the share of sounds of the validation side that must not count as strange
Report = Callable[[str], None]


def class_of_sound(style: str) -> str:
    """Return the class that a style counts as when it is heard."""
    return MERGED.get(style, style)


def build_from(
    windows: SoundWindows, view: CorpusView, *, recipe: Recipe = RECIPE, seed: int = 0
) -> SoundNet:
    """Return a classifier trained on windows, its scores in the card."""
    names = np.array([class_of_sound(str(style)) for style in windows.style])
    classes = tuple(sorted(set(names.tolist())))
    label = np.array([classes.index(name) for name in names.tolist()], np.int64)
    learn = windows.side == "train"
    centre, scale = standards(windows.features[learn])
    x = standardised(windows.features, centre, scale)
    raw = (windows.features.astype(np.float64) - centre) / scale
    weights = fit(*with_timbre_hidden(x[learn], label[learn]), len(classes), recipe=recipe, seed=seed)
    whiten, means = whitening(x[learn], label[learn])
    sound = _sounds(windows)
    valid = windows.side == "valid"
    logits, truth = _pooled(weights, x, sound=sound, label=label, rows=valid)
    temperature = best_temperature(logits, truth)
    threshold = sure_threshold(softmax(logits / temperature), truth, share=SURE)
    gaps = _gaps(raw[valid] @ whiten, means, _numbered(sound[valid]))
    first = learn & (windows.copy == 0)
    axes = main_axes(means)
    places, pieces = _places(x[first] @ whiten @ axes, windows.piece[first], names[first], view)
    arrays = {"whiten": whiten, "means": means, "axes": axes, "places": places}
    plain = weights | {name: np.asarray(array, np.float32) for name, array in arrays.items()}
    net = SoundNet(
        classes, centre, scale, plain, temperature, threshold, float(np.quantile(gaps, KNOWN)), pieces, {}
    )
    card = _card(net, windows, label=label, sound=sound, raw=raw) | {"seed": seed}
    return SoundNet(classes, centre, scale, plain, net.temperature, net.threshold, net.strange, pieces, card)


def with_timbre_hidden(x: FloatArray, label: IntArray) -> tuple[FloatArray, IntArray]:
    """Return the rows twice, the second time with every number about tone colour at its average.

    Tone colour tells the bank: with this, of a bank not learned from, 43 instead of 35 % of sounds were named right.
    """
    hidden = x.copy()
    hidden[:, [name.startswith(TIMBRE) for name in NAMES]] = 0.0
    return np.concatenate([x, hidden]), np.concatenate([label, label])


def _sounds(windows: SoundWindows) -> NDArray[np.str_]:
    """Return for each window the sound it was cut from."""
    columns = (windows.take, windows.copy)
    return np.array(["/".join(map(str, row)) for row in zip(*columns, strict=True)])


def _numbered(sound: NDArray[np.str_]) -> IntArray:
    return np.unique(sound, return_inverse=True)[1].astype(np.int64)


def _pooled(
    weights: dict[str, Any], x: FloatArray, *, sound: NDArray[np.str_], label: IntArray, rows: BoolArray
) -> tuple[FloatArray, IntArray]:
    """Return (sounds, classes) logits and each sound's label."""
    group = _numbered(sound[rows])
    truth = np.zeros(int(group.max()) + 1, np.int64)
    truth[group] = label[rows]
    return pooled_logits(weights, x[rows], group), truth


def _gaps(whitened: FloatArray, means: FloatArray, group: IntArray) -> FloatArray:
    """Return (sounds,) the distance of each sound's mean window from the nearest class."""
    sums = np.zeros((int(group.max()) + 1, whitened.shape[1]))
    np.add.at(sums, group, whitened)
    middle = sums / np.bincount(group)[:, None]
    found: FloatArray = np.linalg.norm(middle[:, None, :] - means[None], axis=2).min(axis=1)
    return found


def _places(
    rows: FloatArray, piece: IntArray, names: NDArray[np.str_], view: CorpusView
) -> tuple[FloatArray, tuple[tuple[str, str, str, str], ...]]:
    """Return the mean place of every learned piece, and (title, composer, class, collection) of it."""
    kept, places = [], []
    titles, composers, sets = (view.column(name) for name in ("title", "composer", "set"))
    for index in np.unique(piece).tolist():
        own = piece == index
        if not str(titles[index]).strip():
            continue
        places.append(rows[own].mean(axis=0))
        kept.append((str(titles[index]), str(composers[index]), str(names[own][0]), str(sets[index])))
    return np.array(places), tuple(kept)


def _card(
    net: SoundNet, windows: SoundWindows, *, label: IntArray, sound: NDArray[np.str_], raw: FloatArray
) -> dict[str, Any]:
    x = standardised(windows.features, net.centre, net.scale)
    whitened = raw @ net.weights["whiten"]
    card: dict[str, Any] = {
        "excerpts": {side: len(set(sound[windows.side == side])) for side in ("train", "valid", "test")},
        "banks": sorted(set(windows.bank[windows.side == "train"].tolist())), "test": {},
    }  # fmt: skip
    for bank in sorted(set(windows.bank.tolist())):
        rows = (windows.side == "test") & (windows.bank == bank)
        if not rows.any():
            continue
        logits, truth = _pooled(dict(net.weights), x, sound=sound, label=label, rows=rows)
        shares = softmax(logits / net.temperature)
        strange = (
            _gaps(whitened[rows], net.weights["means"].astype(float), _numbered(sound[rows])) > net.strange
        )
        card["test"][bank] = _scores(shares, truth, strange, net)
    return card


def _scores(shares: FloatArray, truth: IntArray, strange: BoolArray, net: SoundNet) -> dict[str, Any]:
    guess = shares.argmax(axis=1)
    table = confusion(truth, guess, len(net.classes))
    told = (shares.max(axis=1) >= net.threshold) & ~strange
    return {
        "sounds": len(truth), "accuracy": float(np.mean(guess == truth)), "macro_f1": macro_f1(table),
        "calibration_error": calibration_error(shares.max(axis=1), guess == truth), "answered": float(told.mean()),
        "right_of_answered": float(np.mean(guess[told] == truth[told])) if told.any() else 0.0,
        "strange": float(strange.mean()), "recall": dict(zip(net.classes, recalls(table).tolist(), strict=True)),
    }  # fmt: skip


def learning_banks() -> dict[str, Synth]:
    """Return the banks that play for learning. Raises InvalidInput where no SoundFont is on this machine."""
    found = find_soundfont()
    if found is None:
        raise InvalidInput("learning sounds needs a General MIDI SoundFont, found none: set ZHIYIN_SOUNDFONT")
    return {found.resolve().stem: FluidSynth(found), "small bank": SmallBank()}


def build(
    corpus: Path, *, unseen: Path | None = None, seed: int = 0, report: Report = lambda line: None
) -> SoundNet:
    """Return a classifier trained on a corpus' pieces as the banks at hand play them."""
    other: dict[str, Synth] = {unseen.stem: FluidSynth(unseen)} if unseen is not None else {}
    windows = play_corpus(corpus, learning_banks(), unseen=other, seed=seed, report=report)
    return build_from(windows, load_human_corpus(corpus), seed=seed)


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def main(words: Sequence[str]) -> int:
    """Build from the corpus in the first word into the file in the second; a bank in the third only measures."""
    if not 1 <= len(words) <= 3:
        sys.stderr.write("usage: python -m zhiyin.listen.sound_build CORPUS [FILE [UNSEEN.sf2]]\n")
        return 2
    target = Path(words[1]) if len(words) > 1 else DEFAULT_SOUND_NET
    unseen = Path(words[2]) if len(words) > 2 else None
    net = build(Path(words[0]), unseen=unseen, report=_tell)
    target.parent.mkdir(parents=True, exist_ok=True)
    save_sound_net(net, target)
    sys.stderr.write(f"{net.card['test']}\nwrote {target}, {target.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
