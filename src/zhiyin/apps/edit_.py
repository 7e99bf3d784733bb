"""edit: a score changed by a sentence, its steps known before anything changes.

Conventions: the ending of the target chooses the format; the source is never written over.
This module reads no words (`zhiyin.brief.edit_words`) and runs acts by the table in `zhiyin.apps.edit_acts`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.edit_acts import ACT_RUNNERS
from zhiyin.apps.files import named, owned, read_score
from zhiyin.apps.manifests import written_with_manifest
from zhiyin.apps.output import write_whole
from zhiyin.apps.plan_ import check_seed
from zhiyin.brief.edit_apply import apply_plan
from zhiyin.brief.edit_plan import EditPlan, Outline, outline_of
from zhiyin.brief.edit_words import read_edit
from zhiyin.errors import InvalidInput
from zhiyin.fill.desk import lay_out
from zhiyin.fill.lock_words import with_locks
from zhiyin.io import writable_format_of
from zhiyin.score import Part, Score
from zhiyin.score.hands import VOICES_A_HAND, join_hands, split_hands


@dataclass(frozen=True, slots=True)
class EditRequest:
    """Which score to edit, the sentence, where to write (None: beside the source), whether only to show the plan.

    locks: what must stay, as people type it (`melody`, `piano 5-8`), beside the locks of the file.
    """

    source: Path
    text: str
    target: Path | None = None
    is_dry: bool = False
    seed: int = 0
    locks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if not self.text.strip():
            raise InvalidInput(
                f"the sentence must say what to change, got {self.text!r}: write e.g. 'bars 9-12 softer'"
            )
        if self.target is not None:
            writable_format_of(self.target)


@dataclass(frozen=True, slots=True)
class Edited:
    """The plan, the file written (None: only shown), the score's parts and notes, and what was warned or lost."""

    plan: EditPlan
    target: Path | None
    parts: int
    notes: int
    warnings: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the plan and the facts as plain values."""
        return self.plan.to_json() | {
            "target": str(self.target) if self.target else None, "parts": self.parts, "notes": self.notes,
            "warnings": list(self.warnings), "lost": list(self.lost),
        }  # fmt: skip


def run(request: EditRequest, progress: Progress = silent) -> Edited:
    """Read the sentence against the score, carry it out and write the file, or only show it.

    Raises NotFound, UnreadableFile, InvalidInput: nothing understood, an open question, a lock, an act not to be had.
    """
    target = request.target or edited_path(request.source)
    form = None if request.is_dry else writable_format_of(target)
    read = owned(named(read_score(request.source), request.source), request.source)
    own = with_locks(lay_out(read.score), request.locks).own if request.locks else read.score
    score, plan, outline = planned(own, request.text)
    if form is None:
        return Edited(plan, None, len(score.parts), score.note_count, read.warnings)
    if target.exists() and target.samefile(request.source):
        raise InvalidInput(f"the target must be another file than the source, got {str(target)!r} twice")
    done = apply_plan(score, plan, key=outline.key, runners=ACT_RUNNERS, seed=request.seed)
    done = join_hands(done) if score is not own else done
    written = written_with_manifest(form, done, name=target.name)
    write_whole(target, written.data)
    return Edited(plan, target, len(done.parts), done.note_count, read.warnings, written.lost)


def planned(score: Score, text: str) -> tuple[Score, EditPlan, Outline]:
    """Return the score, its plan for a sentence, and its outline; a keyboard part is split where a hand is named."""
    outline = outline_of(score)
    try:
        return score, read_edit(text, outline=outline), outline
    except InvalidInput:
        apart = hands_apart(score)
        if apart is score:
            raise
        outline = outline_of(apart)
        return apart, read_edit(text, outline=outline), outline


def hands_apart(score: Score) -> Score:
    """Return the score with parts that hold two hands, by their voices, as two parts; itself when there are none."""
    parts: list[Part] = []
    places: dict[int, int] = {-1: -1}
    for index, part in enumerate(score.parts):
        places[index] = len(parts)
        parts += split_hands(part) if _has_two_hands(part) else (part,)
    if len(parts) == len(score.parts):
        return score
    locks = []
    for lock in score.locks:
        both = lock.part >= 0 and _has_two_hands(score.parts[lock.part])
        place = places[lock.part]
        locks += [replace(lock, part=place), *([replace(lock, part=place + 1)] if both else [])]
    return replace(score, parts=tuple(parts), locks=tuple(locks))


def _has_two_hands(part: Part) -> bool:
    voice = part.notes.voice
    return (
        not part.is_drums and voice is not None and bool((voice >= VOICES_A_HAND).any() and voice.min() < 4)
    )


def edited_path(source: Path) -> Path:
    """Return `song-edited.mid` for `song.mid`, or the first of `song-edited-2.mid` ... that is not there yet."""
    number = 1
    while True:
        tail = "-edited" if number == 1 else f"-edited-{number}"
        place = source.with_name(f"{source.stem}{tail}{source.suffix}")
        if not place.exists():
            return place
        number += 1
