"""Make docs/acts.md and its pictures: every act carried out once on a little tune of our own with the shipped model.

    python scripts/acts_examples.py          writes docs/acts.md and docs/img/acts/*.png
    python scripts/acts_examples.py --check  tells whether docs/acts.md names every act; writes nothing

Conventions: blue notes were given, others were written by the act; the seed is fixed. Needs no network.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from zhiyin.apps.files import named, owned, read_score
from zhiyin.apps.model import open_model
from zhiyin.arrange import arrange, find_ensemble, orchestrate, reduce
from zhiyin.fill.act import Order, perform_act
from zhiyin.fill.acts.accompany import accompany
from zhiyin.fill.acts.band_by_book import band_by_book
from zhiyin.fill.acts.counterpoint import counterpoint
from zhiyin.fill.acts.develop import develop
from zhiyin.fill.acts.grow import continue_, extend_to, reply
from zhiyin.fill.acts.infill import infill
from zhiyin.fill.acts.melodise import melodise
from zhiyin.fill.acts.vary import vary
from zhiyin.fill.desk import Desk, lay_out
from zhiyin.fill.explain import explain
from zhiyin.fill.harmonise import harmonise
from zhiyin.fill.lock_words import with_locks
from zhiyin.fill.request import Take
from zhiyin.fill.satb import harmonise_satb
from zhiyin.fill.scope import whole_bars
from zhiyin.fill.wish_text import read_wishes
from zhiyin.models.chorale_runtime import load_chorale_runtime
from zhiyin.render.plot import piano_roll_png
from zhiyin.score import Notes, Part, Score

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs/examples/boat.abc"
SEED = 4


@dataclass(frozen=True)
class Example:
    """One act: its name and command, the order it becomes, and what a musician would say of it in both languages."""

    name: str
    command: str
    make: Callable[[Desk, np.random.Generator], Order | Take | Score]
    en: str
    zh: str


def _wished(desk: Desk, rng: np.random.Generator) -> Order:
    order = infill(desk, whole_bars(desk.frame, [0], [4, 5]))
    return replace(
        order, asked=read_wishes(["scale G pentatonic @ 5-6", "longest note 1 @ 5-6"], score=desk.frame)
    )


def _rhythm_locked(desk: Desk, rng: np.random.Generator) -> Order:
    locked = with_locks(desk, ["Flute 5-8 rhythm"])
    return infill(locked, whole_bars(desk.frame, [0], range(4, 8)))


def _tune_alone(desk: Desk) -> Desk:
    return lay_out(desk.own.with_parts(desk.own.parts[1:]))


def _chords(desk: Desk, rng: np.random.Generator) -> Take:
    bare = lay_out(replace(desk.own, parts=desk.own.parts[:1], chords=()))
    found = harmonise(bare.frame, model=open_model(), seed=SEED)
    return replace(
        found, score=replace(bare.own, chords=found.score.chords, provenance=found.score.provenance)
    )


def _four_voices(desk: Desk, rng: np.random.Generator) -> Score:
    return harmonise_satb(desk.own, model=load_chorale_runtime(), seed=SEED).score


EXAMPLES = (
    Example(
        "infill", "zhiyin infill boat.abc --bars 3-4 --parts Flute",
        lambda desk, rng: infill(desk, whole_bars(desk.frame, [0], [2, 3])),
        "Bars 3-4 of the flute written anew; the cello and all other bars stay.",
        "长笛第 3–4 小节重写；大提琴和其余小节不动。",
    ),
    Example(
        "infill, with wishes",
        'zhiyin infill boat.abc --bars 5-6 --parts Flute --wish "scale G pentatonic @ 5-6" '
        '--wish "longest note 1 @ 5-6"',
        _wished, "Five notes only, none longer than a quarter.", "只用五声音阶，没有比四分音符更长的音。",
    ),
    Example(
        "infill, rhythm locked", 'zhiyin infill boat.abc --bars 5-8 --parts Flute --lock "Flute 5-8 rhythm"',
        _rhythm_locked, "Every onset and length stays, pitches are new.", "每个音的起止不变，音高是新的。",
    ),
    Example(
        "vary", "zhiyin vary boat.abc --bars 5-8 --parts Flute --distance 0.4",
        lambda desk, rng: vary(desk, whole_bars(desk.frame, [0], range(4, 8)), rng, distance=0.4),
        "The second phrase played again otherwise; most notes stay.", "第二乐句换个样子，多数音保留。",
    ),
    Example(
        "vary, ornament", "zhiyin vary boat.abc --bars 1-4 --parts Flute --aspect ornament",
        lambda desk, rng: vary(desk, whole_bars(desk.frame, [0], range(4)), rng, aspect="ornament"),
        "Every note of the tune stays where it was; notes are added between them.",
        "旋律音原位保留，在其间添加装饰音。",
    ),
    Example(
        "vary, harmony", "zhiyin vary boat.abc --bars 5-6 --aspect harmony",
        lambda desk, rng: vary(desk, whole_bars(desk.frame, [0, 1], [4, 5]), rng, aspect="harmony"),
        "Other chords under the same tune; the cello follows them.", "旋律不变，换和弦，大提琴随之改动。",
    ),
    Example(
        "melodise", "zhiyin melodise cello.abc --instrument flute",
        lambda desk, rng: melodise(_tune_alone(desk), instrument="flute"),
        "A new tune over the cello and its chords.", "在大提琴与和弦上写一条新旋律。",
    ),
    Example(
        "accompany", "zhiyin accompany boat.abc --players piano",
        lambda desk, rng: accompany(desk, players=("piano",)),
        "A piano joins; what was given stays.", "加入钢琴伴奏；原有的不动。",
    ),
    Example(
        "harmonise", "zhiyin harmonise flute.abc", _chords,
        "Chords found for the tune alone.", "只给旋律，配上和弦。",
    ),
    Example(
        "harmonise, four voices", "zhiyin harmonise flute.abc --kind satb", _four_voices,
        "An alto, a tenor and a bass under the tune.", "旋律之下配女低、男高、男低三声部。",
    ),
    Example(
        "arrange", 'zhiyin arrange boat.abc --for "string quartet"',
        lambda desk, rng: arrange(desk.own, find_ensemble("string quartet")).score,
        "The tune and the bass go to those who can play them, the chords to the others.",
        "旋律与低音交给合适的人，和弦由其余的人分担。",
    ),
    Example(
        "orchestrate", "zhiyin orchestrate boat.abc", lambda desk, rng: orchestrate(desk.own).score,
        "Colours of an orchestra, with doublings.", "管弦乐的色彩与重叠。",
    ),
    Example(
        "reduce", "zhiyin reduce quartet.mid",
        lambda desk, rng: reduce(arrange(desk.own, find_ensemble("string quartet")).score).score,
        "The quartet back under two hands.", "把四重奏收回双手。",
    ),
    Example(
        "counterpoint", "zhiyin counterpoint boat.abc --instrument viola",
        lambda desk, rng: counterpoint(desk, against=0, instrument="viola"),
        "A viola line under the flute: no crossing, no parallel fifths or octaves with it.",
        "长笛下方的中提琴对位：不交叉，与之无平行五、八度。",
    ),
    Example(
        "drums", "zhiyin drums boat.abc --style folk",
        lambda desk, rng: band_by_book(desk, players=("drums",), style="folk", seed=SEED),
        "A groove of two bars that returns, and another last bar.", "两小节的鼓点循环，末小节另作。",
    ),
    Example(
        "develop", 'zhiyin develop boat.abc --motif 1 --by "sequence, inversion, fragment, augmentation"',
        lambda desk, rng: develop(desk, 0, [0], by=("sequence", "inversion", "fragment", "augmentation")),
        "Bar 1 a step higher, upside down, its head twice, at half speed; the cello is written to it.",
        "第 1 小节依次模进、倒影、截段、增值；大提琴为之而写。",
    ),
    Example(
        "reply", "zhiyin reply boat.abc --part Flute --bars 4", lambda desk, rng: reply(desk, 0, bars=4),
        "The flute answers its own last phrase and comes home.", "长笛应答自己的上一句并收束。",
    ),
    Example(
        "continue", "zhiyin continue boat.abc --bars 4", lambda desk, rng: continue_(desk, 4),
        "Four more bars by both players.", "两件乐器再写四小节。",
    ),
    Example(
        "extend-to", "zhiyin extend-to boat.abc --seconds 30",
        lambda desk, rng: extend_to(desk, seconds=30.0),
        "To the very second, with a close on the tonic.", "恰好三十秒，以主音收束。",
    ),
)  # fmt: skip


def shown(score: Score, written: frozenset[int]) -> Score:
    """Return a score for a picture: what was given as one part, what was written as another."""
    given, new = [], []
    for part in score.parts:
        if part.is_drums:
            continue
        notes = part.notes
        is_new = (
            np.isin(notes.origin, sorted(written)) if notes.origin is not None else np.zeros(len(notes), bool)
        )
        given.append(notes.take(~is_new))
        new.append(notes.take(is_new))
    parts = [Part("given 原有", Notes.concat(given)), Part("written 新写", Notes.concat(new))]
    parts += [part for part in score.parts if part.is_drums]
    return replace(score, parts=tuple(parts))


def carried_out(example: Example, desk: Desk) -> tuple[Take | Score, Score]:
    """Return what an example made and the score it began from."""
    made = example.make(desk, np.random.default_rng(SEED))
    if isinstance(made, Score):
        return made, desk.own
    if isinstance(made, Take):
        is_tune_alone = len(made.score.parts) == 1
        return made, replace(desk.own, parts=desk.own.parts[:1], chords=()) if is_tune_alone else desk.own
    return perform_act(replace(made, seed=SEED), open_model()), made.desk.own


def section(example: Example, desk: Desk) -> str:
    """Return the page's section for an example, and draw its picture."""
    take, before = carried_out(example, desk)
    name = example.name.replace(", ", "-").replace(" ", "-")
    if isinstance(take, Score):
        piano_roll_png(replace(take, title=example.name), ROOT / f"docs/img/acts/{name}.png")
        players = ", ".join(part.name for part in take.parts)
        return _page(example, name, [f"- {players}: {take.note_count} notes."])
    written = frozenset(range(len(before.provenance), len(take.score.provenance)))
    picture = replace(shown(take.score, written), title=example.name)
    piano_roll_png(picture, ROOT / f"docs/img/acts/{name}.png")
    reasons = explain(before, take.score, write=take.request.write)
    proof = take.report.verdicts[-1]
    return _page(
        example,
        name,
        [*(f"- {reason.text_en} {reason.text_zh}" for reason in reasons[:4]), f"- {proof.text_en}"],
    )


