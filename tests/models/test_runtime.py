"""Laws of the runtime: equal to torch, the same however events are fed, refuses what it cannot read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.encode.pieces import little_waltz
from zhiyin.apps.families import FAMILIES
from zhiyin.encode import Sequence, Window, build_sequence, context_of, encode_grid, stack
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.models import FillConfig, FillRuntime, StepState, Under, load_checkpoint, save_checkpoint
from zhiyin.models.checkpoint import DEFAULT_CHECKPOINT, WEIGHTS_FOLDER
from zhiyin.models.runtimes import make_runtime

SMALL = FillConfig(width=32, layers=2, heads=2, hidden=48, inner=24, dropout=0.0)


def waltz_sequence() -> Sequence:
    """Return the little waltz as a task: two bars given, six to write."""
    tokens = encode_grid(little_waltz())
    columns, rows = np.arange(tokens.columns), np.arange(tokens.rows)
    write = np.zeros((columns.size, rows.size), bool)
    write[2:, :] = True
    return build_sequence(tokens, context_of(tokens, style="waltz"), Window(columns, rows, write))


def random_weights(config: FillConfig, seed: int = 0) -> dict[str, np.ndarray]:
    """Return weights of the right shapes without torch, for laws that need no training."""
    rng = np.random.default_rng(seed)
    w, inner, total = config.width, config.inner, sum(config.fields.values())
    shapes: dict[str, tuple[int, ...]] = {
        "embed.weight": (total, w), "norm.weight": (w,),
        "onset_head.weight": (config.onsets, w), "value_in.weight": (inner, w),
        "onset_embed.weight": (config.onsets, inner), "quality_embed.weight": (config.qualities + 1, inner),
        "value_head.weight": (config.values, inner), "degree_head.weight": (12, inner),
        "chord_head.weight": (12, inner), "chord_bias.weight": (config.qualities + 1, 12),
        "duration_in.weight": (inner, w), "value_embed.weight": (config.values, inner),
        "duration_head.weight": (config.durations, inner), "extra_in.weight": (inner, w),
        "duration_embed.weight": (config.durations, inner), "extra_head.weight": (config.extras, inner),
    }  # fmt: skip
    for name in ("onset_head", "value_in", "value_head", "degree_head", "chord_head", "duration_in", "duration_head",
                 "extra_in", "extra_head"):  # fmt: skip
        shapes[f"{name}.bias"] = shapes[f"{name}.weight"][:1]
    for i in range(config.layers):
        p = f"blocks.{i}."
        shapes |= {
            p + "attention_norm.weight": (w,), p + "qkv.weight": (3 * w, w), p + "out.weight": (w, w),
            p + "hidden_norm.weight": (w,), p + "gate_up.weight": (2 * config.hidden, w),
            p + "down.weight": (w, config.hidden),
        }  # fmt: skip
    return {
        n: (np.ones(s) if "norm" in n else rng.normal(0, 0.3, s)).astype(np.float32)
        for n, s in shapes.items()
    }


@pytest.fixture
def runtime(tmp_path: Path) -> FillRuntime:
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, SMALL, random_weights(SMALL), card={"date": "2026-01-01"})
    return FillRuntime(load_checkpoint(path))


def answers(state: StepState, sequence: Sequence, at: int) -> list[float]:
    """Return the log-probabilities of an event's true next fields."""
    onset, value, duration, extra = sequence.target[at].tolist()
    found = [float(state.onset()[onset])]
    if value >= 0:
        under = Under(
            int(sequence.tonic[at]),
            int(sequence.chord_root[at]),
            int(sequence.chord_quality[at]),
            int(sequence.last[at]),
        )
        found += [
            float(state.value(onset, under)[value]),
            float(state.duration(value)[duration]),
            float(state.extra(duration)[extra]),
        ]
    return found


def test_runtime_and_torch_agree_to_a_thousandth_in_log_probability(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="the train extra is not installed")
    from zhiyin.models.transformer import FillTransformer

    torch.manual_seed(1)
    model = FillTransformer(SMALL).eval()
    for p in model.parameters():
        if p.ndim > 1:
            torch.nn.init.normal_(p, std=0.2)
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(path, SMALL, {k: v.detach().numpy() for k, v in model.state_dict().items()}, card={})
    _agrees_with_torch(path)


def test_feeding_at_once_or_one_by_one_gives_the_same_answers(runtime: FillRuntime) -> None:
    sequence = waltz_sequence()
    whole, single = runtime.start(), runtime.start()
    whole.feed(sequence.fields, sequence.time)
    for at in range(len(sequence)):
        single.feed(sequence.fields[at : at + 1], sequence.time[at : at + 1])
    last = len(sequence) - 1
    assert np.allclose(answers(whole, sequence, last), answers(single, sequence, last), atol=1e-4)


