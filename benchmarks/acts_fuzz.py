"""Long chains of random acts, locks, edits and takings-over on one score: nothing lost, nothing broken, no surprise.

Conventions: after each step the score must read back from its own format and from MIDI, every origin must stand in its
table, and what an act had to leave alone must be there, as benchmarks/acts_checks.py sees it; an error must be one of
ours and say what to do. ZHIYIN_FUZZ_STEPS: steps (1,000), in chains of 100.
Does not know: whether the music is good.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.acts_checks import lost_or_changed
from benchmarks.acts_table import ACTS, draw_act
from benchmarks.pieces import piece
from benchmarks.runner import Context, Result, write_whole
from zhiyin.apps.model import open_model
from zhiyin.errors import ConstraintsUnmet, ZhiyinError
from zhiyin.fill.act import perform_act
from zhiyin.fill.desk import lay_out
from zhiyin.io import FORMATS
from zhiyin.models import StepModel
from zhiyin.perform import humanise
from zhiyin.score import LOCK_ASPECTS, Lock, Score, Timeline
from zhiyin.score.edit_bars import copy_bars, delete_bars, insert_bars, move_bars, swap_bars
from zhiyin.score.edit_parts import (
    change_instrument,
    double_parts,
    double_with,
    drop_parts,
    give_notes,
    silence_parts,
)
from zhiyin.score.edit_pitch import add_parallel, change_key, shift_pitches, shift_steps
from zhiyin.score.edit_sound import add_velocity, bend_tempo, legato, scale_tempo_in, staccato, swell, to_grid
from zhiyin.score.take_over import ASPECTS, take_over
from zhiyin.theory.key import Key

STEPS = int(os.environ.get("ZHIYIN_FUZZ_STEPS", "1000"))
CHAIN, BARS, PARTS = 100, 8, 3
MOST_BARS, MOST_PARTS, MOST_NOTES, MOST_LOCKS = 14, 5, 700, 3
DETAILS = "benchmarks/results/acts_fuzz.details.txt"
JOINING = ("melodise", "accompany", "counterpoint", "drums")
GROWING = ("continue", "extend-to", "reply", "develop")
REMEDIES = (":", "must", "cannot")  # an error says what must hold or what to do

# What a mistake of ours raises; all else ends the run.
FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


@dataclass
class Story:
    """What happened in a chain: how often each step was carried out or refused, what went wrong, and where it ended."""

    score: Score
    before: Score
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def run(ctx: Context) -> list[Result]:
    """Run chains with the shipped model and count steps, refusals and faults."""
    model, stories = open_model(), list[Story]()
    for seed in range(max(STEPS // CHAIN, 1)):
        stories.append(chain(model, seed, min(CHAIN, STEPS)))
    done = sum((s.done for s in stories), Counter[str]())
    refused = sum((s.refused for s in stories), Counter[str]())
    faults = [fault for s in stories for fault in s.faults]
    told = [*faults, *sorted(m for s in stories for m in s.messages)]
    write_whole(ctx.root / DETAILS, "\n".join(told) + "\n")
    total, acts = done.total() + refused.total(), sum(done[name] for name in ACTS)
    unmet = sum(m.startswith("ConstraintsUnmet") for s in stories for m in s.messages)
    seeds = tuple(range(len(stories)))
    return [
        ctx.result("steps", total, "steps", goal=">= 1000", seeds=seeds),
        ctx.result("faults: lost, changed, unreadable, or an error that is not ours", len(faults), "steps", n=total,
                   goal="<= 0", seeds=seeds),
        ctx.result("acts carried out", acts, "steps", n=total, seeds=seeds),
        ctx.result("edits, locks and takings-over carried out", done.total() - acts, "steps", n=total, seeds=seeds),
        ctx.result("refused with a reason", refused.total(), "steps", n=total, seeds=seeds),
        ctx.result("of these, a wish that could not be kept", unmet, "steps", n=total, seeds=seeds),
    ]  # fmt: skip


def chain(model: StepModel, seed: int, steps: int) -> Story:
    """Return the story of so many random steps on a small score."""
    score = piece(seed, bars=BARS, players=PARTS)
    story = Story(score, score)
    rng = np.random.default_rng([seed, 2026])
    for number in range(steps):
        name, step = _drawn(story.score, rng)
        before = story.score
        try:
            after, wrong = step(story, model, rng)
        except ZhiyinError as error:
            story.refused[name] += 1
            story.messages.append(f"{type(error).__name__}: chain {seed} step {number} {name}: {error}")
            wrong = [] if _is_plain(str(error)) else [f"the message says too little: {error}"]
            after = before
        except FAULTS as error:  # a fault, told with its place
            wrong, after = [f"{type(error).__name__}: {error!s:.200}"], before
        else:
            story.done[name] += 1
        try:
            wrong = [*wrong, *unsound(after)]
        except ZhiyinError as error:
            wrong = [*wrong, f"cannot be written and read again: {error}"]
        story.faults += [f"chain {seed} step {number} {name}: {words}" for words in wrong]
        if after is not before:
            story.before, story.score = before, after
    return story


def _is_plain(message: str) -> bool:
    return len(message) > 20 and any(word in message for word in REMEDIES)


def unsound(score: Score) -> list[str]:
    """Return what is wrong with a score in itself: origins, and reading back from its own format and from MIDI."""
    told = []
    for part in score.parts:
        origin = part.notes.origin
        if (
            origin is not None
            and len(part.notes)
            and not -1 <= origin.min() <= origin.max() < len(score.provenance)
        ):
            told.append(f"origins of {part.name!r} point outside a table of {len(score.provenance)}")
    native = FORMATS[".zyn"]
    if native.read(native.write(score).data, path="a score") != score:
        told.append("not the same after writing and reading in the format of its own")
    midi = FORMATS[".mid"]
    back = midi.read(midi.write(score).data, path="a file")
    for ours, theirs in zip(score.parts, back.parts, strict=False):
        struck = [
            sorted(zip(p.notes.onset.tolist(), p.notes.pitch.tolist(), strict=True)) for p in (ours, theirs)
        ]
        if struck[0] != struck[1]:
            told.append(f"MIDI brings {len(struck[1])} notes of {ours.name!r} back for {len(struck[0])}")
    return (
        told if len(back.parts) == len(score.parts) else [*told, f"MIDI brings {len(back.parts)} parts back"]
    )


# -- steps ---------------------------------------------------------------------------------------------------

Step = Callable[[Story, StepModel, np.random.Generator], tuple[Score, list[str]]]


def _drawn(score: Score, rng: np.random.Generator) -> tuple[str, Step]:
    """Return a random step that keeps the score small: acts half of the time, then edits, locks, takings-over."""
    bars = Timeline.of(score).bar_count(score.end)
    if score.note_count > MOST_NOTES or bars > 2 * MOST_BARS or len(score.parts) > MOST_PARTS:
        return "begin again", _begin_again
    kind = rng.random()
    if kind < 0.55:
        left = [
            n
            for n in ACTS
            if not ((n in GROWING and bars > MOST_BARS) or (n in JOINING and len(score.parts) > 3))
        ]
        name = str(rng.choice(left))
        return name, _act(name)
    table = EDITS if kind < 0.85 else OTHERS
    name = str(rng.choice(list(table)))
    return name, table[name]


def _act(name: str) -> Step:
    def step(story: Story, model: StepModel, rng: np.random.Generator) -> tuple[Score, list[str]]:
        desk = lay_out(story.score)
        asked = draw_act(name, desk, rng)
        locks = asked.order.desk.own.locks
        try:
            take = perform_act(replace(asked.order, seed=int(rng.integers(1 << 30))), model)
        except ConstraintsUnmet as error:
            # A hard wish of the person's may fail by chance; what has to stay may not.
            return _refused_softly(error)
        told = replace(desk, own=replace(desk.own, locks=locks))
        wrong = lost_or_changed(told, take.score, asked.allowed)
        return take.score, [f"{words} (locks {asked.locks})" for words in wrong]

    return step


def _refused_softly(error: ConstraintsUnmet) -> tuple[Score, list[str]]:
    """Raise the error on, unless it says that kept notes were to be lost."""
    if any(f"hard wish '{name}'" in str(error) for name in ("untouched", "held", "locks")):
        raise AssertionError(f"an act refused its own answer: {error}") from error
    raise error


def _begin_again(story: Story, model: StepModel, rng: np.random.Generator) -> tuple[Score, list[str]]:
    return piece(int(rng.integers(1 << 20)), bars=BARS, players=PARTS), []


Change = Callable[[Score, list[int], tuple[int, int], np.random.Generator], Score]


def _edit(change: Change) -> Step:
    def step(story: Story, model: StepModel, rng: np.random.Generator) -> tuple[Score, list[str]]:
        score = story.score
        bars = max(Timeline.of(score).bar_count(score.end), 1)
        first = int(rng.integers(bars))
        parts = sorted({int(p) for p in rng.integers(0, len(score.parts), 2)})
        after = change(score, parts, (first, min(first + int(rng.integers(3)), bars - 1)), rng)
        return after, _lost_locks(score, after) if len(after.parts) == len(score.parts) else []

    return step


def _lost_locks(before: Score, after: Score) -> list[str]:
    """Return locks that an edit lost although every locked stretch is longer than nothing."""
    more = len(before.locks) - len(after.locks)
    return [f"{more} locks lost"] if more > 0 and after.end >= before.end else []


def _at(score: Score, rng: np.random.Generator) -> int:
    return int(rng.integers(Timeline.of(score).bar_count(score.end) + 1))


C = Key.parse("C major")
EDITS: dict[str, Step] = {
    "delete bars": _edit(lambda s, p, r, g: delete_bars(s, [r])),
    "insert bars": _edit(lambda s, p, r, g: insert_bars(s, _at(s, g), 1)),
    "copy bars": _edit(lambda s, p, r, g: copy_bars(s, r, _at(s, g))),
    "move bars": _edit(lambda s, p, r, g: move_bars(s, r, _at(s, g))),
    "swap bars": _edit(lambda s, p, r, g: swap_bars(s, r, (r[1] + 1, r[1] + 1))),
    "drop a part": _edit(lambda s, p, r, g: drop_parts(s, p[:1])),
    "silence": _edit(lambda s, p, r, g: silence_parts(s, p, [r])),
    "another instrument": _edit(lambda s, p, r, g: change_instrument(s, p[:1], str(g.choice(["cello", "guitar"])))),
    "give notes": _edit(lambda s, p, r, g: give_notes(s, p[:1], "viola", ranges=[r])),
    "double in octaves": _edit(lambda s, p, r, g: double_parts(s, p, 12, ranges=[r])),
    "double with": _edit(lambda s, p, r, g: double_with(s, p[:1], "cello", ranges=[r])),
    "transpose": _edit(lambda s, p, r, g: shift_pitches(s, p, int(g.integers(-5, 6)), ranges=[r])),
    "move by steps": _edit(lambda s, p, r, g: shift_steps(s, p, int(g.integers(-4, 5)), ranges=[r], key=C)),
    "thirds": _edit(lambda s, p, r, g: add_parallel(s, p, -2, ranges=[r], key=C)),
    "another key": _edit(lambda s, p, r, g: change_key(s, p, Key.parse("A minor"), ranges=[r], key=C)),
    "louder": _edit(lambda s, p, r, g: add_velocity(s, p, int(g.integers(-30, 30)), ranges=[r])),
    "swell": _edit(lambda s, p, r, g: swell(s, p, 20, ranges=[r])),
    "staccato": _edit(lambda s, p, r, g: staccato(s, p, [r])),
    "legato": _edit(lambda s, p, r, g: legato(s, p, [r])),
    "to the grid": _edit(lambda s, p, r, g: to_grid(s, p, 16, ranges=[r])),
    "faster": _edit(lambda s, p, r, g: scale_tempo_in(s, float(g.uniform(0.8, 1.2)), [r])),
    "slow down": _edit(lambda s, p, r, g: bend_tempo(s, 0.8, [r])),
}  # fmt: skip


def _lock(story: Story, model: StepModel, rng: np.random.Generator) -> tuple[Score, list[str]]:
    """Return the score with one more lock of any aspect, the oldest let go where there are many."""
    score = story.score
    line, count = Timeline.of(score), max(Timeline.of(score).bar_count(score.end), 1)
    first = int(rng.integers(count))
    last = min(first + int(rng.integers(3)), count - 1)
    part = int(rng.integers(-1, len(score.parts)))
    lock = Lock(part, line.bar_start(first), line.bar_start(last + 1), str(rng.choice(list(LOCK_ASPECTS))))
    return replace(score, locks=(*score.locks, lock)[-MOST_LOCKS:]), []


def _unlock(story: Story, model: StepModel, rng: np.random.Generator) -> tuple[Score, list[str]]:
    return replace(story.score, locks=()), []


def _play(story: Story, model: StepModel, rng: np.random.Generator) -> tuple[Score, list[str]]:
    """Return the score as played: off the grid, with pedal and rubato."""
    played = humanise(story.score, seed=int(rng.integers(1 << 20)), amount=float(rng.uniform(0.3, 1.5)))
    same = [len(a.notes) == len(b.notes) for a, b in zip(played.parts, story.score.parts, strict=True)]
    return played, [] if all(same) else ["playing lost notes"]


def _take_over(story: Story, model: StepModel, rng: np.random.Generator) -> tuple[Score, list[str]]:
    """Return the score before the last step with some of it as it is now."""
    before, now = story.before, story.score
    bars = range(max(Timeline.of(now).bar_count(now.end), 1))
    some = [b for b in bars if rng.random() < 0.5] or [0]
    part = int(rng.integers(len(now.parts)))
    mixed = take_over(before, now, parts=[part], bars=some, aspect=str(rng.choice(list(ASPECTS))))
    others = [i for i in range(len(before.parts)) if i != part]
    lost = [i for i in others if mixed.parts[i].notes.onset.tolist() != before.parts[i].notes.onset.tolist()]
    return mixed, [f"part {i} changed though another was taken over" for i in lost]


OTHERS: dict[str, Step] = {"lock": _lock, "unlock": _unlock, "play": _play, "take over": _take_over}
