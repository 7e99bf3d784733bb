"""The command line: `zhiyin VERB ...`.

Conventions: parse, call an application, format; answers go to stdout, everything else to stderr.
This package knows no music: see `zhiyin.apps`.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line with the words typed, and exit: 0 well, 1 failure, 2 wrong input, 130 Ctrl-C."""
    import os
    import sys

    from zhiyin.cli.words import LANGUAGE_NAME, typed_language

    typed = typed_language(sys.argv[1:])
    if typed:  # help texts are chosen when the commands are made, before options are read
        os.environ[LANGUAGE_NAME] = typed
    from zhiyin.cli.commands import app

    app(prog_name="zhiyin")