def test_rewinding_forgets_what_came_after(runtime: FillRuntime) -> None:
    sequence = waltz_sequence()
    state = runtime.start()
    state.feed(sequence.fields[:10], sequence.time[:10])
    before, mark = state.onset(), state.mark()
    state.feed(sequence.fields[10:20], sequence.time[10:20])
    state.rewind(mark)
    assert np.array_equal(state.onset(), before)


def test_probabilities_of_every_field_add_up_to_one(runtime: FillRuntime) -> None:
    state = runtime.start()
    sequence = waltz_sequence()
    state.feed(sequence.fields[:5], sequence.time[:5])
    for log_probs in (state.onset(), state.value(0, Under(2, 2, 1)), state.duration(60), state.extra(24)):
        assert np.exp(log_probs).sum() == pytest.approx(1.0)


def test_the_cache_grows_past_its_first_size_without_changing_answers(runtime: FillRuntime) -> None:
    sequence = waltz_sequence()
    fields, time = np.tile(sequence.fields, (12, 1)), np.tile(sequence.time, 12)
    assert len(fields) > 1024
    grown, fresh = runtime.start(), runtime.start()
    grown.feed(fields[:1000], time[:1000])
    grown.feed(fields[1000:], time[1000:])
    fresh.feed(fields, time)
    assert np.allclose(grown.onset(), fresh.onset(), atol=1e-4)


def test_an_empty_sequence_and_a_bad_mark_are_refused(runtime: FillRuntime) -> None:
    state = runtime.start()
    with pytest.raises(InvalidInput, match="must hold 1 event or more before it is asked, got 0"):
        state.onset()
    with pytest.raises(InvalidInput, match=r"rewind mark must lie in 1\.\.0, got 3"):
        state.rewind(3)


def test_a_missing_checkpoint_names_the_shipped_ones() -> None:
    with pytest.raises(NotFound, match="no checkpoint 'no-such': shipped are"):
        load_checkpoint("no-such")


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "junk.safetensors"
    path.write_bytes(b"not weights at all")
    with pytest.raises(UnreadableFile, match="not a safetensors file"):
        load_checkpoint(path)


def test_a_checkpoint_of_another_encoder_is_refused_and_names_the_field() -> None:
    text = SMALL.to_json().replace('"density": 9', '"density": 8')
    with pytest.raises(InvalidInput, match="density differ: retrain"):
        FillConfig.from_json(text)


def test_saving_and_loading_keeps_config_card_and_half_precision_weights(tmp_path: Path) -> None:
    weights = random_weights(SMALL)
    path = tmp_path / "a.safetensors"
    save_checkpoint(path, SMALL, weights, card={"note": "知音"})
    loaded = load_checkpoint(path)
    assert loaded.config == SMALL and loaded.card == {"note": "知音"}
    assert all(np.allclose(loaded.weights[n], w, rtol=1e-3, atol=1e-6) for n, w in weights.items())
    assert list(tmp_path.iterdir()) == [path]


def test_every_shipped_checkpoint_runs_like_torch_and_has_a_card_page() -> None:
    names = {one.checkpoint for one in FAMILIES.values()} - {""}  # others are not fill models
    shipped = sorted(WEIGHTS_FOLDER / f"{name}.safetensors" for name in names)
    assert [p.stem for p in shipped].count(DEFAULT_CHECKPOINT) == 1
    for path in shipped:
        card = load_checkpoint(path).card
        assert {"data", "recipe", "test_bits_a_note", "date"} <= set(card)
        page = path.with_suffix(".md").read_text(encoding="utf-8")
        assert all(row["licence"] in page for row in card["data"])
        _agrees_with_torch(path)


def _agrees_with_torch(path: Path) -> None:
    torch = pytest.importorskip("torch", reason="the train extra is not installed")
    from zhiyin.models.layouts import build_model

    checkpoint, sequence = load_checkpoint(path), waltz_sequence()
    model = build_model(checkpoint.config).eval()
    model.load_state_dict({k: torch.tensor(v) for k, v in checkpoint.weights.items()})
    with torch.no_grad():
        losses, _ = model.field_losses({k: torch.tensor(v) for k, v in stack([sequence]).items()})
    state = make_runtime(checkpoint).start()
    for at in range(len(sequence)):
        state.feed(sequence.fields[at : at + 1], sequence.time[at : at + 1])
        ours = answers(state, sequence, at)
        assert np.allclose(ours, -losses[at].numpy()[: len(ours)], atol=1e-3)
