"""The typer application and the decorator that puts a command into it.

Conventions: a command's name and help line are those of APPS; examples stand at the end of its help.
This module knows no single command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from zhiyin import __version__
from zhiyin.apps import APPS
from zhiyin.cli.guard import WRONG_INPUT, guarded
from zhiyin.cli.screen import print_json
from zhiyin.cli.words import language, say

_IS_JSON = "zhiyin.is_json"
Command = TypeVar("Command", bound=Callable[..., Any])


class _Verbs(TyperGroup):
    """The verbs; words that none of them knows are told to a machine as JSON too."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _told_as_json(is_json="--json" in args):
            ctx.meta[_IS_JSON] = "--json" in args
            return list(super().parse_args(ctx, args))

    def invoke(self, ctx: Any) -> Any:
        with _told_as_json(is_json=ctx.meta[_IS_JSON]):
            return super().invoke(ctx)


@contextmanager
def _told_as_json(*, is_json: bool) -> Iterator[None]:
    """Print an error of usage (an exception with `format_message`) as one JSON object as well."""
    try:
        yield
    except Exception as error:
        if is_json and getattr(error, "exit_code", 0) == WRONG_INPUT and hasattr(error, "format_message"):
            message = error.format_message()
            print_json(
                {"error": {"kind": type(error).__name__, "message": message, "exit_code": WRONG_INPUT}}
            )
        raise


_SETTINGS = {"help_option_names": ["-h", "--help"]}
app = typer.Typer(
    name="zhiyin",
    cls=_Verbs,
    help=say("about"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)
corpus_app = typer.Typer(help=say("corpus.help"), no_args_is_help=True, context_settings=_SETTINGS)
app.add_typer(corpus_app, name="corpus")


class _FileOrVerb(TyperGroup):
    """A verb that takes files, beside others of its name: what is no verb is a file."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = bool(args) and args[0] in self.commands
        return list(super().parse_args(ctx, args if known else [_FILE_VERB, *args]))


_FILE_VERB = "file"
originality_app = typer.Typer(cls=_FileOrVerb, context_settings=_SETTINGS)
app.add_typer(originality_app, name="originality", help=say("originality.help"))
_GROUPS = {"corpus": corpus_app, "originality": originality_app}


def command(name: str, *, examples: tuple[str, ...]) -> Callable[[Command], Command]:
    """Return a decorator that adds a function as the command `name`, a key of APPS."""
    entry = APPS[name]
    first, _, word = name.partition(" ")
    group, word = _GROUPS.get(first, app), word or (_FILE_VERB if first in _GROUPS else name)
    line = entry.help_zh if language() == "zh" else entry.help_en
    shown = "\n\n".join((say("examples"), *(f"  {one}".replace("[", "\\[") for one in examples)))

    def register(function: Command) -> Command:
        group.command(word, help=line[0].upper() + line[1:], epilog=shown)(guarded(function))
        return function

    return register


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        print(__version__)
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool, typer.Option("--version", help=say("opt.version"), callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Answer --version; commands do the rest."""
