"""Measures the code of src/zhiyin the way a reader meets it: sizes, documentation, types, errors, tests.

Conventions: lines are physical; a docstring is not part of its function's length; private names are left out
of documentation. Does not know: whether the code is right.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.runner import Context, Result

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed file."""

    text: str
    tree: ast.Module

    @property
    def line_count(self) -> int:
        """The number of lines in the file."""
        return self.text.count("\n")


def modules(folder: Path) -> list[Module]:
    """Return every Python file below the folder that is not empty."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    return [Module(text, ast.parse(text)) for text in texts if text.strip()]


def nodes(parsed: Iterable[Module]) -> Iterator[ast.AST]:
    """Yield every node of every file."""
    for module in parsed:
        yield from ast.walk(module.tree)


def doc_line_count(node: ast.AST) -> int:
    """Return the lines of the node's docstring, 0 without one."""
    if not isinstance(node, Function | ast.ClassDef | ast.Module):
        return 0
    doc = ast.get_docstring(node, clean=False)
    return doc.count("\n") + 1 if doc else 0


def function_lengths(parsed: Iterable[Module]) -> list[int]:
    """Return the lines of every function, docstrings left out."""
    found = [node for node in nodes(parsed) if isinstance(node, Function)]
    return [(node.end_lineno or node.lineno) - node.lineno + 1 - doc_line_count(node) for node in found]


def documented_percent(parsed: Iterable[Module]) -> float:
    """Return how many public classes and functions at a module's top, and public methods, have a docstring."""
    has_doc = []
    for module in parsed:
        classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
        for node in [*module.tree.body, *(inner for one in classes for inner in one.body)]:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                has_doc.append(doc_line_count(node) > 0)
    return percent(has_doc)


def typed_percent(parsed: Iterable[Module]) -> float:
    """Return how many parameters carry a type; self, cls and those of lambdas are left out."""
    is_typed = []
    for node in nodes(parsed):
        if isinstance(node, Function):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            is_typed += [one.annotation is not None for one in given if one.arg not in {"self", "cls"}]
    return percent(is_typed)


def telling_errors_percent(parsed: Iterable[Module]) -> float:
    """Return how many raised errors put a value into their text."""
    raised = [
        node.exc for node in nodes(parsed) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    ]
    return percent(any(isinstance(part, ast.FormattedValue) for part in ast.walk(call)) for call in raised)


def percent(claims: Iterable[bool]) -> float:
    """Return the share of true claims, 0 to 100; 100 when there are none to break."""
    listed = list(claims)
    return 100.0 * sum(listed) / len(listed) if listed else 100.0


def docstring_lines(tree: ast.Module) -> set[int]:
    """Return the numbers of the lines that docstrings stand on."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if doc_line_count(node) and isinstance(node, Function | ast.ClassDef | ast.Module):
            text = node.body[0]
            found |= set(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    return found


def code_line_count(parsed: Iterable[Module]) -> int:
    """Return the lines that hold something, docstrings left out."""
    count = 0
    for module in parsed:
        left_out = docstring_lines(module.tree)
        lines = enumerate(module.text.splitlines(), start=1)
        count += sum(bool(line.strip()) and number not in left_out for number, line in lines)
    return count


def run(ctx: Context) -> list[Result]:
    """Return the measures of the style table, with the best of six well-kept houses as anchors."""
    source = modules(ctx.root / "src" / "zhiyin")
    lengths = function_lengths(source)
    code = code_line_count(source)
    tests = code_line_count(modules(ctx.root / "tests"))
    files = len(source)
    count = len(lengths)
    return [
        ctx.result("code_lines", code, "lines", n=files),
        ctx.result(
            "biggest_file",
            max(one.line_count for one in source),
            "lines",
            n=files,
            goal="<= 500",
            anchor="555",
        ),
        ctx.result("function_median", median(lengths), "lines", n=count, goal="<= 8", anchor="5 (mido)"),
        ctx.result(
            "function_p90", quantiles(lengths, n=10)[8], "lines", n=count, goal="<= 30", anchor="18 (mido)"
        ),
        ctx.result("function_max", max(lengths), "lines", n=count, goal="<= 60", anchor="57 (mido)"),
        ctx.result("documented", documented_percent(source), "%", goal=">= 100", anchor="100 (mir_eval)"),
        ctx.result("typed", typed_percent(source), "%", goal=">= 100", anchor="100 (httpx)"),
        ctx.result(
            "errors_with_value", telling_errors_percent(source), "%", goal=">= 80", anchor="57 (librosa)"
        ),
        ctx.result("test_lines_per_code_line", tests / code, "ratio", goal=">= 1.0", anchor="1.96 (librosa)"),
    ]
