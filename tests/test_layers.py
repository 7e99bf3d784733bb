"""The layer table of docs/architecture.md holds for every module under src/zhiyin.

Conventions: a package is the first name after ``zhiyin.``; every import counts, also inside functions.
Does not know: whether a package exists yet.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
SOURCE = ROOT / "src" / "zhiyin"

# One line of the table: a number, package names one space apart, two spaces, a description.
LINE = re.compile(r"^ *(\d+)  ((?:[a-z_]+ )*[a-z_]+)  +\S")


def read_layers(page: str) -> dict[str, int]:
    """Return {package: line number} from the ```layers block of the page."""
    blocks = re.findall(r"^```layers\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        raise ValueError(f"the page must hold one ```layers block, got {len(blocks)}")
    layers: dict[str, int] = {}
    for line in blocks[0].splitlines():
        match = LINE.match(line)
        if match is None:
            raise ValueError(f"not a line of the layer table: {line!r}")
        for package in match[2].split():
            if package in layers:
                raise ValueError(f"{package!r} stands twice in the layer table")
            layers[package] = int(match[1])
    return layers


def imported_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) for each import; a relative one starts with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            joined = base if base.endswith(".") else base + "."
            yield from ((node.lineno, joined + alias.name) for alias in node.names)
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, name) for name in called_import(node))


def called_import(node: ast.Call) -> Iterator[str]:
    """Yield the name in ``import_module("name")`` and ``__import__("name")`` where it is written out."""
    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if called in {"import_module", "__import__"}:
        yield from (
            one.value for one in node.args[:1] if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )


def breaches_of_file(path: Path, source: Path, layers: dict[str, int]) -> Iterator[str]:
    """Yield one sentence per import in the file that breaks the table."""
    relative = path.relative_to(source)
    own = relative.parts[0].removesuffix(".py")
    if own not in layers and own not in {"__init__", "__main__"}:
        yield f"{relative}: package {own!r} is not in the layer table"
        return
    for line, name in imported_names(ast.parse(path.read_text(encoding="utf-8"))):
        reason = breach(own, name, layers)
        if reason:
            yield f"{relative}:{line}: {reason}"


def breach(own: str, name: str, layers: dict[str, int]) -> str:
    """Return why the package ``own`` must not import ``name``, or an empty string."""
    if name.startswith("."):
        return f"relative import {name!r}: write the absolute name"
    parts = name.split(".")
    if parts[0] != "zhiyin" or len(parts) == 1:
        return ""
    if own == "__main__" or parts[1].startswith("__") or parts[1] == own:
        return ""
    if own == "__init__":
        return f"zhiyin/__init__.py is below every package and imports {name!r}"
    if parts[1] not in layers:
        return f"imports {name!r}, and {parts[1]!r} is not in the layer table"
    if layers[parts[1]] >= layers[own]:
        return f"{own} (line {layers[own]}) imports {name!r} (line {layers[parts[1]]})"
    return ""


def breaches(source: Path, layers: dict[str, int]) -> list[str]:
    """Return one sentence per breach in the source tree."""
    files = sorted(source.rglob("*.py"))
    return [sentence for path in files for sentence in breaches_of_file(path, source, layers)]


def test_every_import_points_to_a_lower_line_of_the_layer_table() -> None:
    found = breaches(SOURCE, read_layers(PAGE.read_text(encoding="utf-8")))
    assert not found, "\n" + "\n".join(found)


def test_the_table_starts_with_errors_and_ends_with_the_doors() -> None:
    layers = read_layers(PAGE.read_text(encoding="utf-8"))
    by_line = sorted(layers, key=layers.__getitem__)
    assert by_line[:3] == ["errors", "units", "theory"]
    assert set(by_line[-2:]) == {"cli", "api"}
    assert sorted(set(layers.values())) == list(range(1, 13))


TABLE = {"errors": 1, "units": 2, "score": 4, "audio": 4, "fill": 8, "cli": 11}

BREACHES = {
    "a higher line": ("units.py", "import zhiyin.score", "units (line 2) imports 'zhiyin.score' (line 4)"),
    "a neighbour": ("score/note.py", "import zhiyin.audio", "score (line 4) imports 'zhiyin.audio' (line 4)"),
    "inside a function": ("score/note.py", "def f():\n    import zhiyin.fill", "note.py:2: score (line 4)"),
    "for types only": (
        "score/note.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from zhiyin.cli import main",
        "score/note.py:3: score (line 4) imports 'zhiyin.cli.main' (line 11)",
    ),
    "by its name as text": (
        "score/note.py",
        "import importlib\nimportlib.import_module('zhiyin.fill')",
        "score (line 4) imports 'zhiyin.fill' (line 8)",
    ),
    "a relative name": ("score/note.py", "from . import part", "relative import '.part'"),
    "a relative module": ("score/note.py", "from ..units import Ticks", "relative import '..units.Ticks'"),
    "an unlisted package": ("fill/loop.py", "from zhiyin.magic import x", "'magic' is not in the layer"),
    "from an unlisted package": ("magic/loop.py", "x = 1", "package 'magic' is not in the layer table"),
    "from the root": ("__init__.py", "from zhiyin.score import Score", "below every package"),
}  # fmt: skip


@pytest.mark.parametrize("case", BREACHES)
def test_a_tree_that_breaks_the_table_is_caught(case: str, tmp_path: Path) -> None:
    file, text, sentence = BREACHES[case]
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    found = breaches(tmp_path, TABLE)
    assert len(found) == 1
    assert sentence in found[0]


def test_a_tree_that_keeps_the_table_is_not_blamed(tmp_path: Path) -> None:
    (tmp_path / "fill").mkdir()
    lines = [
        "import numpy",
        "from zhiyin import __version__",
        "import zhiyin.fill.base",
        "import zhiyin.score",
    ]
    (tmp_path / "fill" / "loop.py").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "__main__.py").write_text("from zhiyin.cli import main\n", encoding="utf-8")
    assert breaches(tmp_path, TABLE) == []


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("no table", "one ```layers block, got 0"),
        ("```layers\n 1 errors\n```\n", "not a line of the layer table: ' 1 errors'"),
        ("```layers\n 2  units  x\n 1  units  y\n```\n", "'units' stands twice"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(page: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read_layers(page)
