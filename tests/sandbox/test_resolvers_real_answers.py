"""The sandbox's data half against a real server: the same library, the same questions.

`real/*.json` hold what a server v0.30.1 answered about the made-up library of `library.json`: each
file names its documents once, and each exchange says which document (`q`), the variables (`v`), the
data (`d`) and the error texts (`e`, each without the SQL that a real server shows before it).
Moments near the time of the exchange stand there as `<now>`. Files whose names begin with
`changes` are to be gone through in order.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any

import pytest

from tests.sandbox.library import REAL, Library

_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_LINK_TIME = re.compile(r"\bt=(\d+)")
_DAY = 86_400


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text[:19] + "+00:00").timestamp()


def _plain(data: object, known: set[str]) -> Any:
    """Give an answer as the files have it: moments of the present are told by a word."""
    now = datetime.now(timezone.utc).timestamp()
    links = {int(_seconds(each)) for each in known}

    def moment(match: re.Match[str]) -> str:
        text = match.group()
        near = text not in known and abs(_seconds(text) - now) < _DAY
        return "<now>" if near else text

    def link(match: re.Match[str]) -> str:
        second = int(match.group(1))
        near = second not in links and abs(second - now) < _DAY
        return "t=<now>" if near else match.group()

    text = json.dumps(data, ensure_ascii=False)
    return json.loads(_LINK_TIME.sub(link, _TIME.sub(moment, text)))


@pytest.mark.parametrize("name", sorted({path.stem for path in REAL.glob("*.json")} - {"library"}))
def test_answers_equal_those_of_a_real_server(library: Library, name: str) -> None:
    known = {text for text in library.load() if _TIME.fullmatch(text)}
    recorded = json.loads((REAL / f"{name}.json").read_text(encoding="utf-8"))
    wrong: list[object] = []
    for exchange in recorded["exchanges"]:
        query = recorded["documents"][exchange["q"]]
        answer = library.answer(query, exchange.get("v"))
        errors = [each["message"] for each in answer.get("errors", [])]
        expected: list[str] = exchange.get("e", [])
        same_errors = len(errors) == len(expected) and all(
            text in error for text, error in zip(expected, errors, strict=True)
        )
        data = _plain(answer["data"], known)
        if data != exchange["d"] or not same_errors:
            wrong.append((query, exchange, data, errors))
    assert len(recorded["exchanges"]) > 200
    assert wrong == []
