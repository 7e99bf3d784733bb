"""`python -m zhiyin` is the command line.

Conventions: none of its own.
This module only calls `zhiyin.cli.main`.
"""

from zhiyin.cli import main

main()
