"""The built-in performer scraper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import ask, error

_SCRAPE = (
    "query($s: ScraperSourceInput!, $i: ScrapeSinglePerformerInput!)"
    " { scrapeSinglePerformer(source: $s, input: $i) "
)
_SOURCE = {"scraper_id": "builtin_freeones"}
_ATTRIBUTES = """{ name url twitter instagram birthdate ethnicity country eye_color height
    measurements fake_tits career_length tattoos piercings aliases urls } }"""


@pytest.fixture(scope="module", name="server")
def _server() -> Iterator[Sandbox]:
    with Sandbox() as server:
        yield server


def test_a_search_gives_the_names_that_contain_a_text(server: Sandbox) -> None:
    found = ask(server, _SCRAPE + "{ name birthdate } }", s=_SOURCE, i={"query": "ADA"})
    assert found == [
        {"name": "Ada Example", "birthdate": None},
        {"name": "Adam Sample", "birthdate": None},
    ]
    assert ask(server, _SCRAPE + "{ name } }", s=_SOURCE, i={"query": "nobody"}) == []


def test_all_attributes_of_one_performer(server: Sandbox) -> None:
    (found,) = ask(
        server, _SCRAPE + _ATTRIBUTES, s=_SOURCE, i={"performer_input": {"name": "Ada Example"}}
    )
    assert all(found.values())
    assert found["birthdate"] == "1985-04-12"
    assert found["url"] in found["urls"]
    by_url = "query($u: String!) { scrapePerformerURL(url: $u) { name } }"
    assert ask(server, by_url, u=found["url"]) == {"name": "Ada Example"}
    assert ask(server, by_url, u="https://performers.example/nobody") is None


def test_an_unknown_performer_is_not_made_up(server: Sandbox) -> None:
    wanted = {"performer_input": {"name": "Nobody"}}
    assert ask(server, _SCRAPE + "{ name } }", s=_SOURCE, i=wanted) == []


@pytest.mark.parametrize(
    ("source", "given", "message"),
    [
        ({"scraper_id": "nope"}, {"query": "a"}, "scraper not found: id nope"),
        ({}, {"query": "a"}, "scraper_id or stash_box_index must be set"),
        (_SOURCE, {}, "not implemented"),
        (
            {"stash_box_endpoint": "https://box.example"},
            {"query": "a"},
            "the sandbox does not do scraping from a stash-box; use a real server",
        ),
    ],
)
def test_what_cannot_be_scraped(
    server: Sandbox, source: dict[str, str], given: dict[str, str], message: str
) -> None:
    assert error(server, _SCRAPE + "{ name } }", s=source, i=given) == message


def test_the_scrapers_of_a_kind(server: Sandbox) -> None:
    query = "query($t: [ScrapeContentType!]!) { listScrapers(types: $t)"
    fields = " { id name performer { urls supported_scrapes } scene { urls } } }"
    (one,) = ask(server, query + fields, t=["PERFORMER", "SCENE"])
    assert (one["id"], one["scene"]) == ("builtin_freeones", None)
    assert one["performer"]["supported_scrapes"] == ["NAME", "URL"]
    assert ask(server, query + fields, t=["SCENE"]) == []


def test_offline_every_scrape_fails_and_names_what_it_tried() -> None:
    with Sandbox(offline=True) as server:
        for given in ({"query": "ada"}, {"performer_input": {"name": "Ada Example"}}):
            message = error(server, _SCRAPE + "{ name } }", s=_SOURCE, i=given)
            assert "scraping with scraper builtin_freeones: failed to load URL" in message
            assert "no such host" in message
