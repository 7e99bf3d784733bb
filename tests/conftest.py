"""What every test shares: no network, one thread, hypothesis without clocks.

Conventions: fixtures here are few and plain; a package's own stand in its folder's conftest.
Does not know: any package of zhiyin.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

# A busy machine must not fail a law, so there are no deadlines.
# In CI the same examples are drawn every time: a change is judged by what it did, not by luck.
hypothesis.settings.register_profile(
    "zhiyin", deadline=None, max_examples=50, derandomize=bool(os.environ.get("CI"))
)
hypothesis.settings.load_profile("zhiyin")

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the repository."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def _offline() -> Iterator[None]:
    """Refuse every connection that leaves this machine: Zhiyin promises to run offline."""
    patch = pytest.MonkeyPatch()
    connect = socket.socket.connect

    def connect_locally(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in LOCAL_HOSTS:
            raise OSError(f"tests run offline, and this one called {address!r}")
        connect(self, address)

    patch.setattr(socket.socket, "connect", connect_locally)
    yield
    patch.undo()
