"""The report of a piece as plain values: what was asked, decided, kept, heard, and from what it was learned.

Conventions: bars count from 1; the same request, seed and checkpoint give the same report (no clock, no paths).
This module judges nothing: verdicts come from `zhiyin.fill`, sound measures from `zhiyin.apps.bundle`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from zhiyin import __version__
from zhiyin.apps.beats_ import beats_tree
from zhiyin.apps.brief_ import brief_to_json, wishes_to_json
from zhiyin.apps.bundle import Made, take_folders
from zhiyin.apps.model import cards_used, credits_of, joined_card, writers_named
from zhiyin.apps.notices import is_same_music, notices_of
from zhiyin.apps.output import REPORT_FORMAT
from zhiyin.apps.wishes import Asked
from zhiyin.fill.desk import Desk
from zhiyin.fill.explain import explain
from zhiyin.fill.found_grid import on_found_grid
from zhiyin.fill.plan import Plan
from zhiyin.fill.request import Take
from zhiyin.fill.rules import RulesModel
from zhiyin.io.spelling import chord_name
from zhiyin.judge.rank import Ranked
from zhiyin.models import StepModel
from zhiyin.models.chorale_runtime import ChoraleRuntime
from zhiyin.score import Part, Score, Timeline
from zhiyin.theory.pitch import pitch_name


@dataclass(frozen=True, slots=True)
class ReportSource:
    """What a report is made of; asked and plan are None where there was no sentence or no plan.

    warnings, lost, left_out: of reading, what the format written cannot hold, files not made;
    before: the person's score that an act worked on, None for a piece from nothing; ranking: of several takes;
    desk: that score as it was laid out, for the beats found in a performance; more: what an act tells besides.
    """

    verb: str
    seed: int
    lang: str
    takes: tuple[Take, ...]
    model: StepModel | RulesModel | ChoraleRuntime
    asked: Asked | None = None
    plan: Plan | None = None
    source: str = ""
    warnings: tuple[str, ...] = ()
    before: Score | None = None
    ranking: tuple[Ranked, ...] = ()
    lost: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    desk: Desk | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def is_performed(self) -> bool:
        """Return whether the person played apart from the written beats."""
        return self.desk is not None and self.desk.is_performed

    def page_of(self, take: Take) -> Score:
        """Return what stands on the page for a take: its score, on the beats found where it was performed."""
        return on_found_grid(self.desk, take.score) if self.desk else take.score


def report_tree(source: ReportSource, made: list[Made]) -> dict[str, Any]:
    """Return the report as plain values that `json.dumps` takes."""
    names = {
        origin.name for take in source.takes for origin in take.score.provenance if origin.kind == "model"
    }
    card = joined_card(cards_used(source.model, names)) if _has_writer(source) else {}
    folders = take_folders(len(source.takes))
    called, version = writers_named(source.model, names) if _has_writer(source) else ("", "")
    return {
        "format": REPORT_FORMAT, "zhiyin": __version__, "verb": source.verb, "lang": source.lang,
        "title": source.plan.title if source.plan else source.takes[0].score.title,
        "seed": source.seed, "source": source.source, "warnings": list(source.warnings),
        "lost": list(source.lost), "left_out": list(source.left_out),
        **source.more, "notices": [*_notices(source), *source.more.get("notices", ())],
        "beats": beats_tree(source.desk) if source.desk else None,
        "asked": _asked(source.asked), "plan": _plan(source.plan) if source.plan else None,
        "takes": [
            _take(*of_take, number, source.page_of(of_take[0])) | {"reasons": _reasons(source, of_take[0])}
            for number, of_take in enumerate(zip(source.takes, made, folders, strict=True))
        ],
        "ranking": [
            {
                "take": one.index + 1, "distance": round(one.distance, 3),
                "faults": [{"en": en, "zh": zh} for en, zh in one.faults],
                "reasons": [{"en": en, "zh": zh} for en, zh in one.reasons],
            }
            for one in source.ranking
        ],
        "model": {
            "name": called, "digest": version,
            "steps": card.get("steps"), "test_bits_a_note": card.get("test_bits_a_note"),
        },
        "learned_from": [asdict(credit) for credit in credits_of(card)],
    }  # fmt: skip


def _has_writer(source: ReportSource) -> bool:
    """Return whether anybody wrote: not where every take is the score that stood there before."""
    before = source.before
    return before is None or any(
        take.score.provenance != before.provenance or not is_same_music(before, take.score)
        for take in source.takes
    )


def _notices(source: ReportSource) -> list[dict[str, str]]:
    """Return what must be noted of the credits of the person's score."""
    return notices_of(source.before, [take.score for take in source.takes]) if source.before else []


