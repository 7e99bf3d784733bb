"""Laws of asking another language model: nobody is asked unless named, and nothing of an answer is trusted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest

from zhiyin.apps.brief_ import BriefRequest, run
from zhiyin.brief.asked_model import checked_answer


class _Server(BaseHTTPRequestHandler):
    """A server that gives one answer and keeps what it was asked."""

    answer: ClassVar[object] = {}
    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        type(self).asked.append(json.loads(self.rfile.read(size)))
        content = json.dumps(type(self).answer)
        body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return None


@pytest.fixture
def url() -> Iterator[str]:
    _Server.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_model_fills_only_what_was_left_open(url: str) -> None:
    _Server.answer = {"moods": ["happy"], "styles": ["jazz"], "players": ["flute"], "usage": "wedding"}
    brief = run(BriefRequest("a sad tune for my cousin's big day", model_url=url)).brief
    assert brief.said.moods == ("sad",)
    assert (brief.said.styles, brief.said.players, brief.said.usage) == (("jazz",), ("flute",), "wedding")
    assert brief.wishes.style == "jazz" and brief.wishes.players == ("flute",)
    assert "style jazz: said by the language model" in brief.defaults
    assert _Server.asked[0]["messages"][1]["content"] == "a sad tune for my cousin's big day"


def test_a_refused_thing_is_not_brought_back(url: str) -> None:
    _Server.answer = {"players": ["drums", "flute"], "styles": ["rock"], "moods": ["angry"]}
    brief = run(BriefRequest("a tune, no drums, not angry, anything but rock", model_url=url)).brief
    assert brief.said.players == ("flute",) and brief.said.excluded == ("drums",)
    assert brief.said.moods == () and brief.said.styles == ()


def test_numbers_that_are_not_in_the_sentence_and_unknown_names_are_dropped() -> None:
    answer = {"tempo_bpm": 93, "seconds": 60, "bars": 8, "moods": ["gloopy"], "usage": 7, "players": "piano"}
    filling = checked_answer(answer, "as long as a minute egg, 8 of them, one")
    assert (filling.tempo_bpm, filling.seconds, filling.bars) == (None, 60.0, 8)
    assert (filling.moods, filling.usage, filling.players) == ((), None, ())


@pytest.mark.parametrize("answer", [None, [], "no", 3, {"tempo_bpm": True}, {"bars": 2.5}])
def test_an_answer_of_another_kind_fills_nothing(answer: object) -> None:
    filling = checked_answer(answer, "2.5 and 1")
    assert (filling.tempo_bpm, filling.bars, filling.styles) == (None, None, ())


def test_a_server_that_does_not_answer_is_told_and_the_reading_stands() -> None:
    brief = run(BriefRequest("a sad tune", model_url="http://127.0.0.1:9/v1")).brief
    assert brief.said.moods == ("sad",)
    assert any(line.startswith("the language model was left out: ") for line in brief.defaults)


def test_nobody_is_asked_by_default(url: str) -> None:
    run(BriefRequest("a tune for my cousin"))
    assert _Server.asked == []
