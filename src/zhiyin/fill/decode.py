"""The decoding loop: one way to write cells for every act and every step model.

Conventions: cells are written in chunks of bars, each by column then row, chord row first; masks of all wishes
are combined; the same request, seed and checkpoint give the same score on one processor and BLAS.
This module does not rank takes and does not plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from zhiyin.encode import Context, Window, build_sequence
from zhiyin.encode.context import style_code
from zhiyin.encode.fields import FIELD_INDEX, KIND_CELL, MODE_UNKNOWN, PROGRAM_DRUMS
from zhiyin.encode.scene import scene_of
from zhiyin.errors import ConstraintsUnmet
from zhiyin.fill.best_of import best_of
from zhiyin.fill.canvas import Canvas
from zhiyin.fill.cell_writer import CellWriter
from zhiyin.fill.constraints import Constraint
from zhiyin.fill.guidance import start_state
from zhiyin.fill.request import Report, Request, Take
from zhiyin.fill.stream import Listener, nobody
from zhiyin.fill.team import Writer, casts, origin_by
from zhiyin.models import StepModel, StepState
from zhiyin.models.proposal import ProposedState, Proposer
from zhiyin.score import Origin, Score
from zhiyin.units import IntArray

CHUNK_COLUMNS, STREAM_COLUMNS = 8, 1
CONTEXT_EVENTS = 380
CONTEXT_COLUMNS = 12
FUTURE_COLUMNS = 4
LIKE_COLUMNS = 8
GROUP_ROWS = 6

Progress = Callable[[int, int], None]


def fill(
    request: Request, model: StepModel, *, progress: Progress = lambda done, total: None
) -> tuple[Take, ...]:
    """Return the takes of a request, each checked.

    progress: called with (cells written, cells in all). Raises ConstraintsUnmet when a hard wish is not kept.
    """
    total = len(request.write) * request.takes
    takes = []
    for number in range(request.takes):
        done_before = number * len(request.write)
        takes.append(_one_take(request, model, number, lambda done, d=done_before: progress(d + done, total)))  # type: ignore[misc]
    return tuple(takes)


def _one_take(request: Request, model: StepModel, number: int, progress: Callable[[int], None]) -> Take:
    def write(candidate: int) -> Take:
        rng = np.random.default_rng(seeds_of(request.seed, number, candidate))
        score, steps = write_cells(
            request, model, rng, origin=origin_of(request, model, number), progress=progress
        )
        return Take(score, request, request.seed, judged(score, request.constraints), steps)

    return best_of(request.sampling.best_of, write, style=request.style)


def seeds_of(seed: int, take: int, candidate: int) -> list[int]:
    """Return the seeds of a candidate of a take; the first candidate is the take that is written alone."""
    return [seed, take, candidate] if candidate else [seed, take]


def origin_of(request: Request, model: StepModel, number: int) -> Origin:
    """Return the provenance of what a model writes for a request."""
    return Origin(
        "model", model.name, f"{model.version} seed={request.seed} take={number} request={request.digest()}"
    )


def write_cells(
    request: Request,
    model: StepModel,
    rng: np.random.Generator,
    *,
    origin: Origin,
    progress: Callable[[int], None] = lambda done: None,
    listener: Listener = nobody,
) -> tuple[Score, int]:
    """Return the score with the request's cells written, not yet checked, and the number of model steps.

    listener: told each bar as soon as it stands; chunks are then a bar long, so that the first one comes early.
    """
    canvas = Canvas(request)
    helped: dict[int, Origin] = {}  # row -> who wrote it, where that is not the one named
    steps, size = 0, CHUNK_COLUMNS if listener is nobody else STREAM_COLUMNS
    # A step is many small products: a second BLAS thread waits more than it works (8 times slower on a busy machine).
    with threadpool_limits(limits=1, user_api="blas"):
        for columns in _chunks(canvas, size):
            for rows, writer in _casts(canvas, model, columns):
                steps += _write_chunk(canvas, writer, columns, rows, rng)
                helped |= {r: by for r in rows.tolist() if (by := origin_by(origin, model, writer)) != origin}
                canvas.flush()
                progress(int(canvas.written.sum()))
            for heard in canvas.heard(columns) if listener is not nobody else ():
                listener(heard)
    return canvas.result(origin, helped), steps


def judged(score: Score, constraints: tuple[Constraint, ...]) -> Report:
    """Return the report of every wish. Raises ConstraintsUnmet when a hard one is not kept."""
    report = Report(tuple(c.check(score) for c in constraints))
    broken = [v for v in report.verdicts if v.is_hard and not v.kept]
    if broken:
        raise ConstraintsUnmet(
            f"hard wish {broken[0].name!r} must be kept, measured {broken[0].measured} ({broken[0].where}): "
            "relax it or try another seed"
        )
    return report


def _chunks(canvas: Canvas, size: int) -> list[IntArray]:
    """Return runs of at most so many columns that have cells to write."""
    columns = np.flatnonzero(canvas.write.any(axis=1))
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    return [run[i : i + size] for run in runs for i in range(0, run.size, size)]


def _row_groups(canvas: Canvas, columns: IntArray) -> list[IntArray]:
    """Return rows to write together: at most GROUP_ROWS parts, chord row with the first group, drums alone."""
    asked = np.flatnonzero(canvas.write[columns].any(axis=0))
    is_drums = canvas.context.program[asked] == PROGRAM_DRUMS
    parts, drums = asked[(asked > 0) & ~is_drums], asked[is_drums]
    groups = [parts[i : i + GROUP_ROWS] for i in range(0, parts.size, GROUP_ROWS)]
    if 0 in asked:
        groups = [np.concatenate(([0], groups[0])), *groups[1:]] if groups else [np.array([0])]
    return [*groups, drums] if drums.size else groups


def _casts(canvas: Canvas, model: StepModel, columns: IntArray) -> list[tuple[IntArray, Writer]]:
    """Return who writes which rows of some columns, in turn."""
    return [one for rows in _row_groups(canvas, columns) for one in casts(model, canvas.context, rows)]


def _window(canvas: Canvas, columns: IntArray, rows: IntArray, *, order: str) -> Window:
    """Return the window for a chunk: columns it resembles, columns before, the chunk, kept columns after."""
    seen = _seen_rows(canvas, rows)
    counts = (
        np.bincount(
            canvas.tokens.segments.column[np.isin(canvas.tokens.segments.row, seen)],
            minlength=canvas.tokens.columns,
        )
        + seen.size
    )
    first, last = int(columns[0]), int(columns[-1])
    pending = np.any((canvas.write & ~canvas.written)[:, seen], axis=1)
    # Silent columns ahead are not yet written, not rests: they say nothing about what comes.
    heard = np.isin(canvas.tokens.segments.row, seen[seen > 0])
    has_notes = np.bincount(canvas.tokens.segments.column[heard], minlength=canvas.tokens.columns)
    ahead = range(last + 1, min(last + 1 + FUTURE_COLUMNS, canvas.tokens.columns))
    after = [c for c in ahead if not pending[c] and has_notes[c]]
    like = canvas.context.like[columns]
    wanted = [int(c) for c in np.unique(like[like >= 0]) if c < first and not pending[c]][:LIKE_COLUMNS]
    wanted += [c for c in range(first - 1, max(first - 1 - CONTEXT_COLUMNS, -1), -1) if not pending[c]]
    chosen: list[int] = []
    budget = CONTEXT_EVENTS - int(counts[after].sum())
    for column in dict.fromkeys(wanted):
        budget -= int(counts[column])
        if budget < 0:
            break
        chosen.append(column)
    every = np.array(sorted({*chosen, *columns.tolist(), *after}), np.int64)
    write = canvas.write[every][:, seen] & ~canvas.written[every][:, seen]
    write &= np.isin(seen, rows)[None, :]
    return Window(every, seen, write, order=order)


def _seen_rows(canvas: Canvas, rows: IntArray) -> IntArray:
    """Return the rows of a window: those to write, the chord row, and up to 8 rows of other parts for context.

    Drums are written among themselves: the grooves they were learned from were recorded without other players.
    """
    if np.all(canvas.context.program[rows] == PROGRAM_DRUMS):
        return rows
    others = [
        r
        for r in range(1, canvas.tokens.rows)
        if r not in rows and not (canvas.write & ~canvas.written)[:, r].any()
    ]
    has_notes = np.bincount(canvas.tokens.segments.row, minlength=canvas.tokens.rows) > 0
    context = [r for r in others if has_notes[r] and canvas.context.program[r] != PROGRAM_DRUMS]
    if len(context) + len(rows) > GROUP_ROWS + 2:
        roles = canvas.context.role
        context = sorted(context, key=lambda r: (int(roles[r]) not in (0, 3), r))[
            : max(GROUP_ROWS + 2 - len(rows), 2)
        ]
    chord = [0] if canvas.has_chords else []
    return np.array(sorted({*chord, *rows.tolist(), *context}), np.int64)


def _write_chunk(
    canvas: Canvas, model: Writer, columns: IntArray, rows: IntArray, rng: np.random.Generator
) -> int:
    """Write the chunk's cells of some rows; return the number of model steps."""
    window = _window(canvas, columns, rows, order=model.order)
    context = canvas.context
    if np.all(context.program[window.rows] == PROGRAM_DRUMS):
        context = replace(
            context, style=style_code("drum-groove"), mode=np.full_like(context.mode, MODE_UNKNOWN)
        )
    sequence = build_sequence(canvas.tokens, context, window)
    state = _state(canvas, model, context, window, rng)
    given = int(np.count_nonzero(~sequence.is_target))
    if given:
        state.feed(sequence.fields[:given], sequence.time[:given])
    writer = CellWriter(canvas, window, state=state, rng=rng)
    is_cell = sequence.fields[:, FIELD_INDEX["kind"]] == KIND_CELL
    heads = [*np.flatnonzero(is_cell & sequence.is_target).tolist(), len(sequence)]
    cells = window.cells()
    assert len(cells) == len(heads) - 1, "one CELL event a cell to write"
    for (slot_column, slot_row), head, tail in zip(cells, heads, heads[1:], strict=False):
        # What follows the CELL event already rings in from kept notes: it is read, not chosen.
        writer.write(slot_column, slot_row, fields=sequence.fields[head:tail], time=sequence.time[head:tail])
    return writer.steps


def _state(
    canvas: Canvas, model: Writer, context: Context, window: Window, rng: np.random.Generator
) -> StepState:
    """Return an empty sequence of a step model, or one that answers from what a proposer makes of the window."""
    if isinstance(model, Proposer):
        scene = scene_of(canvas.tokens, context, window)
        return ProposedState(scene, model.propose(scene, rng))
    return start_state(model, canvas.request.sampling.guidance)