def _reasons(source: ReportSource, take: Take) -> list[dict[str, Any]]:
    """Return what was done in a take, by its notes; nothing for a plan's piece, or an unchanged one."""
    if source.before is None or not _has_writer(source):
        return []
    desk = source.desk
    before = (
        on_found_grid(desk, source.before) if desk else source.before
    )  # cells count bars on the beats found
    found = explain(before, source.page_of(take), write=take.request.write)
    return [{"kind": one.kind, "en": one.text_en, "zh": one.text_zh} for one in found]


def _asked(asked: Asked | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {
        **brief_to_json(asked.brief), "options": wishes_to_json(asked.options),
        "decided_by_options": list(asked.taken), "wishes": wishes_to_json(asked.wishes),
    }  # fmt: skip


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "style": plan.style, "variant": plan.variant, "moods": list(plan.moods), "key": plan.key.name,
        "key_zh": plan.key.name_zh, "metre": str(plan.metre), "tempo_bpm": plan.tempo_bpm, "bars": plan.bars,
        "seconds": round(plan.seconds, 3),
        "sections": [
            {"name": s.name, "first_bar": s.first_bar + 1, "bars": s.bars, "like": s.like + 1 if s.like >= 0 else None,
             "variation": s.variation} for s in plan.sections
        ],
        "chords": chord_bars(plan),
        "players": [asdict(player) for player in plan.players],
        "decisions": [{"en": english, "zh": chinese} for english, chinese in plan.notes],
    }  # fmt: skip


def chord_bars(plan: Plan) -> list[str]:
    """Return the chord symbols of each bar, spelled for the key; `%` for a bar that goes on."""
    bars: list[list[str]] = [[] for _ in range(plan.bars)]
    for tick, chord in plan.chords:
        bar, offset = divmod(tick, plan.metre.bar_ticks)
        if offset and not bars[bar]:
            bars[bar].append("%")
        bars[bar].append(chord_name(chord, plan.key.fifths))
    return [" ".join(names) or "%" for names in bars]


def _take(take: Take, made: Made, folder: str, number: int, page: Score) -> dict[str, Any]:
    score, line = take.score, Timeline.of(take.score)
    verdicts = [asdict(verdict) for verdict in take.report.verdicts]
    return {
        "number": number + 1, "folder": folder, "notes": score.note_count,
        "bars": Timeline.of(page).bar_count(page.end), "seconds": round(line.duration_s(score.end), 3),
        "parts": [_part(part) | {"by": _writers(part, score)} for part in score.parts], "verdicts": verdicts,
        "kept": sum(verdict["kept"] for verdict in verdicts), "model_steps": take.steps,
        "choice": asdict(take.choice) if take.choice else None,
        "sound": made.sound.to_json() if made.sound else None,
        "files": [f"{folder}/{name}".lstrip("/") for name in made.files],
    }  # fmt: skip


def _writers(part: Part, score: Score) -> list[str]:
    """Return who the notes of a part come from, those of most notes first."""
    if part.notes.origin is None or not score.provenance:
        return []
    counts = Counter(score.provenance[i].name for i in np.asarray(part.notes.origin).tolist() if i >= 0)
    return [name for name, _ in counts.most_common()]


def _part(part: Part) -> dict[str, Any]:
    has_pitch = len(part.notes) > 0 and not part.is_drums
    return {
        "name": part.name, "role": part.role, "program": part.program, "notes": len(part.notes),
        "lowest": pitch_name(int(part.notes.pitch.min())) if has_pitch else None,
        "highest": pitch_name(int(part.notes.pitch.max())) if has_pitch else None,
    }  # fmt: skip
