"""`zhiyin brief`: how a sentence is understood.

Conventions: what was not understood is always said.
This module only formats: see `zhiyin.apps.brief_`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zhiyin.cli.app import command
from zhiyin.cli.options import Debug, Json, Lang
from zhiyin.cli.screen import Screen
from zhiyin.cli.words import say

if TYPE_CHECKING:
    from zhiyin.brief import Brief

Sentence = Annotated[str, typer.Argument(metavar="TEXT", help=say("opt.text"), show_default=False)]
Explain = Annotated[bool, typer.Option("--explain", help=say("opt.explain"))]
ModelUrl = Annotated[str | None, typer.Option("--model-url", help=say("opt.brief_model_url"))]
ModelName = Annotated[str, typer.Option("--model-name", help=say("opt.brief_model_name"))]
NoGuess = Annotated[bool, typer.Option("--no-guess", help=say("opt.no_guess"))]


@command(
    "brief",
    examples=(
        'zhiyin brief "雨夜的车站，忧伤的钢琴和弦乐，80 BPM"',
        'zhiyin brief "a slow waltz, no drums" --explain',
    ),
)
def brief(
    text: Sentence,
    *,
    explain: Explain = False,
    model_url: ModelUrl = None,
    model_name: ModelName = "",
    no_guess: NoGuess = False,
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Show how a sentence is understood."""
    from zhiyin.apps.brief_ import BriefRequest, run
    from zhiyin.errors import InvalidInput

    if not text.strip() and not is_json:
        raise InvalidInput(f"the sentence must say something, got {text!r}: write what you want to hear")
    screen = Screen(lang=lang, is_json=is_json, text=text)
    found = run(BriefRequest(text, model_url=model_url, model_name=model_name, is_guessing=not no_guess))

    def show() -> None:
        from zhiyin.apps.brief_say import said_rows

        screen.facts(said_rows(found.brief, screen.lang))
        show_leftovers(screen, found.brief)
        if explain:
            screen.line()
            show_spans(screen, found.brief)

    screen.answer(found.to_json(), show)


def show_leftovers(screen: Screen, brief: Brief) -> None:
    """Print what is wrong, what was decided, what contradicts and what was not understood."""
    from zhiyin.apps.brief_ import told_in
    from zhiyin.apps.brief_say import problem_lines

    rows = [(screen.say("problem"), line) for line in problem_lines(brief, screen.lang)]
    rows += [(screen.say("default"), told_in(text, screen.lang)) for text in brief.defaults]
    rows += [(screen.say("conflict"), told_in(text, screen.lang)) for text in brief.conflicts]
    unknown = ", ".join(brief.unknown) or screen.say("nothing")
    screen.facts([*rows, (screen.say("not_understood"), unknown)])


def show_spans(screen: Screen, brief: Brief) -> None:
    """Print which words gave which wish, with their place and how sure the reading is."""
    from zhiyin.apps.brief_ import plain
    from zhiyin.apps.report_text import value_words, wish_name

    def told(value: object, is_negated: bool) -> str:
        words = value_words(plain(value), screen.lang)
        return screen.say("not", what=words) if is_negated else words

    heads = [screen.say(name) for name in ("word", "place", "as", "value", "sure")]
    rows = [
        (
            s.text,
            f"{s.start}-{s.end}",
            wish_name(s.field, screen.lang),
            told(s.value, s.is_negated),
            f"{s.confidence:.0%}",
        )
        for s in brief.spans
    ]
    screen.table(heads, rows)
