"""Plans as JSON text for people to edit: read back with whatever is left out made anew.

Conventions: bars and beats count from 1 in chords (a beat is the metre's felt one); sections follow each other;
what the instrument tells (program, drum kit, part name) is written only where it differs.
This module does not decide what a plan should be: see `zhiyin.fill.plan_make`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from zhiyin.errors import InvalidInput
from zhiyin.fill.form import energy_curve
from zhiyin.fill.manners import is_pattern
from zhiyin.fill.norms import leaning_of, norms_of
from zhiyin.fill.plan import PLAN_FORMAT, Plan, PlannedSection, Player, Texture
from zhiyin.fill.plan_json_feelings import read_feelings, read_tempos, time_and_feelings
from zhiyin.fill.plan_players import middle_role, named_players
from zhiyin.fill.plan_texture import make_textures
from zhiyin.fill.progressions import write_chords
from zhiyin.fill.progressions_harmony import Harmony
from zhiyin.theory.chord import Chord
from zhiyin.theory.instruments import find_instrument, instrument_for_program
from zhiyin.theory.key import MODE_FIFTHS, Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.moods import find_mood
from zhiyin.theory.style_words import base_style, find_style

_REQUIRED = ("style", "key", "metre", "tempo_bpm", "sections", "players")
_OPTIONAL = (
    "title",
    "variant",
    "moods",
    "bars",
    "polyphony",
    "chords",
    "energy",
    "textures",
    "notes",
    "transpose",
    "tempos",
    "feelings",
)
_SECTION_FIELDS = ("name", "bars", "like", "variation", "energy", "key_shift", "mode")
_PLAYER_FIELDS = ("instrument", "part", "role", "program", "is_drums")
_LEAST_FIT, _BETTER_FIT = 0.5, 0.3  # share of chord notes in the key; how much better another place may fit
_ANEW = "delete {0!r} to have it made anew"

Tree = Mapping[str, Any]


def plan_to_json(plan: Plan) -> str:
    """Return the plan as JSON text that `plan_from_json` reads back to an equal value."""
    tree = {
        "format": PLAN_FORMAT, "title": plan.title, "style": plan.style, "variant": plan.variant,
        "moods": list(plan.moods), "key": plan.key.name, "metre": str(plan.metre), "tempo_bpm": plan.tempo_bpm,
        "bars": plan.bars, "polyphony": plan.polyphony,
        "sections": [_section_tree(section) for section in plan.sections],
        "players": _player_trees(plan.players),
        "chords": [_chord_tree(plan, tick, chord) for tick, chord in plan.chords],
        "energy": list(plan.energy),
        "textures": [[_texture_row(t) for t in row] for row in plan.textures],
        "notes": [list(note) for note in plan.notes],
        **time_and_feelings(plan),
    }  # fmt: skip
    return json.dumps(tree, ensure_ascii=False, indent=1)


def _section_tree(section: PlannedSection) -> dict[str, Any]:
    tree = {name: value for name, value in asdict(section).items() if name != "first_bar"}
    return tree if section.mode else {name: value for name, value in tree.items() if name != "mode"}


def _player_trees(players: Sequence[Player]) -> list[dict[str, Any]]:
    usual = named_players([(player.instrument, player.role) for player in players])
    is_usual_part = [p.part for p in players] == [p.part for p in usual]
    trees: list[dict[str, Any]] = []
    for player, own in zip(players, usual, strict=True):
        tree: dict[str, Any] = {"instrument": player.instrument, "role": player.role}
        if not is_usual_part:
            tree["part"] = player.part
        if (player.program, player.is_drums) != (own.program, own.is_drums):
            tree |= {"program": player.program, "is_drums": player.is_drums}
        trees.append(tree)
    return trees


def _chord_tree(plan: Plan, tick: int, chord: Chord) -> list[Any]:
    bar, offset = divmod(tick, plan.metre.bar_ticks)
    return [bar + 1, 1 + offset / plan.metre.beat_ticks, chord.name(key_fifths=plan.key.fifths)]


def plan_from_json(text: str) -> Plan:
    """Return the plan of a JSON text; chords, energy and textures that are left out are made anew.

    Raises InvalidInput naming the field, the rule and the remedy.
    """
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"a plan must be JSON text, got {text[:40]!r}: {error}") from error
    if not isinstance(tree, dict) or tree.get("format") != PLAN_FORMAT:
        raise InvalidInput(f"a plan must be a JSON object with format {PLAN_FORMAT!r}, got {text[:60]!r}")
    _check_names(tree, ("format", *_REQUIRED, *_OPTIONAL), required=_REQUIRED, where="a plan")
    return _read(tree)


def _check_names(tree: object, known: Sequence[str], *, required: Sequence[str], where: str) -> None:
    if not isinstance(tree, dict):
        raise InvalidInput(
            f"{where} must be an object, got {tree!r}: write {{...}} with {', '.join(required)}"
        )
    unknown = [name for name in tree if name not in known]
    if unknown:
        raise InvalidInput(
            f"{where} must have only known fields, got {unknown[0]!r}: delete it; known are {', '.join(known)}"
        )
    missing = [name for name in required if name not in tree]
    if missing:
        raise InvalidInput(f"{where} must have {missing[0]!r}, got none: add it")


def _read(tree: Tree) -> Plan:
    style = _text(tree, "variant") or _text(tree, "style")
    norms, found = norms_of(style), find_style(style)
    moods = tuple(find_mood(mood).name for mood in _moods(tree))
    key, metre = Key.parse(_text(tree, "key")), Metre.parse(_text(tree, "metre"))
    sections, players = _sections(tree), _players(tree)
    bars = sections[-1].end_bar
    if tree.get("bars", bars) != bars:
        raise InvalidInput(
            f"sections must add up to the plan's {tree['bars']!r} bars, got {bars}: change one of them, "
            "or delete 'bars'"
        )
    energy = (
        tuple(_number(value, "energy") for value in _rows(tree, "energy"))
        if "energy" in tree
        else energy_curve(sections)
    )
    _check_count("energy", len(energy), bars)
    chords = (
        _chords(tree, key, metre, sections)
        if "chords" in tree
        else write_chords(Harmony(key, norms, metre), sections, np.random.default_rng(0))
    )
    polyphony = None if tree.get("polyphony") is None else int(_number(tree["polyphony"], "polyphony"))
    textures = (
        _textures(tree, len(players), bars)
        if "textures" in tree
        else make_textures(
            players, sections, energy, norms=norms, leaning=leaning_of(moods), polyphony=polyphony
        )
    )
    return Plan(
        title=_text(tree, "title") or "Untitled", style=base_style(found),
        variant="" if base_style(found) == found else found, moods=moods, key=key, metre=metre,
        tempo_bpm=_number(tree["tempo_bpm"], "tempo_bpm"), bars=bars, sections=sections, chords=chords,
        players=players, energy=energy, textures=textures, polyphony=polyphony, notes=_notes(tree),
        tempos=read_tempos(_rows(tree, "tempos"), metre, bars=bars),
        feelings=read_feelings(tree.get("feelings"), bars=bars, leaning=leaning_of(moods)),
    )  # fmt: skip


def _text(tree: Tree, name: str) -> str:
    value = tree.get(name, "")
    if not isinstance(value, str):
        raise InvalidInput(f"{name} must be a text, got {value!r}: write it in quotes")
    return value


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"{name} must be a number, got {value!r}: write e.g. 1")
    return value


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(f"{name} must be a whole number, got {value!r}: write e.g. 1")
    return value


def _rows(tree: Tree, name: str) -> list[Any]:
    value = tree.get(name, [])
    if not isinstance(value, list):
        raise InvalidInput(f"{name} must be a list, got {value!r}: write [...]")
    return value


def _moods(tree: Tree) -> list[str]:
    moods = _rows(tree, "moods")
    for mood in moods:
        if not isinstance(mood, str):
            raise InvalidInput(f'moods must hold texts, got {mood!r}: write e.g. ["calm"]')
    return moods


def _check_count(name: str, got: int, bars: int) -> None:
    if got != bars:
        raise InvalidInput(
            f"{name} must have one value for each of {bars} bars, got {got}: {_ANEW.format(name)}"
        )


def _sections(tree: Tree) -> tuple[PlannedSection, ...]:
    sections: list[PlannedSection] = []
    place = 0
    for index, item in enumerate(_rows(tree, "sections")):
        where = f"sections[{index}]"
        _check_names(item, _SECTION_FIELDS, required=("name", "bars"), where=where)
        rest = {
            name: _number(item[name], f"{where}.{name}") for name in ("variation", "energy") if name in item
        }
        whole = {
            name: _whole(item[name], f"{where}.{name}") for name in ("like", "key_shift") if name in item
        }
        bars = _whole(item["bars"], f"{where}.bars")
        mode = _text(item, "mode")
        if mode and mode not in MODE_FIFTHS:
            raise InvalidInput(
                f"{where}.mode must be one of {', '.join(MODE_FIFTHS)}, got {mode!r}: name one of them"
            )
        sections.append(PlannedSection(_text(item, "name"), place, bars, **rest, **whole, mode=mode))  # type: ignore[arg-type]
        place += bars
    if not sections:
        raise InvalidInput('sections must hold at least one, got none: add e.g. {"name": "A", "bars": 8}')
    return tuple(sections)


def _players(tree: Tree) -> tuple[Player, ...]:
    items = _rows(tree, "players")
    roles: list[tuple[str, str]] = []
    for index, item in enumerate(items):
        _check_names(item, _PLAYER_FIELDS, required=("instrument",), where=f"players[{index}]")
        instrument = find_instrument(_text(item, "instrument"))
        role = _text(item, "role") or ("drums" if instrument.is_drums else middle_role(instrument))
        if (role == "drums") != instrument.is_drums:
            raise InvalidInput(
                f"players[{index}].role must be 'drums' for a drum kit and for no other, got {role!r} for "
                f"{instrument.name}: change the role"
            )
        roles.append((instrument.name, role))
    usual = named_players(roles)
    return tuple(
        _player(item, own, index) for index, (item, own) in enumerate(zip(items, usual, strict=True))
    )


def _player(item: Tree, own: Player, index: int) -> Player:
    program = _whole(item.get("program", own.program), f"players[{index}].program")
    is_drums = item.get("is_drums", own.is_drums)
    nearest = instrument_for_program(program, is_drums=own.is_drums).program
    own_nearest = instrument_for_program(own.program, is_drums=own.is_drums).program
    if is_drums is not own.is_drums or (program != own.program and nearest != own_nearest):
        raise InvalidInput(
            f"players[{index}].program and is_drums must be those of {own.instrument} ({own.program}, {own.is_drums}), "
            f"got {program}, {is_drums!r}: delete both, the instrument tells them"
        )
    return Player(own.instrument, _text(item, "part") or own.part, own.role, program, own.is_drums)


def _chords(
    tree: Tree, key: Key, metre: Metre, sections: Sequence[PlannedSection]
) -> tuple[tuple[int, Chord], ...]:
    shift = _whole(tree.get("transpose", 0), "transpose")
    bars = sections[-1].end_bar
    marks: list[tuple[int, Chord]] = []
    for item in _rows(tree, "chords"):
        if not isinstance(item, list) or len(item) != 3 or not isinstance(item[2], str):
            raise InvalidInput(
                f'chords must each be [bar, beat, "symbol"], got {item!r}: write e.g. [1, 1, "Am7"]'
            )
        bar, beat = _whole(item[0], "bar of a chord"), _number(item[1], "beat of a chord")
        offset = round((beat - 1) * metre.beat_ticks)
        if not (1 <= bar <= bars and 0 <= offset < metre.bar_ticks):
            raise InvalidInput(
                f"chords must lie within bars 1..{bars} and the {metre.beats} beats of {metre}, got {item!r}: "
                f"move it, or {_ANEW.format('chords')}"
            )
        marks.append(((bar - 1) * metre.bar_ticks + offset, Chord.parse(item[2]).transpose(shift)))
    _check_key(marks, key, metre, sections)
    return tuple(marks)


def _check_key(
    marks: Sequence[tuple[int, Chord]], key: Key, metre: Metre, sections: Sequence[PlannedSection]
) -> None:
    """Raise InvalidInput when the chords belong to another key than the plan's."""
    starts = [section.first_bar * metre.bar_ticks for section in sections]
    under = [sections[int(np.searchsorted(starts, tick, side="right")) - 1] for tick, _ in marks]
    homes = [
        Key(key.tonic_fifths, section.mode or key.mode).transpose(section.key_shift) for section in under
    ]

    def fit(shift: int) -> float:
        shares = [
            sum((pitch + shift) % 12 in home.pitch_classes for pitch in chord.pitch_classes)
            / len(chord.pitch_classes)
            for (_, chord), home in zip(marks, homes, strict=True)
        ]
        return sum(shares) / max(1, len(shares))

    best = max((*range(0, 7), *range(-5, 0)), key=fit)
    if marks and (fit(0) < _LEAST_FIT or fit(best) - fit(0) > _BETTER_FIT):
        raise InvalidInput(
            f"chords must fit the key {key.name}, got {fit(0):.0%} of their notes in it: "
            f'add "transpose": {best} to move '
            f"them, or {_ANEW.format('chords')}"
        )


