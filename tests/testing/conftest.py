"""Loads the plugin, which is not installed where this repository is only on the path."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Import the plugin under its module's name, as its entry point does: once, whichever is first."""
    config.pluginmanager.import_plugin("stash_typed.pytest_plugin")
    config.pluginmanager.import_plugin("pytester")
