"""The encoded Chinese tunes read back as the prints have them.

Conventions: degrees are numbered notation worked out by hand (1 is gong, a comma an octave below the first 1).
Does not know: the statistics.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiyin.data.abc_books import read_tune_of, tunes_of_file
from zhiyin.data.base import Source, files_of
from zhiyin.data.chinese_tunes import SOUND, ChineseTunes, Facts, facts_of_tune
from zhiyin.data.fetch import fetch, verify
from zhiyin.data.manifest import packaged_folder
from zhiyin.errors import UnreadableFile
from zhiyin.io.abc import split_tunes
from zhiyin.score import Score, Timeline
from zhiyin.units import TICKS_PER_QUARTER

SET = ChineseTunes()
LETTERS = {0: "1", 2: "2", 4: "3", 5: "4", 6: "#4", 7: "5", 9: "6", 10: "b7", 11: "7"}
# The signs of the print: pitch names above C for huangzhong, in the order of the twelve pitches.
PITCH_NAMES = "黄大太夾姑仲蕤林夷南無應"


def root() -> Path:
    folder = packaged_folder("chinese_tunes")
    assert folder is not None
    return folder


def every_tune() -> list[tuple[str, int, Facts]]:
    return [
        (path, index, facts_of_tune(tune, path=path))
        for path in files_of(root(), SET.files)
        for index, tune in enumerate(tunes_of_file(root(), path))
    ]


def score_of(title: str) -> Score:
    path, index, _ = next(one for one in every_tune() if one[2].title.startswith(title))
    return read_tune_of(root(), Source(id=f"x-{index + 1}", work="x", path=path))


def jianpu(score: Score, *, gong: int) -> str:
    """Return the first part's pitches as numbers above a gong (MIDI), with marks for octaves."""
    words = []
    for pitch in score.parts[0].notes.pitch.tolist():
        octave, step = divmod(pitch - gong, 12)
        words.append(LETTERS[step] + ("'" * octave if octave > 0 else "," * -octave))
    return " ".join(words)


def test_forty_tunes_or_more_name_a_print_and_those_in_doubt_are_not_trained_on() -> None:
    tunes = every_tune()
    sources = list(SET.sources(root()))
    assert len(tunes) >= 40
    assert len(sources) == sum(facts.confidence in SOUND for _, _, facts in tunes) >= 40
    assert "小白菜" not in {source.title for source in sources}
    assert all(
        any(c.isdigit() for c in facts.print_source) for _, _, facts in tunes if facts.confidence in SOUND
    )


def test_the_jasmine_flower_reads_as_it_is_sung() -> None:
    # 好一朵茉莉花, 好一朵茉莉花, 满园花开香也香不过它, ...
    assert jianpu(score_of("茉莉花"), gong=65) == (
        "3 3 5 6 1' 1' 6 5 5 6 5 3 3 5 6 1' 1' 6 5 5 6 5 5 5 5 3 5 6 6 5 3 2 3 5 3 2 1 1 2 1 "
        "3 2 1 3 2 3 5 6 1' 5 2 3 5 2 3 1 6, 5, 6, 1 2 3 1 2 1 6, 5,"
    )


def test_the_deer_call_reads_as_the_pitch_names_of_the_print() -> None:
    printed = "黄南蕤姑南姑太黄蕤林應南林南黄林蕤林南姑應黄姑南林南黄姑林南太黄"
    pitches = score_of("鹿鳴").parts[0].notes.pitch.tolist()
    assert "".join(PITCH_NAMES[p % 12] for p in pitches) == printed
    # The signs 六 and 五 of the second notation are the high octave: first, fifteenth, twenty-second, last two.
    assert [i + 1 for i, p in enumerate(pitches) if p >= 72] == [1, 15, 22, 31, 32]


def test_the_hymn_of_welcome_reads_as_the_pitch_names_of_the_print() -> None:
    printed = "黄南林姑太姑南林應南蕤姑南林黄太黄南太黄應南黄姑太黄南林南姑太黄"
    pitches = score_of("迎神凝安之曲·黄鍾為宮").parts[0].notes.pitch.tolist()
    assert "".join(PITCH_NAMES[p % 12] for p in pitches) == printed


@pytest.mark.parametrize("place", range(len(every_tune())))
def test_every_bar_is_full_and_every_tune_ends_with_its_last_bar(place: int) -> None:
    path, index, facts = every_tune()[place]
    score = read_tune_of(root(), Source(id=f"x-{index + 1}", work="x", path=path))
    notes = score.parts[0].notes
    line = Timeline.of(score)
    assert notes.onset[1:].tolist() == notes.offset[:-1].tolist()  # one voice without gaps
    end = int(notes.offset[-1])
    assert line.bar_start(int(line.bar_of(end - 1))) + line.metre_at(end - 1).bar_ticks == end
    assert int(notes.pitch.min()) >= 55 and int(notes.pitch.max()) <= 79
    if facts.kind == "ritual":
        assert set(notes.duration.tolist()) == {TICKS_PER_QUARTER}  # one even note a word


def test_a_tune_without_its_print_is_unreadable() -> None:
    (tune,) = split_tunes(b"X:1\nT:a\nR:folk\nN:confidence=high\nN:gong=C\nK:C\nCDEG|]\n", path="x.abc")
    with pytest.raises(UnreadableFile, match=r"must name title, source \(S:\).*got 'a', ''"):
        facts_of_tune(tune, path="x.abc")


def test_the_set_is_fetched_from_the_package_itself(tmp_path: Path) -> None:
    folder = fetch("chinese_tunes", home=tmp_path)
    verify("chinese_tunes", folder)
    assert len(list(SET.sources(folder))) == len(list(SET.sources(root())))
