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
    lang: Lang = None,
    is_json: Json = False,
    debug: Debug = False,
) -> None:
    """Show how a sentence is understood."""
    from zhiyin.apps.brief_ import BriefRequest, run

    screen = Screen(lang=lang, is_json=is_json, text=text)
    found = run(BriefRequest(text))

    def show() -> None:
        from zhiyin.apps.report_text import value_words, wish_name

        wishes = found.to_json()["wishes"]
        screen.facts([(wish_name(k, screen.lang), value_words(v, screen.lang)) for k, v in wishes.items()])
        show_leftovers(screen, found.brief)
        if explain:
            screen.line()
            show_spans(screen, found.brief)

    screen.answer(found.to_json(), show)


def show_leftovers(screen: Screen, brief: Brief) -> None:
    """Print what was decided, what contradicts and what was not understood."""
    from zhiyin.apps.brief_ import told_in

    rows = [(screen.say("default"), told_in(text, screen.lang)) for text in brief.defaults]
    rows += [(screen.say("conflict"), told_in(text, screen.lang)) for text in brief.conflicts]
    unknown = ", ".join(brief.unknown) or screen.say("nothing")
    screen.facts([*rows, (screen.say("not_understood"), unknown)])


def show_spans(screen: Screen, brief: Brief) -> None:
    """Print which words gave which wish."""
    from zhiyin.apps.brief_ import plain
    from zhiyin.apps.report_text import value_words, wish_name

    def told(value: object, is_negated: bool) -> str:
        words = value_words(plain(value), screen.lang)
        return screen.say("not", what=words) if is_negated else words

    heads = [screen.say(name) for name in ("word", "as", "value")]
    rows = [(s.text, wish_name(s.field, screen.lang), told(s.value, s.is_negated)) for s in brief.spans]
    screen.table(heads, rows)
