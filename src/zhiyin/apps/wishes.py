"""Wishes from a sentence and from options, made one.

Conventions: an option fills what the sentence leaves open and overrules what the sentence only hints at (a style's
metre, a tempo word, a scene's mood); where both are explicit and differ, that is refused by name.
This module reads no words itself: see `zhiyin.brief`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from zhiyin.apps.brief_ import read_open
from zhiyin.brief import Brief
from zhiyin.brief.words_control import tempo_words
from zhiyin.errors import ConflictingWishes, InvalidInput
from zhiyin.score import Wishes
from zhiyin.theory.key import Key

EXAMPLES = '"a sad waltz for piano, one minute", "欢快的进行曲，16小节", --style waltz --key Dm --bars 32'
# Wish -> the option that names it.
OPTION_NAMES: dict[str, str] = {
    "style": "--style", "moods": "--mood", "tempo_bpm": "--tempo", "key": "--key", "mode": "--mode",
    "metre": "--metre", "bars": "--bars", "seconds": "--seconds", "players": "--players", "excluded": "--without",
    "chords": "--chords", "title": "--title", "density": "--density", "polyphony": "--polyphony",
    "dynamics": "--dynamics", "is_loop": "--loop", "intensity": "--intensity", "valence": "--valence",
    "arousal": "--arousal", "register": "--register", "ending": "--ending",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for, all told.

    brief: the sentence as it was read; options: wishes given as options; wishes: both made one; taken: wishes
    whose value came from an option.
    """

    brief: Brief
    options: Wishes
    wishes: Wishes
    taken: tuple[str, ...] = ()


def read_asked(text: str | None, options: Wishes) -> Asked:
    """Return what a sentence (None: none was given) and options ask for together.

    Raises ConflictingWishes naming the sentence's words and the option that contradict, InvalidInput when nothing
    was asked or nothing of the sentence was understood.
    """
    if text is not None and not text.strip():
        raise InvalidInput(f"the sentence must say something, got {text!r}: write for example {EXAMPLES}")
    brief = read_open(text or "")
    if text is not None:
        _check(brief)
    wishes, taken = merge(brief, options)
    if wishes == Wishes() and not brief.avoid_styles:
        raise InvalidInput(_nothing_understood(text))
    if text is not None and brief.scope is False and options == Wishes():
        raise InvalidInput(
            f"a sentence must ask for music, got {text[:60]!r}: say so, such as {EXAMPLES}, or add an option"
        )
    return Asked(brief, options, wishes, taken)


def _check(brief: Brief) -> None:
    """Raise InvalidInput for a sentence with a number out of range, or that asks for somebody's voice."""
    if brief.errors:
        raise InvalidInput("; ".join(one.message for one in brief.errors))
    if "voice_clone" in brief.flags:
        raise InvalidInput(
            f"a person's voice must not be cloned, got {brief.text[:60]!r}: ask for a kind of voice, such as "
            "'female voice'"
        )


def merge(brief: Brief, options: Wishes) -> tuple[Wishes, tuple[str, ...]]:
    """Return the wishes of a sentence and of options made one, and the names of those that options decided."""
    said, changes = brief.wishes, dict[str, Any]()
    for field in fields(Wishes):
        name, wanted, told = field.name, getattr(options, field.name), getattr(said, field.name)
        if wanted in (None, ()) or wanted == told:
            continue
        joined = JOIN.get(name, _join_one)(brief, name, wanted)
        changes[name] = joined
    _check_key(brief, options)
    _check_players(brief, options)
    own_mode: dict[str, Any] = {"mode": None} if "key" in changes else {}  # the key says it
    return replace(said, **changes, **own_mode), tuple(changes)


def _join_one(brief: Brief, name: str, wanted: Any) -> Any:
    """Return the option's value, refused when the sentence names another one itself."""
    words = _words(brief, name)
    if getattr(brief.wishes, name) not in (None, ()) and words:
        raise _conflict(name, wanted, words)
    return wanted


def _join_tempo(brief: Brief, name: str, wanted: float) -> float:
    if _words(brief, "tempo_bpm"):
        return float(_join_one(brief, name, wanted))
    told = brief.wishes.tempo_range
    if told is not None and _words(brief, "tempo_range") and not told[0] <= wanted <= told[1]:
        raise _conflict(name, f"{wanted:g} BPM", _words(brief, "tempo_range"))
    for span in brief.spans:
        if span.field == "tempo_word":
            _, low, high = tempo_words()[str(span.value)]
            if (low <= wanted <= high) == span.is_negated:
                raise _conflict(name, f"{wanted:g} BPM", [span.text])
    return wanted


