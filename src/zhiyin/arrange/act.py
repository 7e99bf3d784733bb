"""The acts: arrange for any ensemble, orchestrate in colours, reduce to two hands.

Conventions: score in, score out, in sounding pitch; marks, bars and length stay; the same input gives the same output.
This module decides nothing about notes: the steps stand in `zhiyin.arrange.desk` and `zhiyin.arrange.chording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhiyin import __version__
from zhiyin.analysis import find_keys
from zhiyin.arrange.chording import HandLines, give_chords
from zhiyin.arrange.desk import (
    Desk,
    finish_lines,
    give_bass,
    give_chord_tones,
    give_inner,
    give_lead,
    give_timpani,
)
from zhiyin.arrange.ensembles import ENSEMBLES, Ensemble, Player
from zhiyin.arrange.faults import Fault, find_faults
from zhiyin.arrange.hands import WIDEST
from zhiyin.arrange.kit import drum_notes, groove
from zhiyin.arrange.lines import Tone
from zhiyin.arrange.reading import Reading, read
from zhiyin.errors import InvalidInput
from zhiyin.score import ChordMark, Notes, Origin, Part, Score
from zhiyin.score.hands import LOWER, UPPER
from zhiyin.score.note import NO_ORIGIN
from zhiyin.score.provenance import origins_of

ADDED = Origin("model", "arrange", __version__)
MIN_SPAN = 8


@dataclass(frozen=True)
class Arrangement:
    """A piece for other players, and what was done.

    players: (part name, player) of each part; lead: indices of the source's tune in the reading's pool;
    deeds: per part, what it plays in how many bars; kept, added: notes moved from the source and notes added;
    simplified: notes of the tune left out because no player of its kind could play that fast.
    """

    score: Score
    ensemble: Ensemble
    players: tuple[tuple[str, Player], ...]
    reading: Reading
    deeds: tuple[dict[str, int], ...]
    faults: tuple[Fault, ...]
    kept: int
    added: int
    simplified: int = 0


def check_span(widest: int) -> None:
    """Raise InvalidInput for a hand's span outside 8..16 semitones."""
    if not MIN_SPAN <= widest <= WIDEST:
        raise InvalidInput(
            f"a hand's span must be {MIN_SPAN}..{WIDEST} semitones, got {widest}: an octave and a third is 16"
        )


def arrange(score: Score, ensemble: Ensemble, *, widest: int = WIDEST) -> Arrangement:
    """Return the piece for an ensemble.

    The tune is in the lead players, every note of it, an octave away where their range asks for it; the bass in the
    bass player; lines between go to who they suit; idle players sound chord tones or rest. widest: semitones one hand
    at a keyboard spans, 8..16. Raises InvalidInput for a score without pitched notes.
    """
    check_span(widest)
    if not any(len(part.notes) for part in score.parts if not part.is_drums):
        raise InvalidInput(
            "a score to arrange must have pitched notes, got none: give a piece with a tune or chords"
        )
    desk = Desk.of(read(score), ensemble)
    give_lead(desk)
    has_bass = give_bass(desk)
    give_inner(desk, with_bass=not has_bass)
    give_timpani(desk)
    give_chord_tones(desk)
    finish_lines(desk)
    hands = give_chords(desk, widest=widest)
    return _written(desk, hands)


def orchestrate(score: Score, ensemble: Ensemble | None = None) -> Arrangement:
    """Return the piece in orchestral colours: the lead passes from family to family, loud phrases are doubled.

    ensemble: the small orchestra when left out; another ensemble's lead is passed on in turns too.
    """
    chosen = ENSEMBLES["small orchestra"] if ensemble is None else replace(ensemble, turns=True, fills=True)
    return arrange(score, chosen)


def reduce(score: Score, *, widest: int = WIDEST) -> Arrangement:
    """Return the piece for two hands at a piano: the tune and the bass always, other tones by importance.

    widest: semitones one hand spans at most; octave doublings go first; a tremolo becomes a held note.
    """
    return arrange(score, ENSEMBLES["piano solo"], widest=widest)


def _written(desk: Desk, hands: HandLines) -> Arrangement:
    """Return the arrangement with the score written out."""
    score = desk.reading.pool.score
    table = score.provenance if ADDED in score.provenance else (*score.provenance, ADDED)
    parts: list[Part] = []
    players: list[tuple[str, Player]] = []
    deeds: list[dict[str, int]] = []
    for index, player in enumerate(desk.ensemble.players):
        for name, notes in _parts_of(desk, index, hands, table):
            one = player.instrument
            role = _role(desk, index, name)
            parts.append(Part(name, notes, role, one.program, one.is_drums))
            players.append((name, player))
            deeds.append(_deeds(desk, index, name))
    fields: dict[str, Any] = {
        "parts": tuple(parts),
        "locks": (),
        "provenance": table,
        "length_ticks": score.end,
    }
    if not score.keys:
        fields["keys"] = find_keys(score)
    if desk.ensemble.who("line") and not score.chords:
        fields["chords"] = tuple(ChordMark(span.start, span.chord) for span in desk.reading.spans)
    made = replace(score, **fields)
    pitched = sum(len(part.notes) for part in parts)
    return Arrangement(
        made, desk.ensemble, tuple(players), desk.reading, tuple(deeds), find_faults(made, players),
        pitched - desk.added, desk.added, desk.simplified,
    )  # fmt: skip


