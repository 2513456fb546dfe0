"""Settings: reading them, changing them, and the API key."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, cast

from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import field, mutation, query

_PATHS = ("backupDirectoryPath", "cachePath", "databasePath", "generatedPath", "metadataPath")
"""Settings that the sandbox writes to; others, such as that of scrapers, it never looks at."""


@query("configuration")
def configuration(_parent: None, info: Info) -> dict[str, dict[str, Any]]:
    return context_of(info).state.config.sections


@field("ConfigResult", "plugins")
def plugin_settings(
    parent: Mapping[str, Input], info: Info, *, include: list[str] | None = None
) -> dict[str, Any]:
    settings = parent["plugins"]
    return {name: settings[name] for name in settings if include is None or name in include}


@mutation("configureGeneral")
def configure_general(_parent: None, info: Info, *, input: Input) -> dict[str, Any]:
    """Change the given settings; folders must be the sandbox's own, and library folders must exist."""
    state = context_of(info).state
    config = state.config
    given = {name: value for name, value in input.items() if value is not None}
    for name in _PATHS:
        if given.get(name) and given[name] != config.general[name]:
            state.folders.inside(given[name])
    if "stashes" in given:
        given["stashes"] = [dict(each) for each in given["stashes"]]
        known = {each["path"] for each in config.general["stashes"]}
        for each in given["stashes"]:
            if each["path"] in known:
                continue
            state.folders.inside(each["path"])
            if not state.folders.is_folder(each["path"]):
                raise AnswerError("file does not exist")
    for name in ("stashBoxes", "scraperPackageSources", "pluginPackageSources"):
        if name in given:
            given[name] = [dict(each) for each in given[name]]
    for box in given.get("stashBoxes", []):
        box.setdefault("max_requests_per_minute", None)
    config.update("general", given)
    return config.general


def _configure(info: Info, section: str, given: Input) -> dict[str, Any]:
    config = context_of(info).state.config
    config.update(section, {name: value for name, value in given.items() if value is not None})
    return config.sections[section]


@mutation("configureInterface")
def configure_interface(_parent: None, info: Info, *, input: Input) -> dict[str, Any]:
    """Change the given settings; the two nested groups are updated, not replaced."""
    current = context_of(info).state.config.sections["interface"]
    given = {name: value for name, value in input.items() if value is not None}
    for group in ("disableDropdownCreate", "imageLightbox"):
        if group in given:
            given[group] = {**current[group], **given[group]}
    return _configure(info, "interface", given)


def _section(name: str) -> Callable[..., dict[str, Any]]:
    def resolve(_parent: None, info: Info, *, input: Input) -> dict[str, Any]:
        return _configure(info, name, input)

    return resolve


for _name in ("DLNA", "Scraping", "Defaults"):
    mutation(f"configure{_name}")(_section(_name.lower()))


@mutation("configureUI")
def configure_ui(
    _parent: None, info: Info, *, input: Input | None = None, partial: Input | None = None
) -> dict[str, Any]:
    """Replace the web page's settings by `input`, then lay `partial` over them."""
    config = context_of(info).state.config
    settings = config.sections["ui"] if input is None else input
    config.replace("ui", _merged(settings, partial or {}))
    return config.sections["ui"]


def _merged(current: Input, change: Input) -> dict[str, Any]:
    merged = dict(current)
    for name, value in change.items():
        old: object = merged.get(name)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            value = _merged(cast("Input", old), cast("Input", value))
        merged[name] = value
    return merged


@mutation("configureUISetting")
def configure_ui_setting(
    _parent: None, info: Info, *, key: str, value: object = None
) -> dict[str, Any]:
    """Set one of the web page's settings; dots in the key lead into nested ones."""
    config = context_of(info).state.config
    first, *rest = key.split(".")
    for step in reversed(rest):
        value = {step: value}
    change: dict[str, object] = {first: value}
    config.replace("ui", _merged(config.sections["ui"], change))
    return config.sections["ui"]


@mutation("configurePlugin")
def configure_plugin(_parent: None, info: Info, *, plugin_id: str, input: Input) -> dict[str, Any]:
    config = context_of(info).state.config
    config.update("plugins", {plugin_id: dict(input)})
    return dict(input)


@mutation("generateAPIKey")
def generate_api_key(_parent: None, info: Info, *, input: Input) -> str:
    """Make a new key, or take it away: it is empty where no credentials are set."""
    config = context_of(info).state.config
    makes = config.has_credentials and not input.get("clear")
    key = secrets.token_urlsafe(32) if makes else ""
    config.update("general", {"apiKey": key})
    return key
