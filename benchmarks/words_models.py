"""The line models by themselves: bits a unit on held-out verse, what a prompt is worth, whether it is followed, speed.

Conventions: people's lines are those of the test side that stand nowhere in training; bits are of units and the line's
end, strangers left out, the model told the kind, the syllables to come, three lines above and (only where it says so)
one theme unit of the line; draws are plain (no search). Needs ZHIYIN_DATA with the sets of texts; three minutes.
Does not know: the search that puts words under a tune (benchmarks of the lyrics).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.runner import Context, Result
from benchmarks.verse_judge import relative_perplexity
from zhiyin.data.fetch import data_home
from zhiyin.data.verse import Stanza, in_side, read_verse, unseen
from zhiyin.encode.verse import KINDS, VerseUnits, function_words
from zhiyin.encode.verse_lines import is_readable, with_long_lines
from zhiyin.encode.verse_rows import Row, Told, make_row
from zhiyin.lyrics.copies import open_copies
from zhiyin.lyrics.line_model import LineModel, LinePrompt
from zhiyin.lyrics.line_models import SHARES, open_line_model
from zhiyin.lyrics.line_models_net import LINES_ABOVE, NetLines
from zhiyin.lyrics.ngram import CountedLines
from zhiyin.models.checkpoint import WEIGHTS_FOLDER

SEEDS = (0, 1, 2)
LINES = 400  # a seed
DRAWS = 150  # a seed
BEAMS = 40
LANGUAGES = {"zh": "Chinese", "en": "English"}
Logs = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Case:
    """A held-out line with what stands above it: numbers from the last unit to the first, text, a theme unit."""

    kind: str
    above: tuple[tuple[int, ...], ...]
    line: tuple[int, ...]
    theme: int
    texts: tuple[str, ...]


def run(ctx: Context) -> list[Result]:
    """Return the rows of both languages."""
    rows: list[Result] = []
    for language in LANGUAGES:
        net, counts = open_line_model(language, "net"), open_line_model(language, "counts")
        if not isinstance(net, NetLines) or not isinstance(counts, CountedLines):
            raise TypeError(
                "the table of line models must hold a net and counts: see zhiyin.lyrics.line_models"
            )
        units = VerseUnits(language, net.units)
        stanzas = read_verse(data_home(), language)
        test = unseen(in_side(stanzas, "test"), in_side(stanzas, "train"))
        draws = [cases(test, units, np.random.default_rng([seed, 7]), number=LINES) for seed in SEEDS]
        rows += likelihoods(ctx, draws, net=net, counts=counts)
        rows += obeyed(ctx, draws, net)
        rows += written(ctx, draws, open_line_model(language))
        rows += costs(ctx, language)
    return rows


def cases(
    stanzas: Sequence[Stanza], units: VerseUnits, rng: np.random.Generator, *, number: int
) -> list[Case]:
    """Return held-out lines drawn at random, with the lines above each."""
    pool = list(_all_cases(stanzas, units, rng))
    chosen = rng.permutation(len(pool))[:number]
    return [pool[i] for i in chosen.tolist()]


def _all_cases(stanzas: Sequence[Stanza], units: VerseUnits, rng: np.random.Generator) -> Iterator[Case]:
    plain = function_words(units.language)
    for stanza in stanzas:
        lines = with_long_lines(stanza.lines, stanza.joins)
        numbers = [tuple(units.numbers(line)) for line in lines]
        for at, line in enumerate(numbers):
            if not is_readable(line, units):
                continue
            content = [u for u in line if u < units.unknown and units.units[u].lower() not in plain]
            theme = int(rng.choice(content)) if content else -1
            low = max(at - LINES_ABOVE, 0)
            joint = " " if units.language == "en" else ""
            yield Case(
                stanza.kind,
                tuple(numbers[low:at]),
                line,
                theme,
                tuple(joint.join(one) for one in lines[low:at]),
            )


@dataclass(frozen=True, slots=True)
class Prompted:
    """Which parts of a prompt are told."""

    kind: bool = True
    length: bool = True
    above: bool = True
    theme: bool = False


def row_of(case: Case, told: Prompted, syllables: NDArray[np.int64]) -> Row:
    """Return the row of a case as the net reads it; only the last line's places are of interest."""
    above = case.above if told.above else ()
    theme = (case.theme,) if told.theme and case.theme >= 0 else ()
    kind = KINDS.index(case.kind) if told.kind else 0
    return make_row(
        [*above, case.line],
        [Told()] * len(above) + [Told(theme, told.length)],
        kind=kind,
        syllables=syllables,
    )