def _deeds(desk: Desk, index: int, name: str) -> dict[str, int]:
    """Return in how many bars a part has each deed; of two hands the upper has the tune, the lower the bass."""
    foreign = {UPPER: ("bass",), LOWER: ("lead",)}
    gone = next((deeds for end, deeds in foreign.items() if name.endswith(end)), ())
    return {deed: len(bars) for deed, bars in desk.deeds[index].items() if bars and deed not in gone}


def _parts_of(desk: Desk, index: int, hands: HandLines, table: Sequence[Origin]) -> list[tuple[str, Notes]]:
    """Return (name, notes) of each part of a player: one, or a part a hand at a keyboard."""
    player = desk.ensemble.players[index]
    if player.may("drums"):
        return [(player.name, _drums(desk, index, table))]
    if index not in hands:
        sings = player.instrument.family == "voice" or player.may("line")
        return [(player.name, _notes(desk, desk.lines[index], table, sings=sings))]
    own = hands[index]
    if player.is_keyboard and len(own) == 2:
        return [
            (player.name + end, _notes(desk, tones, table))
            for end, tones in zip((UPPER, LOWER), own, strict=True)
        ]
    return [(player.name, _notes(desk, sorted(t for tones in own for t in tones), table))]


def _role(desk: Desk, index: int, name: str) -> str:
    deeds = desk.deeds[index]
    if desk.ensemble.players[index].may("drums"):
        return "drums"
    if name.endswith(LOWER) and not ("bass" in deeds and "lead" not in deeds):
        return "bass" if "bass" in deeds else "accompaniment"
    counts = {
        "melody": len(deeds["lead"]) + 0.5 * len(deeds["twin"]), "bass": len(deeds["bass"]) + len(deeds["under"]),
        "inner": len(deeds["line"]) + len(deeds["fill"]), "accompaniment": 0.9 * len(deeds["chords"]),
    }  # fmt: skip
    return max(counts, key=lambda role: counts[role]) if any(counts.values()) else "unknown"


def _drums(desk: Desk, index: int, table: Sequence[Origin]) -> Notes:
    """Return the source's drums, or the ensemble's groove."""
    score = desk.reading.pool.score
    notes = drum_notes(score)
    if len(notes):
        desk.deeds[index]["drums"] = {desk.reading.bar_of(onset) for onset in notes.onset.tolist()}
        return notes.with_columns(origin=origins_of(notes, len(score.provenance)))
    if desk.ensemble.groove == "none":
        return Notes()
    tones = groove(desk.reading, desk.ensemble.groove)
    desk.deeds[index]["drums"] = {desk.reading.bar_of(t.onset) for t in tones}
    return _notes(desk, tones, table)


def _notes(desk: Desk, tones: Sequence[Tone], table: Sequence[Origin], *, sings: bool = False) -> Notes:
    """Return tones as notes with what the source knows of them: spelling, syllable, origin."""
    pool, score = desk.reading.pool, desk.reading.pool.score
    if not tones:
        return Notes()
    added = table.index(ADDED)
    desk.added += sum(tone.source < 0 for tone in tones)
    spelling, syllable, origin = list[int | None](), list[str](), list[int]()
    known = [origins_of(part.notes, len(score.provenance)).tolist() for part in score.parts]
    for tone in tones:
        if tone.source < 0:
            spelling.append(None)
            syllable.append("")
            origin.append(added)
            continue
        part, row = int(pool.part[tone.source]), int(pool.row[tone.source])
        notes = score.parts[part].notes
        spelling.append(None if notes.spelling is None else int(notes.spelling[row]))
        syllable.append(str(notes.syllable[row]) if sings and notes.syllable is not None else "")
        origin.append(known[part][row])
    columns: dict[str, Any] = {"origin": origin if any(one != NO_ORIGIN for one in origin) else None}
    if any(syllable):
        columns["syllable"] = syllable
    if all(one is not None for one in spelling):
        columns["spelling"] = spelling
    table_of = np.array([(t.onset, t.end - t.onset, t.pitch, t.velocity) for t in tones], np.int64)
    return Notes(*table_of.T, **columns)
