"""Players of a plan: who plays, in which role; from what was asked or from the style.

Conventions: exactly one melody unless nobody can carry one; hands of a keyboard are two parts.
This module does not decide how busy a player is: see `zhiyin.fill.plan_texture`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zhiyin.errors import ConflictingWishes
from zhiyin.fill.norms import Norms
from zhiyin.fill.plan import Player
from zhiyin.theory.families import all_members
from zhiyin.theory.instruments import INSTRUMENTS, Instrument, find_instrument

# Who takes the tune first when nothing is said.
_LEADERS = (
    "voice", "soprano", "erhu", "dizi", "xiao", "suona", "hulusi", "tin-whistle", "flute", "oboe", "violin", "clarinet",
    "trumpet", "soprano-sax", "alto-sax", "tenor-sax", "synth-lead", "recorder", "ocarina", "pan-flute", "shakuhachi",
    "harmonica", "piccolo", "english-horn", "alto", "tenor", "bass-voice", "accordion", "matouqin", "cello", "viola",
    "french-horn", "muted-trumpet", "music-box", "vibraphone", "electric-guitar", "pipa", "guzheng",
    "piano", "electric-piano",
)  # fmt: skip
_BASS = ("bass-guitar", "double-bass", "upright-bass", "synth-bass", "tuba", "bass-voice", "cello", "bassoon",
         "baritone-sax", "trombone", "guqin", "ruan")  # fmt: skip
_PADS = ("strings", "synth-pad", "choir", "organ", "hammond-organ", "brass", "accordion", "sheng", "synth",
         "pizzicato-strings")  # fmt: skip
_TWO_HANDED = ("piano", "harpsichord", "electric-piano", "organ", "celesta", "harp", "marimba", "accordion", "guitar",
               "nylon-guitar", "guzheng", "music-box", "vibraphone", "synth", "guqin", "koto", "yangqin", "pipa",
               "hammond-organ")  # fmt: skip
# Who stands in when a default player is excluded.
_STANDINS = {
    "melody": ("flute", "violin", "piano", "clarinet", "synth-lead", "guitar"),
    "bass": ("cello", "bassoon", "synth-bass", "tuba"),
    "chords": ("strings", "piano", "guitar", "organ"),
}


def choose_players(
    norms: Norms, *, asked: Sequence[str] = (), excluded: Sequence[str] = ()
) -> tuple[Player, ...]:
    """Return the players: those asked for and no others, or else the style's own less the excluded ones.

    Raises NotFound for an unknown instrument and ConflictingWishes when nobody is left.
    """
    barred = {find_instrument(name).name for name in excluded}
    if asked:
        names = [find_instrument(name).name for name in asked]
        overlap = [name for name in names if name in barred]
        if overlap:
            raise ConflictingWishes(
                f"players must not be excluded, got {overlap[0]!r} in both: drop one of the wishes",
                zh=f"要用的乐器不能同时被排除，{overlap[0]!r} 两处都有：请去掉其中一个要求",
            )
        roles = _assign_roles(names)
    else:
        roles = _without(norms.players, _widened(barred))
    if not roles:
        raise ConflictingWishes(
            f"a piece must have players, got all of {norms.name!r} excluded: exclude fewer, or name one to play",
            zh=f"乐曲须有人演奏，现在 {norms.name!r} 的乐器都被排除了：请少排除一些，或指定一种乐器",
        )
    return named_players(roles)


def _widened(barred: set[str]) -> set[str]:
    """Return the excluded names with their near kin: no drums means no drum kit of any kind."""
    wide = set(all_members(barred))
    if "drums" in barred:
        wide |= {name for name, item in INSTRUMENTS.items() if item.is_drums}
    if "guitar" in barred:
        wide |= {"nylon-guitar", "electric-guitar", "distortion-guitar"}
    if "voice" in barred:
        wide |= {"soprano", "alto", "tenor", "bass-voice", "choir"}
    return wide


def _without(players: Sequence[tuple[str, str]], barred: set[str]) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    present = {name for name, _ in players}
    for name, role in players:
        if name not in barred:
            kept.append((name, role))
        elif role in ("melody", "bass", "chords"):
            standin = next((s for s in _STANDINS[role] if s not in barred and s not in present), None)
            kept += [(standin, role)] if standin else []
    if kept and all(role != "melody" for _, role in kept):
        kept = _assign_roles([name for name, _ in kept])
    return kept


def _assign_roles(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return (instrument, role) in the order asked, two-handed players split where they carry the texture alone."""
    pitched = [name for name in names if not INSTRUMENTS[name].is_drums]
    leader = _leader(pitched)
    bass = _bass_player(pitched, leader)
    roles: list[tuple[str, str]] = []
    for index, name in enumerate(names):
        if INSTRUMENTS[name].is_drums:
            roles.append((name, "drums"))
        elif leader is not None and name == leader and index == names.index(leader):
            roles.append((name, "melody"))
            if name in _TWO_HANDED and not any(other != name and _can_accompany(other) for other in pitched):
                roles.append((name, "accompaniment"))
        elif name == bass:
            roles.append((name, "bass"))
        else:
            roles.append((name, middle_role(INSTRUMENTS[name])))
    return roles


def _can_accompany(name: str) -> bool:
    return INSTRUMENTS[name].polyphony >= 4 and name not in _PADS


def _leader(pitched: Sequence[str]) -> str | None:
    if not pitched:
        return None
    ranked = [name for name in _LEADERS if name in pitched]
    others = [name for name in pitched if name not in _BASS and name not in _PADS]
    pads = [name for name in pitched if name in _PADS]
    return (ranked or others or pads or list(pitched))[0]


def _bass_player(pitched: Sequence[str], leader: str | None) -> str | None:
    if len(pitched) < 2:
        return None
    return next((name for name in _BASS if name in pitched and name != leader), None)


def middle_role(instrument: Instrument) -> str:
    """Return the role of a player that is neither the tune nor the bass."""
    if instrument.name in _PADS:
        return "chords"
    return "accompaniment" if instrument.polyphony >= 4 else "inner"


def named_players(roles: Sequence[tuple[str, str]]) -> tuple[Player, ...]:
    """Return players with distinct part names: hands for a split keyboard, numbers for twins."""
    totals = Counter(name for name, _ in roles)
    seen: Counter[str] = Counter()
    players: list[Player] = []
    for name, role in roles:
        instrument = INSTRUMENTS[name]
        seen[name] += 1
        title = name.replace("-", " ").capitalize()
        if totals[name] == 2 and {r for n, r in roles if n == name} == {"melody", "accompaniment"}:
            title += {"melody": ", upper", "accompaniment": ", lower"}[role]
        elif totals[name] > 1:
            title += f" {seen[name]}"
        players.append(Player(name, title, role, instrument.program, instrument.is_drums))
    return tuple(players)