def _textures(tree: Tree, players: int, bars: int) -> tuple[tuple[Texture, ...], ...]:
    rows = _rows(tree, "textures")
    shape = [len(row) if isinstance(row, list) else 0 for row in rows]
    if shape != [bars] * players:
        raise InvalidInput(
            f"textures must be {players} players x {bars} bars, got rows of {shape}: {_ANEW.format('textures')}"
        )
    return tuple(tuple(_texture(cell) for cell in row) for row in rows)


def _texture(cell: object) -> Texture:
    if not isinstance(cell, list) or len(cell) not in (4, 5):
        raise InvalidInput(
            f"textures must hold [density, polyphony, register, is_empty], got {cell!r}: {_ANEW.format('textures')}"
        )
    read: Callable[[Any], float | None] = lambda value: None if value is None else _number(value, "texture")  # noqa: E731
    manner = cell[4] if len(cell) > 4 else ""
    if not isinstance(manner, str) or (manner and not is_pattern(manner)):
        raise InvalidInput(
            f"a texture's manner must be a pattern such as 's:B...c...c...', got {manner!r}: "
            f"write places of sixteenths (s:) or triplets (t:) as B O n c C x or '.', or leave it out"
        )
    return Texture(read(cell[0]), read(cell[1]), read(cell[2]), bool(cell[3]), manner)


def _texture_row(texture: Texture) -> list[Any]:
    row = [texture.density, texture.polyphony, texture.register, int(texture.is_empty)]
    return [*row, texture.manner] if texture.manner else row


def _notes(tree: Tree) -> tuple[tuple[str, str], ...]:
    notes = _rows(tree, "notes")
    if not all(isinstance(note, list) and len(note) == 2 for note in notes):
        raise InvalidInput(f"notes must be pairs of texts, got {notes!r}: delete 'notes'")
    return tuple((str(en), str(zh)) for en, zh in notes)
