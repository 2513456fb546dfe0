"""The people that the built-in scraper knows. They do not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["PEOPLE", "Person", "as_scraped"]


@dataclass(frozen=True)
class Person:
    """A performer as a scraper finds one: everything is text."""

    name: str
    birthdate: str
    ethnicity: str
    country: str
    eye_color: str
    hair_color: str
    height: str
    weight: str
    measurements: str
    fake_tits: str
    career_length: str
    tattoos: str
    piercings: str
    aliases: str

    @property
    def _slug(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def url(self) -> str:
        """The page that the scraper names."""
        return f"https://performers.example/{self._slug}"

    @property
    def links(self) -> tuple[str, str]:
        """Two further pages, in the places of Twitter and Instagram."""
        return f"https://twitter.example/{self._slug}", f"https://instagram.example/{self._slug}"


PEOPLE = (
    Person(
        name="Ada Example",
        birthdate="1985-04-12",
        ethnicity="Caucasian",
        country="NZ",
        eye_color="Green",
        hair_color="Brown",
        height="170",
        weight="60",
        measurements="34B-25-35",
        fake_tits="No",
        career_length="2008 - 2015",
        tattoos="None",
        piercings="Ears",
        aliases="Ada E., A. Example",
    ),
    Person(
        name="Adam Sample",
        birthdate="1979-11-03",
        ethnicity="Mixed",
        country="CA",
        eye_color="Brown",
        hair_color="Black",
        height="183",
        weight="82",
        measurements="",
        fake_tits="",
        career_length="2001 - 2019",
        tattoos="Left arm",
        piercings="None",
        aliases="A. Sample",
    ),
    Person(
        name="Ben Example",
        birthdate="1990-02-28",
        ethnicity="Asian",
        country="SG",
        eye_color="Brown",
        hair_color="Black",
        height="175",
        weight="70",
        measurements="",
        fake_tits="",
        career_length="2012 - 2020",
        tattoos="Back",
        piercings="None",
        aliases="",
    ),
    Person(
        name="Cora Placeholder",
        birthdate="1993-07-19",
        ethnicity="Latin",
        country="AR",
        eye_color="Hazel",
        hair_color="Red",
        height="165",
        weight="55",
        measurements="32C-24-34",
        fake_tits="Yes",
        career_length="2014 - 2021",
        tattoos="Right ankle",
        piercings="Navel",
        aliases="Cora P.",
    ),
)
"""Everybody, in the order of their names."""


def as_scraped(person: Person, *, only_name: bool = False) -> dict[str, Any]:
    """Give a person as the schema's `ScrapedPerformer`.

    Args:
        person: who.
        only_name: whether only name and page are told, as in the answer to a search.
    """
    unknown = dict.fromkeys(
        (
            *("stored_id", "disambiguation", "gender", "twitter", "instagram", "birthdate"),
            *("ethnicity", "country", "eye_color", "height", "measurements", "fake_tits"),
            *("penis_length", "circumcised", "career_length", "tattoos", "piercings", "aliases"),
            *("tags", "image", "images", "details", "death_date", "hair_color", "weight"),
            *("remote_site_id",),
        )
    )
    shown: dict[str, Any] = {
        **unknown,
        "__typename": "ScrapedPerformer",
        "name": person.name,
        "url": person.url,
        "urls": [person.url],
    }
    if only_name:
        return shown
    twitter, instagram = person.links
    told = (
        *("birthdate", "ethnicity", "country", "eye_color", "hair_color", "height", "weight"),
        *("measurements", "fake_tits", "career_length", "tattoos", "piercings", "aliases"),
    )
    return {
        **shown,
        **{name: getattr(person, name) or None for name in told},
        "twitter": twitter,
        "instagram": instagram,
        "urls": [person.url, twitter, instagram],
    }
