"""The web page's labels for resolutions, languages and other choices, and their API spelling."""

from __future__ import annotations

import re
from enum import Enum

__all__ = ["language_code", "member_of"]

_RESOLUTIONS = {
    "144p": "VERY_LOW",
    "240p": "LOW",
    "360p": "R360P",
    "480p": "STANDARD",
    "540p": "WEB_HD",
    "720p": "STANDARD_HD",
    "1080p": "FULL_HD",
    "1440p": "QUAD_HD",
    "1920p": "VR_HD",
    "4k": "FOUR_K",
    "5k": "FIVE_K",
    "6k": "SIX_K",
    "7k": "SEVEN_K",
    "8k": "EIGHT_K",
}
_LANGUAGES = {
    "Deutsche": "de",
    "English": "en",
    "Español": "es",
    "Français": "fr",
    "Italiano": "it",
    "日本": "ja",
    "한국인": "ko",
    "Holandés": "nl",
    "Português": "pt",
    "Русский": "ru",
    "Unknown": "00",
}


def member_of(choices: type[Enum], label: object) -> Enum | None:
    """Return the member for a label of the web page (`1080p`, `Non-Binary`) or the schema."""
    text = label.strip() if isinstance(label, str) else ""
    spelt = re.sub(r"[\s-]+", "_", _RESOLUTIONS.get(text.lower(), text)).upper()
    # Iterated, not called: an open enum would make a member of anything.
    return next((member for member in choices if member.value == spelt), None)


def language_code(label: str) -> str | None:
    """Return the code of a caption language for its name on the web page; a code is returned as is."""
    if label in _LANGUAGES:
        return _LANGUAGES[label]
    return label if label == "00" or re.fullmatch("[a-z]{2}", label) else None
