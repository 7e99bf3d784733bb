"""A language model behind an OpenAI-compatible server, asked only where a person names its address.

Conventions: one question, one JSON answer; the key, if any, comes from ZHIYIN_MODEL_KEY; what comes back is not
trusted and must be checked by who asked. This module knows no music and no words.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from typing import Any

from zhiyin.errors import InvalidInput, NotFound, UnreadableFile

KEY_NAME = "ZHIYIN_MODEL_KEY"
TIMEOUT_S = 30.0
MOST_BYTES = 2_000_000


def chat_url(base: str) -> str:
    """Return the address of a server's chat. Raises InvalidInput for what is no http address.

    >>> chat_url("http://localhost:11434/v1/")
    'http://localhost:11434/v1/chat/completions'
    """
    plain = base.strip().rstrip("/")
    if not plain.startswith(("http://", "https://")):
        raise InvalidInput(
            f"a model's address must begin with http:// or https://, got {base!r}: e.g. http://localhost:11434/v1"
        )
    return plain if plain.endswith("/chat/completions") else f"{plain}/chat/completions"


def ask_model(
    base: str, question: str, *, system: str, schema: dict[str, Any], model: str = "", seed: int = 0
) -> Any:
    """Return the JSON value that a model answers.

    schema: JSON schema of the answer, which servers may or may not enforce. Raises InvalidInput for a wrong address,
    NotFound when nobody answers in 30 s, UnreadableFile for an answer that is no JSON.
    """
    url = chat_url(base)
    body = {
        "model": model or "default", "seed": seed, "temperature": 0.9,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": question}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}},
    }  # fmt: skip
    heads = {"Content-Type": "application/json"}
    if os.environ.get(KEY_NAME):
        heads["Authorization"] = f"Bearer {os.environ[KEY_NAME]}"
    request = urllib.request.Request(url, json.dumps(body).encode(), heads)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            data = answer.read(MOST_BYTES)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise NotFound(
            f"a language model must answer at {url!r}, got {error}: check the address and the key"
        ) from error
    return _content(url, data)


def _content(url: str, data: bytes) -> Any:
    try:
        text = json.loads(data)["choices"][0]["message"]["content"].strip()
        if text.startswith("```"):
            text = text.strip("`").removeprefix("json")
        return json.loads(text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise UnreadableFile(url, "the answer", f"no JSON in it ({error})") from error
