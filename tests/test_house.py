"""Laws of the house that a machine can see: sizes, printing, documents, packaging, scripts.

Conventions: each law is a function from a syntax tree to offenders, shown to fail on a bad example.
Does not know: what any package does.
"""

from __future__ import annotations

import ast
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "zhiyin"
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
MAX_PARAMETERS = 8
MAX_POSITIONAL = 3
NETWORK = {"urllib", "http", "socket", "ssl", "ftplib", "requests", "httpx", "aiohttp"}

Law = Callable[[ast.Module, str], Iterator[str]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> Iterator[Function]:
    """Yield every function and method of the module."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def own_parameters(function: Function) -> list[ast.arg]:
    """Return the parameters that may be given by position, without self and cls."""
    positional = [*function.args.posonlyargs, *function.args.args]
    return [arg for arg in positional if arg.arg not in {"self", "cls"}]


def is_command(function: Function) -> bool:
    """True for a command-line command: there, parameters are the options a person types."""
    return any(
        "command" in ast.unparse(one) or "callback" in ast.unparse(one) for one in function.decorator_list
    )


def long_files(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield the length of a file past the limit."""
    length = text.count("\n")
    if length > MAX_FILE_LINES:
        yield f"{length} lines, {MAX_FILE_LINES} allowed: split it"


def long_functions(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield functions past the limit, their docstrings not counted."""
    for function in functions(tree):
        doc = ast.get_docstring(function, clean=False)
        length = (function.end_lineno or 0) - function.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
        if length > MAX_FUNCTION_LINES:
            yield f"{function.name} has {length} lines, {MAX_FUNCTION_LINES} allowed"


def wide_functions(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield functions with too many parameters."""
    for function in functions(tree):
        count = len(own_parameters(function)) + len(function.args.kwonlyargs)
        if count > MAX_PARAMETERS and not is_command(function):
            yield f"{function.name} has {count} parameters, {MAX_PARAMETERS} allowed: make a dataclass"


def positional_functions(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield public functions with too many parameters that may be given by position."""
    for function in functions(tree):
        count = len(own_parameters(function))
        is_private = function.name.startswith("_") and function.name != "__init__"
        if count > MAX_POSITIONAL and not is_private and not is_command(function):
            yield f"{function.name} takes {count} by position, {MAX_POSITIONAL} allowed: add a *"


def printing(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield calls of print."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            yield f"line {node.lineno} prints"


def broad_excepts(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield handlers that catch everything."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = "" if node.type is None else ast.unparse(node.type)
        if caught in {"", "Exception", "BaseException"} and not any(
            isinstance(x, ast.Raise) for x in ast.walk(node)
        ):
            yield f"line {node.lineno} catches everything"


def undocumented(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield the module (unless empty), the public classes and the public functions that have no docstring."""
    if tree.body and not ast.get_docstring(tree):
        yield "the module has no docstring"
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{node.name} has no docstring"


def networking(tree: ast.Module, text: str) -> Iterator[str]:
    """Yield imports of what talks to other machines."""
    for name in sorted(imported_roots(tree) & NETWORK):
        yield f"imports {name}"


LAWS: dict[str, tuple[Law, str]] = {
    "files fit in 500 lines": (long_files, "x = 1\n" * 501),
    "functions fit in 60 lines": (long_functions, "def f():\n" + "    x = 1\n" * 60),
    "at most 8 parameters": (wide_functions, "def f(*, a, b, c, d, e, f, g, h, i): ..."),
    "at most 3 by position": (positional_functions, "def f(a, b, c, d): ..."),
    "print lives in cli only": (printing, "def f():\n    print('x')"),
    "only data, live and api may use a network": (networking, "def f():\n    import urllib.request"),
    "no error is swallowed": (broad_excepts, "try:\n    f()\nexcept Exception:\n    pass"),
    "public names have docstrings": (undocumented, '"""M."""\ndef f(): ...'),
}


# The packages that a law does not speak of.
MAY_BREAK: dict[Law, set[str]] = {printing: {"cli"}, networking: {"data", "live", "api"}}
HEAVY = {"torch", "pyarrow", "matplotlib"}
IMPORT_NAMES = {"c2pa-python": "c2pa", "opencc-python-reimplemented": "opencc", "pillow": "PIL"}


def module_names(requirements: list[str]) -> set[str]:
    """Return what the requirements are imported as: {"pillow>=11"} gives {"PIL"}."""
    names = [re.split(r"[^\w-]", line)[0] for line in requirements]
    return {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names}


def imported_roots(tree: ast.Module) -> set[str]:
    """Return the first name of every absolute import in the module, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


def offenders(law: Law, paths: list[Path]) -> list[str]:
    """Return one sentence per breach of the law."""
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        found += [f"{path.relative_to(ROOT)}: {reason}" for reason in law(ast.parse(text), text)]
    return found


def covered_files(law: Law) -> list[Path]:
    """Return the Python files that the law speaks of."""
    source = sorted(SOURCE.rglob("*.py"))
    if law in MAY_BREAK:
        return [path for path in source if path.relative_to(SOURCE).parts[0] not in MAY_BREAK[law]]
    return [*source, *sorted((ROOT / "benchmarks").rglob("*.py")), *sorted((ROOT / "scripts").rglob("*.py"))]


@pytest.mark.parametrize("name", LAWS)
def test_the_house_keeps_its_law(name: str) -> None:
    law, _ = LAWS[name]
    found = offenders(law, covered_files(law))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("name", LAWS)
def test_each_law_catches_its_bad_example(name: str) -> None:
    law, bad = LAWS[name]
    assert len(list(law(ast.parse(bad), bad))) == 1


def test_the_default_install_has_no_torch_and_no_pyarrow() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert module_names(project["dependencies"]).isdisjoint({*HEAVY, "music21"})
    assert "torch==2.13.0" in project["optional-dependencies"]["train"]


def test_every_library_that_the_package_imports_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    used = ("train", "data", "tune", "sign", "c2pa", "listen")
    extras = [line for name in used for line in project["optional-dependencies"][name]]
    known = module_names(project["dependencies"] + extras) | sys.stdlib_module_names | {"zhiyin"}
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        roots = imported_roots(ast.parse(path.read_text(encoding="utf-8")))
        found += [f"{path.relative_to(ROOT)} imports {name}" for name in sorted(roots - known)]
    assert not found, "\n" + "\n".join(found)


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    if not (SOURCE / "cli" / "__init__.py").exists():
        pytest.skip("the command line is not written yet")
    code = f"import sys, zhiyin.cli; print(*sorted({HEAVY!r} & set(sys.modules)))"
    path = str(SOURCE.parent)
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


@pytest.mark.parametrize("script", ["demo", "test", "check", "install-system"])
def test_a_script_says_what_it_does_and_refuses_what_it_does_not_know(script: str) -> None:
    path = str(ROOT / "scripts" / script)
    shown = subprocess.run([path, "--help"], capture_output=True, text=True, timeout=30)
    assert (shown.returncode, f"scripts/{script}" in shown.stdout) == (0, True)
    refused = subprocess.run([path, "--wrong"], capture_output=True, text=True, timeout=30)
    assert refused.returncode == 1
    assert f"unknown option --wrong: scripts/{script} knows" in refused.stderr


def test_the_change_machine_runs_the_test_command_of_the_readme() -> None:
    command = "scripts/test"
    assert f"exec {command} " in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(rf"^{command}\b", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_a_call_to_another_machine_fails_in_tests() -> None:
    with socket.socket() as line, pytest.raises(OSError, match="tests run offline, and this one called"):
        line.connect(("192.0.2.1", 80))
