"""compose: from a sentence, options or a plan to a finished piece with its files and report.

Conventions: takes share one plan; one take lies in the folder itself, several in take-1, take-2 ...
This module writes no notes itself: see `zhiyin.fill.plan_make` and `zhiyin.fill.compose_plan`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zhiyin.apps.base import Progress, silent
from zhiyin.apps.bundle import Bundling, refuse_early, write_pieces
from zhiyin.apps.families import check_family, model_of, performed, planned, take_of
from zhiyin.apps.plan_ import check_seed, plan_of, read_plan
from zhiyin.apps.report import ReportSource, report_tree
from zhiyin.apps.wishes import Asked, read_asked
from zhiyin.errors import InvalidInput
from zhiyin.fill.plan import Plan
from zhiyin.fill.request import MAX_TAKES, Take
from zhiyin.fill.rules import RulesModel
from zhiyin.fill.sampling import Sampling
from zhiyin.models import StepModel
from zhiyin.render import choose_synth
from zhiyin.score import Score, Wishes

# How far off-beat eighths lean towards triplets, 0..1, by style or variant; all others are straight.
SWING: dict[str, float] = {"jazz": 0.55, "swing": 0.65, "blues": 0.6}


@dataclass(frozen=True, slots=True)
class ComposeRequest:
    """What to write and where to.

    text: a sentence or None; options: wishes given as options; plan_file: a plan instead of both; takes: 1..8;
    lang: `en` or `zh`, the report's language; checkpoint: None for the shipped one; sampling: how boldly to choose,
    and from how many takes the judges choose each; family: see `zhiyin.apps.families`.
    Raises InvalidInput.
    """

    text: str | None = None
    options: Wishes = Wishes()
    plan_file: Path | None = None
    folder: Path = Path("out")
    seed: int = 0
    takes: int = 1
    soundfont: Path | None = None
    is_silent: bool = False
    lang: str = "en"
    checkpoint: Path | None = None
    sampling: Sampling = Sampling()
    family: str = "transformer"

    def __post_init__(self) -> None:
        check_seed(self.seed)
        check_family(self.family, "compose")
        if not 1 <= self.takes <= MAX_TAKES:
            raise InvalidInput(f"takes must be 1..{MAX_TAKES}, got {self.takes}: ask for fewer or run again")
        if self.plan_file is not None and (self.text is not None or self.options != Wishes()):
            raise InvalidInput(
                f"a plan decides everything, got {str(self.plan_file)!r} beside a sentence or options: "
                "edit the plan or leave it out"
            )


@dataclass(frozen=True, slots=True)
class Composed:
    """The folder, the plan and its takes, what was asked (None with a plan file), and the report."""

    folder: Path
    plan: Plan
    asked: Asked | None
    takes: tuple[Take, ...]
    report: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the report and the folder as plain values."""
        return {"folder": str(self.folder), **self.report}


def run(request: ComposeRequest, progress: Progress = silent) -> Composed:
    """Write the piece and its files; the folder changes only when all is done.

    Raises InvalidInput, NotFound, ConflictingWishes, ConstraintsUnmet.
    """
    asked, plan = _decide(request)
    bundling = Bundling(request.folder, synth=choose_synth(request.soundfont), is_silent=request.is_silent)
    refuse_early(bundling, request.takes)
    model = model_of(request.family, request.checkpoint)
    wishes = asked.wishes if asked is not None else Wishes()
    takes = tuple(_take(request, plan, wishes, model, number, progress) for number in range(request.takes))
    source = ReportSource(
        verb="compose", seed=request.seed, lang=request.lang, takes=takes, model=model, asked=asked, plan=plan
    )
    pairs = [
        (take.score, perform(take.score, plan, seed=request.seed + number, family=request.family))
        for number, take in enumerate(takes)
    ]
    report = write_pieces(
        pairs, bundling, report=lambda made: report_tree(source, made), plan=plan, progress=progress
    )
    return Composed(request.folder, plan, asked, takes, report)


def _decide(request: ComposeRequest) -> tuple[Asked | None, Plan]:
    if request.plan_file is not None:
        return None, read_plan(request.plan_file)
    asked = read_asked(request.text, request.options)
    plan = plan_of(asked, seed=request.seed)
    return asked, planned(request.family, plan, asked.wishes, seed=request.seed)


def _take(
    request: ComposeRequest,
    plan: Plan,
    wishes: Wishes,
    model: StepModel | RulesModel,
    number: int,
    progress: Progress,
) -> Take:
    def tell(done: int, total: int) -> None:
        progress("write", number * total + done, request.takes * total)

    take = take_of(
        request.family, plan, wishes, model=model, seed=request.seed, take=number, sampling=request.sampling,
        progress=tell,
    )  # fmt: skip
    return replace(take, score=replace(take.score, title=take.score.title or plan.title))


def perform(score: Score, plan: Plan, *, seed: int, family: str = "transformer") -> Score:
    """Return the score as played in the plan's style, by the family that wrote it."""
    return performed(family, score, plan, seed=seed, swing=SWING.get(plan.variant or plan.style, 0.0))
