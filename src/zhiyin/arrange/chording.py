"""What players with several notes at once are given: keyboards, guitars, zithers.

Conventions: one player or several at one keyboard make a group; a group's hands have parts of their own at keyboards.
This module does not pack hands: see `zhiyin.arrange.hands`.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.arrange.desk import Desk
from zhiyin.arrange.ensembles import Ensemble
from zhiyin.arrange.fitting import fold
from zhiyin.arrange.hands import WIDEST, Hand, Wanted, duet_hands, hands_of, pack, without_tremolo
from zhiyin.arrange.lines import Tone
from zhiyin.theory.chord import Chord

FEW = 0.3  # a second group that would get less than this share of the tones gets all of them
HandLines = dict[int, list[list[Tone]]]  # player -> tones of each hand


def give_chords(desk: Desk, *, widest: int = WIDEST) -> HandLines:
    """Return what each hand of the players with chords plays, and note their deeds."""
    found: HandLines = {}
    everything = sorted(_candidates(desk))
    rest = everything
    for group in groups_of(desk.ensemble):
        chosen = rest if len(rest) >= FEW * len(everything) else everything
        played = _group(desk, group, chosen, widest)
        taken = {t.source for hands in played.values() for hand in hands for t in hand if t.source >= 0}
        rest = [t for t in rest if t.source not in taken]
        found |= played
    return found


def groups_of(ensemble: Ensemble) -> list[tuple[int, ...]]:
    """Return the players with hands, those at one keyboard together."""
    groups: dict[tuple[str, str], list[int]] = {}
    for index in ensemble.who("chords"):
        player = ensemble.players[index]
        key = (player.instrument.name, player.section) if player.is_keyboard else (player.name, str(index))
        groups.setdefault(key, []).append(index)
    return [tuple(group) for group in groups.values()]


def _candidates(desk: Desk) -> list[Tone]:
    """Return the tones to choose from: what no line player took, or all inner tones where few take lines."""
    reading = desk.reading
    inner = [t for line in reading.inner for t in line]
    has_bass = bool(desk.ensemble.who("bass"))
    extra = [] if has_bass else list(reading.bass)
    few_lines = sum(desk.is_line(p) for p in range(len(desk.ensemble.players))) <= 2
    return [*inner, *extra] if few_lines or not desk.left else [*desk.left]


def _group(desk: Desk, group: tuple[int, ...], candidates: Sequence[Tone], widest: int) -> HandLines:
    players = [desk.ensemble.players[p] for p in group]
    top = [t for p in group if "lead" in desk.deeds[p] for t in desk.lines[p] if t.source in _leads(desk)]
    is_bottom = [p for p in group if "bass" in desk.deeds[p]]
    bottom = [t for p in is_bottom for t in desk.lines[p] if t not in set(top)]
    for player in group:
        desk.lines[player] = []
    inner = without_tremolo([_in_range(t, desk, group) for t in candidates], desk.clock)
    inner += _added(desk, inner)
    if len(group) > 1:
        inner += [t._replace(pitch=t.pitch - 12, source=-1) for t in top]  # the second hand doubles the tune
    hands = duet_hands(players, widest=widest) if len(group) > 1 else hands_of(players[0], widest=widest)
    packed = pack(hands, Wanted(sorted(top), sorted(bottom), sorted(inner)), desk.clock)
    return _dealt(desk, group, hands, packed)


def _leads(desk: Desk) -> set[int]:
    return {tone.source for tone in desk.reading.lead}


def _in_range(tone: Tone, desk: Desk, group: tuple[int, ...]) -> Tone:
    return tone._replace(pitch=fold(tone.pitch, desk.ensemble.players[group[0]].instrument))


def _dealt(desk: Desk, group: tuple[int, ...], hands: Sequence[Hand], packed: list[list[Tone]]) -> HandLines:
    """Return the hands by player, and note in which bars each plays chords."""
    found: HandLines = {player: [] for player in group}
    share = len(hands) // len(group)
    for hand, tones in zip(hands, packed, strict=True):
        player = group[min(hand.number // share, len(group) - 1)]
        found[player].append(tones)
        known = {bar for deed in ("lead", "bass") for bar in desk.deeds[player][deed]}
        bars = {desk.reading.bar_of(t.onset) for t in tones}
        desk.deeds[player]["chords"] |= (
            bars
            if len(tones) and not known
            else {desk.reading.bar_of(t.onset) for t in tones if t.source not in _leads(desk)}
        )
    return found


def _added(desk: Desk, inner: Sequence[Tone]) -> list[Tone]:
    """Return block chords for stretches in which harmony is wanted and the source gives the hands nothing."""
    reading = desk.reading
    is_band = desk.ensemble.groove != "none" or desk.ensemble.fills
    if not (is_band or reading.is_bare):
        return []
    busy = {bar for t in inner for bar in (reading.bar_of(t.onset), reading.bar_of(t.end - 1))}
    found: list[Tone] = []
    for span in reading.spans:
        bar = reading.bar_of(span.start)
        if span.chord is not None and bar not in busy and desk.wants_harmony(bar):
            found += [
                Tone(span.start, span.end, pitch, desk.loudness(bar), span.start)
                for pitch in close_chord(span.chord)
            ]
    return found


def close_chord(chord: Chord, middle: int = 59) -> tuple[int, ...]:
    """Return a chord's tones, each where it lies nearest to a middle pitch, ascending.

    >>> close_chord(Chord.parse("C")), close_chord(Chord.parse("G7"))
    ((55, 60, 64), (55, 59, 62, 65))
    """
    return tuple(sorted(middle - 5 + (tone - middle + 5) % 12 for tone in chord.pitch_classes[:4]))
