"""brief: what is understood of a sentence, word by word, and what is not.

Conventions: places count characters from 0 in the sentence as typed.
This module decides nothing: see `zhiyin.brief` for reading and `zhiyin.apps.plan_` for deciding.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.brief import Brief, Span, read_brief
from zhiyin.brief.asked_model import with_model
from zhiyin.brief.guess import with_guess
from zhiyin.brief.said import parsed_of
from zhiyin.brief.said_zh import in_chinese
from zhiyin.data.chat import chat_url
from zhiyin.score import Wishes
from zhiyin.theory.key import Key
from zhiyin.theory.metre import Metre
from zhiyin.theory.moods import MOODS
from zhiyin.theory.style_words import STYLE_NAMES_ZH


@dataclass(frozen=True, slots=True)
class BriefRequest:
    """The sentence to read; a language model's server asked for what the words leave open (None: none is asked).

    is_guessing: whether a learned guess may fill a style or a mood that no word names. Raises InvalidInput.
    """

    text: str
    model_url: str | None = None
    model_name: str = ""
    is_guessing: bool = True

    def __post_init__(self) -> None:
        if self.model_url is not None:
            chat_url(self.model_url)


@dataclass(frozen=True, slots=True)
class ReadBrief:
    """A sentence as it was read."""

    brief: Brief

    def to_json(self) -> dict[str, Any]:
        """Return wishes, spans and leftovers as plain values."""
        return brief_to_json(self.brief) | {
            "wishes": wishes_to_json(self.brief.wishes), "parsed": parsed_tree(self.brief),
        }  # fmt: skip


def run(request: BriefRequest, progress: Progress = silent) -> ReadBrief:
    """Return what the sentence says; what is wrong with it stands in the errors of the reading."""
    return ReadBrief(
        read_open(
            request.text,
            model_url=request.model_url,
            model_name=request.model_name,
            is_guessing=request.is_guessing,
        )
    )


def read_open(
    text: str, *, model_url: str | None = None, model_name: str = "", is_guessing: bool = True
) -> Brief:
    """Return a sentence as it was read, what it leaves open filled by a language model or a learned guess.

    A model that does not answer in 30 s is told in the defaults, and the reading stands without it.
    """
    brief = read_brief(text)
    if model_url is not None:
        brief = with_model(brief, url=model_url, name=model_name)
    return with_guess(brief) if is_guessing else brief


def brief_to_json(brief: Brief) -> dict[str, Any]:
    """Return a sentence as it was read, as plain values; places count characters of the sentence."""
    return {
        "text": brief.text, "understood": [_span_row(span) for span in brief.spans],
        "not_understood": list(brief.unknown), "conflicts": list(brief.conflicts), "defaults": list(brief.defaults),
        "avoid_styles": list(brief.avoid_styles), "is_only": brief.is_only, "kind": brief.kind,
        "errors": [{"code": one.code, "message": one.message} for one in brief.errors], "flags": list(brief.flags),
        "questions": list(brief.questions), "language": brief.language,
    }  # fmt: skip


def parsed_tree(brief: Brief) -> dict[str, Any]:
    """Return what a sentence says under the names that other programs read, with scope, flags, errors and spans."""
    tree = ({} if brief.scope is False else parsed_of(brief.said)) | {
        "in_scope": brief.scope,
        "lang": brief.language,
    }
    codes = [one.code for one in brief.errors]
    extra = {
        "reason": brief.reason, "kind": "edit" if brief.kind == "edit" else None, "flags": list(brief.flags),
        "errors": list(dict.fromkeys(codes)), "conflicts": list(brief.clashes), "defaults": list(brief.defaults),
        "warnings": list(brief.questions), "confidence": brief.confidence,
        "spans": [_whole_row(span, brief.text) for span in brief.spans],
    }  # fmt: skip
    return tree | {name: value for name, value in extra.items() if value not in (None, [])}


def _whole_row(span: Span, text: str) -> dict[str, Any]:
    start, end = span.whole
    return {
        "field": span.field, "start": start, "end": end, "text": text[start:end], "value": plain(span.value),
        "negated": span.is_negated, "confidence": span.confidence,
    }  # fmt: skip


def wishes_to_json(wishes: Wishes) -> dict[str, Any]:
    """Return the wishes that are not open, as plain values."""
    return {name: plain(value) for name, value in asdict_shallow(wishes).items() if value not in (None, ())}


def asdict_shallow(wishes: Wishes) -> dict[str, Any]:
    """Return the fields of wishes with their own values (a Key stays a Key)."""
    return {name: getattr(wishes, name) for name in wishes.__dataclass_fields__}


def plain(value: object) -> Any:
    """Return a value as JSON takes it: keys by name, metres as text, tuples as lists."""
    if isinstance(value, Key):
        return value.name
    if isinstance(value, Metre):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def told_in(line: str, lang: str) -> str:
    """Return a line about a reading, a contradiction or what was filled in, in a language (zh or en)."""
    return in_chinese(line) if lang == "zh" else line


def title_zh(*, style: str, moods: tuple[str, ...], key: Key) -> str:
    """Return a title in Chinese for a piece that was asked for in Chinese without one.

    >>> title_zh(style="waltz", moods=("happy",), key=Key.parse("Eb"))
    '快乐的圆舞曲，降E大调'
    """
    mood = f"{MOODS[moods[0]].zh}的" if moods else ""
    return f"{mood}{STYLE_NAMES_ZH[style]}，{key.name_zh}"


def is_chinese(text: str) -> bool:
    """Return whether a sentence holds Chinese characters."""
    return any("\u3400" <= mark <= "\u9fff" for mark in text)


def _span_row(span: Span) -> dict[str, Any]:
    return asdict(span) | {"value": plain(span.value)}
