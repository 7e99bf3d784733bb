"""Laws of the verse lesson: rows of works, themes from the works, and a run from texts to a net that writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiyin.data.verse import Stanza, side_of_work
from zhiyin.encode.verse import VerseUnits
from zhiyin.models.verse_config import VerseData
from zhiyin.train.verse_counts import main, sequences_of

pytest.importorskip("torch", reason="training needs it")

UNITS = VerseUnits("zh", ("", *"甲乙丙丁戊己庚辛"))
SYLLABLES = np.array([0] + [1] * 9)
WORDS = ("the", "sun", "moon", "rain", "shines", "falls", "today", "upon", "hill", "river")


def sets_of(root: Path, poems: int = 150) -> Path:
    """Write poems of four lines each and a dictionary of their words, as the sets lie."""
    for name in ("rhymedata/english_raw", "cmudict"):
        (root / name).mkdir(parents=True)
    rng = np.random.default_rng(0)
    text = ["AUTHOR A"]
    for number in range(poems):
        lines = [" ".join(rng.choice(WORDS, 6)) for _ in range(4)]
        text += [f"TITLE {number}", "RHYME a b a b", "", *lines, ""]
    (root / "rhymedata" / "english_raw" / "a.txt").write_text("\n".join(text), encoding="utf-8")
    spoken = {"river": "R IH1 V ER0", "today": "T AH0 D EY1", "upon": "AH0 P AA1 N"}
    words = "\n".join(f"{word} {spoken.get(word, 'AH0')}" for word in WORDS)
    (root / "cmudict" / "cmudict.dict").write_text(words, encoding="utf-8")
    return root


def test_stanzas_of_one_work_become_one_and_rows_fit() -> None:
    from zhiyin.train.verse_data import Reader

    reader = Reader.of(UNITS, VerseData(places=8), SYLLABLES)
    stanzas = [
        Stanza("w", "ci", "chinese_poetry", (tuple("甲乙"), tuple("丙丁戊"))),
        Stanza("w", "ci", "chinese_poetry", (tuple("己庚"),)),
        Stanza("v", "qu", "chinese_poetry", (tuple("辛甲"),)),
    ]
    works = reader.works(stanzas)
    assert [work.lines for work in works] == [((2, 1), (5, 4, 3), (7, 6)), ((1, 8),)]
    stretches = list(reader.stretches(works, None))
    assert [s.lines for s in stretches] == [((2, 1), (5, 4, 3)), ((7, 6),), ((1, 8),)]
    assert all(sum(map(len, s.lines)) + len(s.lines) <= 8 for s in stretches)


def test_an_epoch_shows_every_line_once_and_batches_keep_their_budget() -> None:
    from zhiyin.train.verse_data import Reader, Work

    reader = Reader.of(UNITS, VerseData(places=12), SYLLABLES)
    works = [
        Work(1, "chinese_poetry", tuple((1 + (i + j) % 8,) * 3 for j in range(i % 5 + 1))) for i in range(40)
    ]
    batches = list(reader.epoch(works, np.random.default_rng(0), 48))
    assert sum(int((row.unit == 0).sum()) for rows in batches for row in rows) == sum(
        len(w.lines) for w in works
    )
    assert all(len(rows) * max(len(row.unit) for row in rows) <= 48 for rows in batches)


def test_kinds_that_weigh_two_come_twice() -> None:
    from zhiyin.train.verse_data import Reader, Work

    reader = Reader.of(UNITS, VerseData(weights={"qu": 2.0, "shi": 0.0}), SYLLABLES)
    works = [Work(kind, "chinese_poetry", ((1, 2),)) for kind in (1, 2, 3)]
    rows = [row for batch in reader.epoch(works, np.random.default_rng(0), 999) for row in batch]
    assert len(rows) == 3


def test_syllables_are_the_dictionary_s_or_counted_by_vowels(tmp_path: Path) -> None:
    from zhiyin.train.verse_data import syllables_of

    units = VerseUnits("en", ("", "river", "sun", "slumberous"))
    assert syllables_of(units, sets_of(tmp_path)).tolist() == [0, 2, 1, 3, 2]
    assert syllables_of(UNITS, tmp_path).tolist() == SYLLABLES.tolist()


def test_a_run_leads_from_texts_to_a_net_that_writes(tmp_path: Path) -> None:
    from zhiyin.lyrics.line_model import LinePrompt
    from zhiyin.lyrics.line_models_net import NetLines
    from zhiyin.train.run import run_recipe

    recipe = tmp_path / "verse-try.toml"
    recipe.write_text(
        'seed = 1\n[model]\nfamily = "verse"\nlanguage = "en"\nwidth = 16\nlayers = 1\nheads = 2\nhidden = 16\n'
        "embed = 8\n[data]\nplaces = 16\n[optimiser]\nlearning_rate = 0.02\nwarmup_steps = 2\nevents_a_batch = 256\n"
        'steps = 30\n[schedule]\nvalidate_every = 10\nprecision = "fp32"\nthreads = 1\n',
        encoding="utf-8",
    )
    lines: list[dict[str, object]] = []
    clock = iter(range(10_000))
    path = run_recipe(
        recipe, sets_of(tmp_path / "sets"), tmp_path / "run", resume=False, report=lines.append,
        now_s=lambda: float(next(clock)),
    )  # fmt: skip
    found = [line["valid"]["all"] for line in lines if "valid" in line]  # type: ignore[index]
    assert found[-1] < np.log2(11)  # ten words and the end, each as likely, is what knowing nothing costs
    model = NetLines.load(str(path))
    assert set(model.units[1:]) == set(WORDS) and model.runtime.syllables[model.units.index("river")] == 2
    assert model.log_probabilities(model.start(LinePrompt("poem", 8))).shape == (1, 11)
    page = (tmp_path / "run" / "verse-try.md").read_text(encoding="utf-8")
    assert "Chicago Rhyming Poetry Corpus" in page and "English verse" in page


def test_counts_learn_the_train_side_only(tmp_path: Path) -> None:
    from zhiyin.models.verse_ngram import load_counts

    out = tmp_path / "c.npz"
    assert main(["en", "--data", str(sets_of(tmp_path / "sets")), "--out", str(out)]) == 0
    counts, units = load_counts(out)
    assert counts.note["stanzas"] == sum(side_of_work(f"A {n}") == "train" for n in range(150))
    assert set(units[1:]) == set(WORDS)


def test_long_lines_are_counted_among_the_sequences() -> None:
    stanza = Stanza("w", "ci", "s", (tuple("甲乙"), tuple("丙丁")) * 3, (True, False) * 3)
    assert sequences_of([stanza], UNITS)[-1] == [4, 3, 2, 1]