def _page(example: Example, name: str, told: list[str]) -> str:
    lines = [
        f"## {example.name}", "", f"`{example.command}`", "", f"{example.en} {example.zh}", "",
        f"![{example.name}: the notes](img/acts/{name}.png)", "", *told, "",
    ]  # fmt: skip
    return "\n".join(lines)


HEAD = """# Acts 创作动作

Written by `python scripts/acts_examples.py` with the shipped model; change the script, not this page.
本页由脚本生成，要改请改脚本。

The tune is [boat.abc](examples/boat.abc). In the pictures one colour was given and the other was written. Every act
takes `--lock`, `--wish`, `--takes`, `--style`, `--seed` and `-o`; see [wishes](wishes.md), [reasons](reasons.md) and
[edits by words](edit.md). What lies outside the scope comes back byte for byte, and the report proves it by hash.

"""


def main() -> int:
    """Write the page, or check that it names every example."""
    page = ROOT / "docs/acts.md"
    if "--check" in sys.argv:
        text = page.read_text(encoding="utf-8")
        missing = [one.name for one in EXAMPLES if f"## {one.name}\n" not in text]
        print(f"missing: {missing}" if missing else "every act has its example")
        return int(bool(missing))
    desk = lay_out(owned(named(read_score(SOURCE), SOURCE), SOURCE).score)
    page.write_text(HEAD + "\n".join(section(one, desk) for one in EXAMPLES), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