def net_logs(net: NetLines, case: Case, told: Prompted) -> Logs:
    """Return (units + 1, vocabulary): of each unit of the line and its end."""
    return net.runtime.row_logs(row_of(case, told, net.runtime.syllables))[-len(case.line) - 1 :]


def counted(counts: CountedLines, case: Case) -> NDArray[np.float32]:
    """Return the same as probabilities by counts."""
    told, reach = (0, *case.line), counts.counts.reach
    return counts.counts.probabilities([told[max(0, i + 1 - reach) : i + 1] for i in range(len(told))])


def bits(draw: Sequence[Case], logs: Callable[[Case], NDArray[np.float32]], unknown: int) -> float:
    """Return the mean bits of known units and ends."""
    nats, number = 0.0, 0
    for case in draw:
        table = logs(case)
        for place, unit in enumerate((*case.line, 0)):
            if unit < unknown:
                nats, number = nats - float(table[place, unit]), number + 1
    return nats / number / float(np.log(2))


def likelihoods(
    ctx: Context, draws: Sequence[Sequence[Case]], *, net: NetLines, counts: CountedLines
) -> list[Result]:
    """Return bits a unit of counts, net and mix, and of the net told less and more."""
    share, unknown, name = SHARES[net.language], len(net.units), LANGUAGES[net.language]

    def mixed(case: Case) -> NDArray[np.float32]:
        both = share * np.exp(net_logs(net, case, Prompted())) + (1 - share) * counted(counts, case)
        return np.asarray(np.log(both), np.float32)

    def told(prompted: Prompted) -> Callable[[Case], Logs]:
        return lambda case: net_logs(net, case, prompted)

    full = Prompted()
    ways: dict[str, Callable[[Case], NDArray[np.float32]]] = {
        "counts": lambda case: np.asarray(np.log(counted(counts, case)), np.float32),
        "net": told(full),
        f"net and counts, share of the net {share}": mixed,
        "net, told nothing": told(Prompted(kind=False, length=False, above=False)),
        "net, no lines above": told(replace(full, above=False)),
        "net, no length": told(replace(full, length=False)),
        "net, no kind": told(replace(full, kind=False)),
        "net, and one theme unit": told(replace(full, theme=True)),
    }
    unit = "bits a character" if net.language == "zh" else "bits a word"
    return [
        ctx.result_of(
            f"{name}, held-out: {way}", [bits(draw, logs, unknown) for draw in draws], unit, seeds=SEEDS,
            anchor="counts" if way != "counts" else "the floor",
        )
        for way, logs in ways.items()
    ]  # fmt: skip


def draw_line(model: LineModel, prompt: LinePrompt, rng: np.random.Generator, *, most: int = 24) -> list[int]:
    """Return a line drawn unit by unit, from its last unit to its first."""
    state, line = model.start(prompt), list[int]()
    while len(line) < most:
        share = np.exp(model.log_probabilities(state)[0].astype(np.float64))
        unit = int(rng.choice(len(share), p=share / share.sum()))
        if unit == 0:
            break
        line.append(unit)
        state = model.step(state, np.array([0]), np.array([unit]))
    return line


def prompt_of(case: Case, net: NetLines, *, length: bool = True, theme: bool = False) -> LinePrompt:
    """Return a case as a prompt."""
    syllables = sum(int(net.runtime.syllables[u]) for u in case.line)
    words = (net.units[case.theme],) if theme and case.theme >= 0 else ()
    return LinePrompt(case.kind, syllables if length else 0, case.texts, words)


