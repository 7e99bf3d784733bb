"""Lines of mixed writing cut into runs of one kind: Han characters, Latin words, numbers, breaks.

Conventions: every character of a line belongs to one run; a break is punctuation or space. Fullwidth letters and
digits are read as plain ones. This module does not know sounds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

HAN, LATIN, NUMBER, BREAK, UNKNOWN = "han", "latin", "number", "break", "unknown"
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇"
_RUNS = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<number>\d+(?:[.,:]\d+)*%?)|"
    r"(?P<latin>['’]?[^\W\d_HAN]+(?:(?:['’]|[-‐]['’]?|['’]-)[^\W\d_HAN]+)*['’]?)|(?P<break>(?:(?!['’][^\W\d_])[\W_])+|['’])|(?P<unknown>.)".replace(
        "HAN", _HAN
    ),
    re.DOTALL,
)


def runs(line: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) for each run of a line.

    >>> list(runs("我love你, o'er 3"))[:4]
    [('han', '我'), ('latin', 'love'), ('han', '你'), ('break', ', ')]
    """
    for match in _RUNS.finditer(unicodedata.normalize("NFKC", line)):
        kind = match.lastgroup or UNKNOWN
        text = match.group()
        if kind == LATIN and not re.search(r"[a-zA-Z\u00c0-\u024f]", text):
            kind = UNKNOWN
        yield kind, text
