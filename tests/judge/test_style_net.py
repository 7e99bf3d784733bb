"""Laws of the style classifier: what its file holds, what it ignores, how it says that it does not know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.judge.windows import tune
from zhiyin.data.corpus import CorpusView
from zhiyin.errors import InvalidInput, NotFound, UnreadableFile
from zhiyin.judge.features import feature_names, features_of
from zhiyin.judge.style_net import DEFAULT_STYLE_NET, StyleNet, load_style_net, save_style_net
from zhiyin.judge.style_net_build import best_temperature, sure_threshold
from zhiyin.judge.style_net_data import MIN_TEST_PIECES, split_pieces, work_fold
from zhiyin.judge.style_scores import confusion, macro_f1, recalls


def small_net(*, threshold: float = 0.0) -> StyleNet:
    rng, count = np.random.default_rng(0), len(feature_names())
    shapes = {"hidden": (count, 6), "embedding": (6, 4), "style": (4, 3)}
    weights = {
        f"{name}.w": rng.normal(size=s).astype(np.float16).astype(np.float32) for name, s in shapes.items()
    }
    weights |= {f"{name}.b": np.zeros(s[1], np.float32) for name, s in shapes.items()}
    zeros, ones = np.zeros(count, np.float32), np.ones(count, np.float32)
    return StyleNet(("a", "b", "c"), zeros, ones, weights, 1.5, threshold, {"what": "test"})


def test_a_saved_classifier_comes_back_the_same(tmp_path: Path) -> None:
    net, x = small_net(threshold=0.4), np.stack([features_of(tune(seed)) for seed in range(4)])
    save_style_net(net, tmp_path / "net.safetensors")
    back = load_style_net(tmp_path / "net.safetensors")
    np.testing.assert_array_equal(net.probabilities(x), back.probabilities(x))
    assert (back.classes, back.temperature, back.threshold, back.card) == (net.classes, 1.5, 0.4, net.card)


def test_probabilities_are_the_softmax_of_torch() -> None:
    torch = pytest.importorskip("torch")
    net, x = small_net(), np.stack([features_of(tune(seed)) for seed in range(4)])
    t = {name: torch.tensor(w) for name, w in net.weights.items()}
    silu = torch.nn.functional.silu
    hidden = silu(torch.tensor(np.clip(x, -5, 5)) @ t["hidden.w"])
    logits = silu(hidden @ t["embedding.w"]) @ t["style.w"]
    np.testing.assert_allclose(net.probabilities(x), (logits / 1.5).softmax(1).numpy(), rtol=1e-4, atol=1e-6)


def test_below_its_threshold_it_does_not_know() -> None:
    sure, unsure = small_net(threshold=0.0).guess([tune(1)])[0], small_net(threshold=1.0).guess([tune(1)])[0]
    assert sure.style == sure.shares[0][0]
    assert unsure.style is None
    assert unsure.shares == sure.shares
    assert sum(share for _, share in sure.shares) == pytest.approx(1)


def test_the_shipped_classifier_is_small_and_names_at_least_twelve_styles() -> None:
    net = load_style_net()
    assert DEFAULT_STYLE_NET.stat().st_size < 1_000_000
    assert len(net.classes) >= 12
    assert net.embed(features_of(tune(0))[None]).shape[1] <= 64
    assert 0 < net.threshold < 1


def test_no_guess_is_made_about_nothing_and_wrong_features_are_refused() -> None:
    assert small_net().guess([]) == []
    with pytest.raises(InvalidInput, match=r"features must be \(n, 515\), got \(2, 3\)"):
        small_net().embed(np.zeros((2, 3), np.float32))


def test_a_missing_file_names_the_command_and_a_foreign_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"run  python -m zhiyin\.judge\.style_net_build CORPUS"):
        load_style_net(tmp_path / "none.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"no tensors")
    with pytest.raises(UnreadableFile, match=r"cannot read .*bad.safetensors.*style classifier"):
        load_style_net(tmp_path / "bad.safetensors")


def test_the_temperature_undoes_a_known_overconfidence() -> None:
    # 75 % right at log-odds 6: the odds 3 : 1 need a divisor of 6 / ln 3 = 5.46, beyond the table's end at 3.
    logits = np.tile([6.0, 0.0], (400, 1))
    assert best_temperature(logits, np.arange(400) % 4 // 3) == pytest.approx(3.0)
    # At log-odds 2 it is 2 / ln 3 = 1.82; the table's steps are 5.3 %.
    assert best_temperature(logits / 3, np.arange(400) % 4 // 3) == pytest.approx(1.82, rel=0.06)


def test_the_threshold_is_the_lowest_confidence_that_is_right_often_enough() -> None:
    # Confidences .9 right, .8 right, .7 wrong, .6 right: accuracies from the top 1, 1, 2/3, 3/4.
    shares = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]])
    label = np.array([0, 0, 1, 0])
    assert sure_threshold(shares, label, share=0.9) == 0.8
    assert sure_threshold(shares, label, share=0.75) == 0.6
    assert sure_threshold(shares[2:3], label[2:3], share=0.9) == 1.0


def test_scores_agree_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(0)
    label, guess = rng.integers(0, 4, (2, 200))
    table = confusion(label, guess, 4)
    assert np.array_equal(table, metrics.confusion_matrix(label, guess))
    assert macro_f1(table) == pytest.approx(metrics.f1_score(label, guess, average="macro"))
    assert recalls(table).mean() == pytest.approx(metrics.balanced_accuracy_score(label, guess))


def corpus_of(styles: dict[str, tuple[int, int, int]]) -> CorpusView:
    """Return a corpus of named styles with so many train, valid and test pieces, two pieces a work."""
    rows = [
        (style, split, f"{style}-{split}-{n // 2}")
        for style, counts in styles.items()
        for split, count in zip(("train", "valid", "test"), counts, strict=True)
        for n in range(count)
    ]
    columns = [list(c) for c in zip(*rows, strict=True)]
    pieces = {"piece": np.arange(len(rows)), "style": columns[0], "split": columns[1], "work": columns[2],
              "set": ["mutopia"] * len(rows)}  # fmt: skip
    empty = {"piece": np.empty(0, np.int64)}
    tables = dict.fromkeys(("parts", "bars", "chords", "cells", "sections", "words"), empty)
    notes = {"piece": np.arange(len(rows))}
    return CorpusView.of({"pieces": pieces, "notes": notes, **tables})  # type: ignore[dict-item]


def test_no_work_is_both_learned_from_and_measured_on() -> None:
    view = corpus_of({"waltz": (60, 4, 2), "choir": (40, 10, 12)})
    works = view.column("work")
    for sides in split_pieces(view).values():
        by_side = {side: {works[i] for i in rows} for side, rows in sides.items()}
        assert not by_side["train"] & (by_side["valid"] | by_side["test"])
        assert not by_side["valid"] & by_side["test"]


def test_a_style_with_few_test_pieces_lends_itself_a_fifth_of_its_training_works() -> None:
    view = corpus_of({"waltz": (200, 4, 2), "choir": (200, 10, MIN_TEST_PIECES)})
    split = split_pieces(view)
    assert len(split["choir"]["test"]) == MIN_TEST_PIECES
    borrowed = [i for i in split["waltz"]["test"] if view.column("split")[i] == "train"]
    assert 20 <= len(borrowed) <= 60
    assert all(work_fold(view.column("work")[i]) == 0 for i in borrowed)


def test_small_styles_are_left_out_and_kin_are_merged() -> None:
    view = corpus_of({"hymn": (12, 1, 2), "chorale": (3, 0, 0), "jazz": (5, 1, 1), "drum-groove": (90, 9, 9)})
    assert list(split_pieces(view)) == ["hymn"]
    assert sum(len(rows) for rows in split_pieces(view)["hymn"].values()) == 18