def _join_moods(brief: Brief, name: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    told = [span for span in brief.spans if span.field == "mood" and not span.is_negated]
    if told and not set(wanted) >= set(brief.wishes.moods):
        raise _conflict(name, wanted, [span.text for span in told])
    avoided = set(wanted) & set(brief.wishes.avoid_moods)
    if avoided:
        raise _conflict(name, wanted, [s.text for s in brief.spans if s.field == "mood" and s.is_negated])
    return wanted


def _join_players(brief: Brief, name: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    if not set(wanted) >= set(brief.wishes.players):
        raise _conflict(name, wanted, _words(brief, "players"))
    return wanted


def _join_excluded(brief: Brief, name: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*brief.wishes.excluded, *wanted)))


# How a wish in both places is made one; other wishes must be open in the sentence or equal.
JOIN: dict[str, Callable[[Brief, str, Any], Any]] = {
    "tempo_bpm": _join_tempo, "moods": _join_moods, "players": _join_players, "excluded": _join_excluded,
}  # fmt: skip

# Wish -> the fields of spans that name it outright.
_SPAN_FIELDS: dict[str, tuple[str, ...]] = {
    "players": ("instrument",), "excluded": ("instrument",), "moods": ("mood",), "form": ("form", "section"),
    "density": ("texture",), "polyphony": ("texture",), "bars": ("bars", "section_bars"),
}  # fmt: skip


def _words(brief: Brief, name: str) -> list[str]:
    """Return the words of the sentence that name a wish outright."""
    wanted = _SPAN_FIELDS.get(name, (name,))
    return [span.text for span in brief.spans if span.field in wanted and not span.is_negated]


def _check_key(brief: Brief, options: Wishes) -> None:
    """Raise when a key on one side and a mode on the other do not agree."""
    for key, mode, words in (
        (options.key, brief.wishes.mode, _words(brief, "mode")),
        (brief.wishes.key, options.mode, _words(brief, "key")),
    ):
        if key is not None and mode is not None and not agrees(key, mode):
            raise _conflict(
                "key" if key is options.key else "mode", key.name if key is options.key else mode, words
            )
    if options.key is not None and options.mode is not None and not agrees(options.key, options.mode):
        raise ConflictingWishes(
            f"--key and --mode must agree, got {options.key.name} and {options.mode}: leave one of them out",
            zh=f"--key 与 --mode 须一致，现为 {options.key.name} 与 {options.mode}：请去掉其中一个",
        )


def agrees(key: Key, mode: str) -> bool:
    """Return whether a key is of a mode; `major` and `minor` take in every mode with that third.

    >>> agrees(Key.parse("D dorian"), "minor")
    True
    """
    return key.mode == mode or (mode in ("major", "minor") and key.is_minor == (mode == "minor"))


def _check_players(brief: Brief, options: Wishes) -> None:
    """Raise when one side asks for a player that the other one excludes."""
    for wanted, excluded, name in (
        (options.players, brief.wishes.excluded, "players"),
        (brief.wishes.players, options.excluded, "excluded"),
    ):
        both = [player for player in wanted if player in excluded]
        if both:
            words = [
                s.text for s in brief.spans if s.field == "instrument" and set(both) & set(_names(s.value))
            ]
            raise _conflict(name, both, words)
    both = [player for player in options.players if player in options.excluded]
    if both:
        raise ConflictingWishes(
            f"--players and --without must not share a player, got {', '.join(both)} in both",
            zh=f"--players 与 --without 不能有同一种乐器，现两处都有 {'、'.join(both)}：请去掉其中一处",
        )


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _conflict(name: str, wanted: Any, words: list[str]) -> ConflictingWishes:
    told = (
        ", ".join(map(str, wanted))
        if isinstance(wanted, tuple | list)
        else getattr(wanted, "name", str(wanted))
    )
    said = ", ".join(f"“{word}”" for word in words) or "something else"
    said_zh = "、".join(f"“{word}”" for word in words) or "别的"
    return ConflictingWishes(
        f"the sentence says {said}, and the option {OPTION_NAMES.get(name, name)} says {told}: "
        "change the sentence or leave the option out",
        zh=f"句子里说的是{said_zh}，选项 {OPTION_NAMES.get(name, name)} 却是 {told}：请改句子，或去掉这个选项",
    )


def _nothing_understood(text: str | None) -> str:
    if text is None:
        return f"nothing was asked: write a sentence or an option, for example {EXAMPLES}"
    return (
        f"nothing in {text!r} was understood as a wish: name a style, a mood, players, a key, a tempo or a length, "
        f"for example {EXAMPLES}"
    )
