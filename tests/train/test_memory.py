"""The allocator's law: asking never fails a run."""

from __future__ import annotations

import sys

import pytest

from zhiyin.train.memory import keep_freed_memory


def test_asking_twice_is_the_same_as_asking_once() -> None:
    assert keep_freed_memory() == keep_freed_memory()


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert keep_freed_memory() is False
