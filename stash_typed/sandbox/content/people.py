"""The people that the built-in scraper knows. They do not exist."""

from __future__ import annotations

from typing import Any

_TABLE = """\
name          | Ada Example         | Adam Sample | Ben Example | Cora Placeholder
birthdate     | 1985-04-12          | 1979-11-03  | 1990-02-28  | 1993-07-19
ethnicity     | Caucasian           | Mixed       | Asian       | Latin
country       | NZ                  | CA          | SG          | AR
eye_color     | Green               | Brown       | Brown       | Hazel
hair_color    | Brown               | Black       | Black       | Red
height        | 170                 | 183         | 175         | 165
weight        | 60                  | 82          | 70          | 55
measurements  | 34B-25-35           |             |             | 32C-24-34
fake_tits     | No                  |             |             | Yes
career_length | 2008 - 2015         | 2001 - 2019 | 2012 - 2020 | 2014 - 2021
tattoos       | None                | Left arm    | Back        | Right ankle
piercings     | Ears                | None        | None        | Navel
aliases       | Ada E., A. Example  | A. Sample   |             | Cora P.
"""


def _scraped(attributes: dict[str, str]) -> dict[str, Any]:
    slug = attributes["name"].lower().replace(" ", "-")
    url, twitter, instagram = (
        f"https://{site}.example/{slug}" for site in ("performers", "twitter", "instagram")
    )
    return {
        "__typename": "ScrapedPerformer",
        **{name: value or None for name, value in attributes.items()},
        "url": url,
        "twitter": twitter,
        "instagram": instagram,
        "urls": [url, twitter, instagram],
    }


_NAMES, *_COLUMNS = zip(
    *([cell.strip() for cell in line.split("|")] for line in _TABLE.splitlines()), strict=True
)

PEOPLE = tuple(_scraped(dict(zip(_NAMES, column, strict=True))) for column in _COLUMNS)
"""The people as the schema's `ScrapedPerformer`, sorted by name."""


def only_name(person: dict[str, Any]) -> dict[str, Any]:
    told = {name: person[name] for name in ("__typename", "name", "url")}
    return {**told, "urls": [person["url"]]}
