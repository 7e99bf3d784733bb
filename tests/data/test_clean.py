"""What the rulings take out is out, and nothing else."""

from __future__ import annotations

import numpy as np

from zhiyin.data.clean import (
    as_quartet,
    as_voices,
    drop_lyrics,
    has_demeaning_words,
    keep_parts,
    lyric_text,
    split_voices,
    without_doublings,
)
from zhiyin.score import Notes, Part, Score
from zhiyin.units import TICKS_PER_QUARTER as Q
from zhiyin.units import TICKS_PER_STEP as STEP

WORDS = np.array(["Glo-", "ria", ""])


def sung() -> Score:
    notes = Notes.of([(0, Q, 60), (Q, Q, 62), (2 * Q, Q, 64)]).with_columns(syllable=WORDS)
    return Score(parts=(Part("Voice", notes), Part("Drums", Notes.of([(0, Q, 36)]), is_drums=True)))


def test_dropping_lyrics_keeps_every_note() -> None:
    score = drop_lyrics(sung())
    assert score.parts[0].notes.syllable is None
    assert score.parts[0].notes.pitch.tolist() == [60, 62, 64]


def test_lyric_text_joins_hyphens() -> None:
    assert lyric_text(sung()) == "Gloria"


def test_minstrel_dialect_is_found_and_plain_english_is_not() -> None:
    assert has_demeaning_words("All de darkeys am a-weeping")
    assert has_demeaning_words("Old MASSA sleeps")
    assert not has_demeaning_words("Should auld acquaintance be forgot, the madam and the denim")


def test_keeping_parts_keeps_their_order() -> None:
    assert [p.name for p in keep_parts(sung(), lambda part: not part.is_drums).parts] == ["Voice"]


def test_two_singers_on_a_track_become_two_parts() -> None:
    both = Notes.of([(0, Q, 60), (0, Q, 67), (Q, Q, 62), (Q, Q, 69), (2 * Q, Q, 71)])
    upper, lower = split_voices(Part("women", both))
    assert upper.notes.pitch.tolist() == [67, 69, 71]
    assert lower.notes.pitch.tolist() == [60, 62]
    assert (upper.name, lower.name) == ("women 1", "women 2")


def test_a_single_singer_with_a_stray_double_stop_stays_one_part() -> None:
    rows = [(i * Q, Q, 60 + i) for i in range(8)]
    part = Part("solo", Notes.of([*rows, (0, Q, 48)]))
    assert split_voices(part) == (part,)


def test_a_doubling_is_the_same_pitch_or_its_octave_within_two_steps() -> None:
    melody = Notes.of([(0, Q, 72), (Q, Q, 74)])
    piano = Notes.of(
        [
            (0, Q, 72),  # the tune itself
            (2 * STEP, Q, 60),  # its octave, two steps late
            (3 * STEP, Q, 72),  # three steps late: another note
            (0, Q, 48),  # two octaves below: a bass of its own
            (Q, Q, 76),  # another pitch
        ]
    )
    kept, dropped = without_doublings(piano, melody)
    assert dropped == 2
    assert [(n.onset, n.pitch) for n in kept] == [(0, 48), (3 * STEP, 72), (Q, 76)]


def test_four_staves_of_a_hymn_are_named_and_sung() -> None:
    note = Notes.of([(0, Q, 60)])
    four = as_quartet(Score(parts=tuple(Part("", note) for _ in range(4))))
    assert [(p.name, p.program) for p in four.parts] == [
        ("Soprano", 52),
        ("Alto", 52),
        ("Tenor", 52),
        ("Bass", 52),
    ]
    three = Score(parts=tuple(Part("", note) for _ in range(3)))
    assert as_quartet(three) == three


def test_singers_sing_and_the_piano_stays_a_piano() -> None:
    note = Notes.of([(0, Q, 60)])
    score = as_voices(Score(parts=(Part("women:sopranos", note, program=73), Part("pianoRH:pianoRH", note))))
    assert [p.program for p in score.parts] == [52, 0]