def obeyed(ctx: Context, draws: Sequence[Sequence[Case]], net: NetLines) -> list[Result]:
    """Return how often a drawn line has the length and the theme unit it was told, and by chance."""
    name = LANGUAGES[net.language]
    found: dict[str, list[float]] = {"length": [], "length by chance": [], "theme": [], "theme by chance": []}
    for seed, draw in zip(SEEDS, draws, strict=True):
        rng = np.random.default_rng([seed, 9])
        hits = dict.fromkeys(found, 0)
        themed = [case for case in draw if case.theme >= 0][:DRAWS]
        for case in themed:
            size = sum(int(net.runtime.syllables[u]) for u in case.line)
            for key, prompt in (
                ("theme", prompt_of(case, net, theme=True)),
                ("theme by chance", prompt_of(case, net)),
                ("length by chance", prompt_of(case, net, length=False)),
            ):
                line = draw_line(net, prompt, rng)
                hits[key] += case.theme in line if "theme" in key else _size(net, line) == size
                hits["length"] += _size(net, line) == size if key == "theme by chance" else 0
        for key in found:
            found[key].append(hits[key] / len(themed))
    return [
        ctx.result_of(
            f"{name}, drawn lines: {key} as told", found[key], "share", seeds=SEEDS,
            anchor=f"not told: {np.mean(found[key + ' by chance']):.3f}",
        )
        for key in ("length", "theme")
    ]  # fmt: skip


def _size(net: NetLines, line: Sequence[int]) -> int:
    return int(net.runtime.syllables[np.array(line, np.int64)].sum())


def written(ctx: Context, draws: Sequence[Sequence[Case]], model: LineModel) -> list[Result]:
    """Return how likely drawn lines are under the judge beside people's, and how many are copies."""
    net = open_line_model(model.language, "net")
    assert isinstance(net, NetLines)  # run() has looked
    copies, name = open_copies(model.language), LANGUAGES[model.language]
    ratios, same, longest = [], [], 0
    for seed, draw in zip(SEEDS, draws, strict=True):
        rng = np.random.default_rng([seed, 11])
        lines = [draw_line(model, prompt_of(case, net), rng)[::-1] for case in draw[:DRAWS]]
        words = [[model.units[u] for u in line] for line in lines if line]
        joint = " " if model.language == "en" else ""
        ratios.append(relative_perplexity(model.language, [joint.join(w) for w in words]))
        same.append(sum(map(copies.is_line, words)) / len(words))
        longest = max(longest, *(copies.longest_run(w) for w in words))
    what = f"longest run in the drawn lines {longest}"
    return [
        ctx.result_of(
            f"{name}, drawn lines: perplexity under the judge over people's", ratios, "ratio", seeds=SEEDS
        ),
        ctx.result_of(
            f"{name}, drawn lines: word for word in training", same, "share", seeds=SEEDS, anchor=what
        ),
    ]


def costs(ctx: Context, language: str) -> list[Result]:
    """Return processor milliseconds a step of BEAMS beams for each model, and what its files weigh."""
    rows = []
    name = LANGUAGES[language]
    for kind in ("counts", "net", "mixed"):
        model = open_line_model(language, kind)
        above = ("a line above", "another one") if language == "en" else ("昨夜雨疏风骤", "浓睡不消残酒")
        state = model.start(LinePrompt("song", 7, above))
        state = model.step(state, np.zeros(BEAMS, np.int64), np.arange(1, BEAMS + 1))
        taken = []
        for _ in range(8):
            begun = time.process_time()
            model.log_probabilities(state)
            state = model.step(state, np.arange(BEAMS), np.full(BEAMS, 9))
            taken.append(1000 * (time.process_time() - begun))
        rows.append(
            ctx.result(
                f"{name}: one step of {BEAMS} beams, {kind}", float(np.median(taken)), "processor ms", n=8
            )
        )
    size = sum(path.stat().st_size for path in WEIGHTS_FOLDER.glob(f"verse-{language}*")) / 1e6
    rows.append(ctx.result(f"{name}: net, counts and index of copies on disk", size, "MB"))
    return rows
