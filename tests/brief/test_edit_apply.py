"""Laws of carrying out a plan: steps in order, bars and parts followed, acts by their table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zhiyin.brief.edit_apply import apply_plan
from zhiyin.brief.edit_plan import ActOrder, outline_of
from zhiyin.brief.edit_words import read_edit
from zhiyin.errors import InvalidInput
from zhiyin.score import KeyMark, Lock, Notes, Origin, Part, Score, Section, Tempo
from zhiyin.theory.key import Key

Q = 10_080
BAR = 4 * Q


def piece() -> Score:
    """Return eight bars: bar n of the tune holds pitch 60 + n, of the piano 48, of the drums 36; two sections."""
    return Score(
        "piece",
        (
            Part("Flute", Notes.of([(n * BAR, BAR, 60 + n) for n in range(8)]), role="melody", program=73),
            Part("Piano", Notes.of([(n * BAR, BAR, 48) for n in range(8)]), role="accompaniment"),
            Part("Drums", Notes.of([(n * BAR, Q, 36) for n in range(8)]), role="drums", is_drums=True),
        ),
        keys=(KeyMark(0, Key(0)),),
        sections=(Section(0, "verse"), Section(4 * BAR, "chorus")),
        provenance=(Origin("person", "me"),),
    )


def edited(text: str, score: Score | None = None, **runners: object) -> Score:
    """Return a score after a sentence."""
    own = score or piece()
    outline = outline_of(own)
    plan = read_edit(text, outline=outline)
    return apply_plan(own, plan, key=outline.key, runners=runners)  # type: ignore[arg-type]


def pitches(score: Score, part: int = 0) -> list[int]:
    """Return the pitches of a part."""
    found: list[int] = score.parts[part].notes.pitch.tolist()
    return found


def test_faster_and_without_the_piano() -> None:
    done = edited("20 % faster and drop the piano")
    assert [part.name for part in done.parts] == ["Flute", "Drums"]
    assert done.tempos == (Tempo(0, 144.0),)
    assert done.parts[0] == piece().parts[0]


def test_bars_mean_the_score_as_it_was_when_the_sentence_was_said() -> None:
    done = edited("delete bars 1-2, then bars 5-6 up an octave")
    assert pitches(done) == [62, 63, 76, 77, 66, 67]
    done = edited("swap bars 1-2 and 7-8, then bar 1 up an octave")
    assert pitches(done) == [66, 67, 62, 63, 64, 65, 72, 61]


def test_parts_are_followed_when_one_has_gone() -> None:
    done = edited("drop the piano, then the drums softer")
    assert done.parts[1].notes.velocity.tolist() == [68] * 8


def test_a_part_that_an_earlier_step_took_is_missed_by_name() -> None:
    with pytest.raises(
        InvalidInput, match="'piano louder' must have bars and parts left to change, got none"
    ):
        edited("drop the piano, then the piano louder")


def test_the_sections_of_a_score_are_edited_by_name() -> None:
    assert pitches(edited("副歌高八度")) == [60, 61, 62, 63, 76, 77, 78, 79]
    assert pitches(edited("repeat the verse")) == [60, 61, 62, 63, 60, 61, 62, 63, 64, 65, 66, 67]
    assert pitches(edited("copy the chorus to the beginning"))[:5] == [64, 65, 66, 67, 60]


def test_an_act_gets_its_order_and_what_it_gives_back_goes_on() -> None:
    seen: list[ActOrder] = []

    def infill(score: Score, order: ActOrder, seed: int) -> Score:
        seen.append(order)
        return score.with_parts([score.parts[0], score.parts[1].with_notes(Notes.of([(0, Q, 38)]))])

    done = edited(
        "drop the flute, make the drums simpler in bars 3-4 and the piano louder",
        infill=infill,
    )
    assert seen == [ActOrder("infill", ((2, 3),), (1,), {"density": -1, "similarity": 0.7})]
    assert [part.name for part in done.parts] == ["Piano", "Drums"]
    assert (pitches(done, 1), done.parts[0].notes.velocity.tolist()) == ([38], [92] * 8)


def test_an_act_without_a_runner_is_refused_by_name_before_anything_is_done() -> None:
    with pytest.raises(InvalidInput, match=r"can be run here \(vary\), got 'infill': leave this step out"):
        edited("the piano louder and the drums simpler", vary=lambda score, order, seed: score)


def test_an_open_question_is_asked_and_nothing_is_done() -> None:
    twins = piece().with_parts([*piece().parts, Part("Piano II", Notes.of([(0, BAR, 60)]), role="chords")])
    with pytest.raises(InvalidInput, match=r"'piano' may be Piano \(2\) or Piano II \(4\): which one\?"):
        edited("the piano louder", twins)


def test_a_locked_bar_stops_the_sentence_with_its_name() -> None:
    locked = replace(piece(), locks=(Lock(0, BAR, 2 * BAR),))
    with pytest.raises(InvalidInput, match="cannot move the pitches of bar 2 of 'Flute'"):
        edited("the melody up a third", locked)
    assert pitches(edited("bars 3-4 of the melody up an octave", locked))[:4] == [60, 61, 74, 75]


def test_the_tune_changes_hands_for_some_bars() -> None:
    done = edited("give the tune to the oboe in the chorus")
    assert (pitches(done), pitches(done, 3), done.parts[3].program) == (
        [60, 61, 62, 63],
        [64, 65, 66, 67],
        68,
    )


def test_two_empty_bars_in_the_middle_and_the_length_told() -> None:
    done = edited("在第五小节前插入两个空小节")
    assert done.parts[0].notes.onset.tolist() == [n * BAR for n in (0, 1, 2, 3, 6, 7, 8, 9)]


def test_what_is_played_freely_keeps_its_notes_and_the_others_theirs() -> None:
    done = edited("humanise the flute in bars 5-8")
    assert pitches(done) == pitches(piece())
    assert done.parts[0].notes.onset.tolist()[:4] == [n * BAR for n in range(4)]
    assert done.parts[0] != piece().parts[0]
    assert done.parts[1:] == piece().parts[1:]


@pytest.mark.parametrize(
    "text",
    [
        "transpose the piece up a third", "put it in A minor", "make it minor", "a bit slower", "slow down at the end",
        "the piano softer", "crescendo", "fade out at the end", "play forte", "the flute staccato", "the piano legato",
        "mute the drums in bars 1-2", "replace the piano with a guitar", "double the melody an octave below",
        "harmonise the melody in thirds", "double the tune with a cello", "quantise everything", "make it swing",
        "keep only the piano", "shorten it to 4 bars", "melody higher",
        "repeat the chorus twice", "speed up the chorus",
    ],
)  # fmt: skip
def test_every_edit_by_rule_changes_the_score_and_keeps_its_provenance(text: str) -> None:
    done = edited(text)
    assert done != piece() or text in ("quantise everything", "the piano legato", "make it swing")
    assert done.provenance == piece().provenance
