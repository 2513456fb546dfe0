"""The server's settings, with a new server's defaults."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

_VIDEO = [
    "m4v",
    "mp4",
    "mov",
    "wmv",
    "avi",
    "mpg",
    "mpeg",
    "rmvb",
    "rm",
    "flv",
    "asf",
    "mkv",
    "webm",
    "f4v",
]
_IMAGE = ["png", "jpg", "jpeg", "gif", "webp", "avif"]
_MENU = ["scenes", "images", "groups", "markers", "galleries", "performers", "studios", "tags"]

_GENERAL: dict[str, Any] = {
    "apiKey": "",
    "backupDirectoryPath": "",
    "blobsPath": "",
    "blobsStorage": "DATABASE",
    "calculateMD5": False,
    "createGalleriesFromFolders": False,
    "createImageClipsFromVideos": False,
    "customPerformerImageLocation": "",
    "deleteTrashPath": "",
    "drawFunscriptHeatmapRange": True,
    "excludes": [],
    "ffmpegPath": "",
    "ffprobePath": "",
    "galleryCoverRegex": r"(poster|cover|folder|board)\.[^\.]+$",
    "galleryExtensions": ["zip", "cbz"],
    "imageExcludes": [],
    "imageExtensions": _IMAGE,
    "liveTranscodeInputArgs": [],
    "liveTranscodeOutputArgs": [],
    "logAccess": True,
    "logFile": "",
    "logFileMaxSize": 0,
    "logLevel": "Info",
    "logOut": True,
    "maxStreamingTranscodeSize": "ORIGINAL",
    "maxTranscodeSize": "ORIGINAL",
    "metadataPath": "",
    "parallelTasks": 1,
    "password": "",
    "pluginPackageSources": [],
    "previewAudio": True,
    "previewExcludeEnd": "0",
    "previewExcludeStart": "0",
    "previewPreset": "slow",
    "previewSegmentDuration": 0.75,
    "previewSegments": 12,
    "pythonPath": "",
    "scraperPackageSources": [],
    "stashBoxes": [],
    "stashes": [],
    "transcodeHardwareAcceleration": False,
    "transcodeInputArgs": [],
    "transcodeOutputArgs": [],
    "username": "",
    "videoExtensions": _VIDEO,
    "videoFileNamingAlgorithm": "OSHASH",
    "writeImageThumbnails": True,
}

_INTERFACE: dict[str, Any] = {
    "autostartVideo": False,
    "autostartVideoOnPlaySelected": True,
    "continuePlaylistDefault": False,
    "css": "",
    "cssEnabled": False,
    "customLocales": "",
    "customLocalesEnabled": False,
    "disableDropdownCreate": {
        "gallery": False,
        "movie": False,
        "performer": False,
        "studio": False,
        "tag": False,
    },
    "funscriptOffset": 0,
    "handyKey": "",
    "imageLightbox": {
        "disableAnimation": None,
        "displayMode": None,
        "resetZoomOnNav": None,
        "scaleUp": None,
        "scrollAttemptsBeforeChange": 0,
        "scrollMode": None,
        "slideshowDelay": 5,
    },
    "javascript": "",
    "javascriptEnabled": False,
    "language": "en-US",
    "maximumLoopDuration": 0,
    "menuItems": _MENU,
    "noBrowser": True,
    "notificationsEnabled": True,
    "sfwContentMode": False,
    "showScrubber": True,
    "showStudioAsText": False,
    "soundOnPreview": False,
    "useStashHostedFunscript": False,
    "wallPlayback": "video",
    "wallShowTitle": True,
}

_DLNA: dict[str, Any] = {
    "enabled": False,
    "interfaces": [],
    "port": 1338,
    "serverName": "",
    "videoSortOrder": "title",
    "whitelistedIPs": [],
}

_SCRAPING: dict[str, Any] = {
    "excludeTagPatterns": [],
    "scraperCDPPath": "",
    "scraperCertCheck": True,
    "scraperUserAgent": "",
}

_DEFAULTS: dict[str, Any] = {
    "autoTag": None,
    "deleteFile": False,
    "deleteGenerated": True,
    "generate": None,
    "identify": None,
    "scan": None,
}


class Configuration:
    """The settings, by section: general, interface, dlna, scraping, defaults, ui, plugins."""

    def __init__(self, root: Path, session_seconds: float) -> None:
        """Create a new server's settings, with its files in its own folder."""
        folders = {
            "cachePath": str(root / "cache"),
            "configFilePath": str(root / "config.yml"),
            "databasePath": str(root / "stash-go.sqlite"),
            "generatedPath": str(root / "generated"),
            "pluginsPath": str(root / "plugins"),
            "scrapersPath": str(root / "scrapers"),
            "maxSessionAge": max(1, round(session_seconds)),
        }
        self.sections: dict[str, dict[str, Any]] = deepcopy(
            {
                "general": {**_GENERAL, **folders},
                "interface": _INTERFACE,
                "dlna": _DLNA,
                "scraping": _SCRAPING,
                "defaults": _DEFAULTS,
                "ui": {},
                "plugins": {},
            }
        )
        self.session_key: str = secrets.token_hex(32)
        self.on_change: Callable[[], None] | None = None

    @property
    def general(self) -> dict[str, Any]:
        return self.sections["general"]

    @property
    def api_key(self) -> str:
        """The server's API key; empty until one is generated."""
        return str(self.general["apiKey"])

    @property
    def username(self) -> str:
        """The one user's name; empty while no credentials are set."""
        return str(self.general["username"])

    @property
    def has_credentials(self) -> bool:
        """Whether a name and a password are set, so that requests need them."""
        return bool(self.username and self.general["password"])

    def update(self, section: str, values: Mapping[str, Any]) -> None:
        """Update the given settings of a section; a password is stored as its hash."""
        given = dict(values)
        if section == "general" and "password" in given:
            password = given["password"]
            given["password"] = _hash(password, secrets.token_hex(8)) if password else ""
        self.replace(section, {**self.sections[section], **given})

    def replace(self, section: str, values: Mapping[str, Any]) -> None:
        """Replace a whole section; it stays unchanged if it cannot be stored."""
        before = self.sections[section]
        self.sections[section] = dict(values)
        try:
            self.changed()
        except BaseException:
            self.sections[section] = before
            raise

    def changed(self) -> None:
        if self.on_change is not None:
            self.on_change()

    def check_login(self, username: str, password: str) -> bool:
        """Whether the credentials are right; any are while none are set, as on the server."""
        if not self.has_credentials:
            return True
        stored = str(self.general["password"])
        given = _hash(password, stored.partition("$")[0])
        return username == self.username and hmac.compare_digest(stored, given)

    def dump(self) -> dict[str, object]:
        return {"sections": self.sections, "session_key": self.session_key}

    def load(self, kept: object | None) -> None:
        if kept is None:
            return
        values = cast("dict[str, Any]", kept)
        for name, section in values["sections"].items():
            self.sections[name].update(section)
        self.session_key = values["session_key"]


def _hash(password: str, salt: str) -> str:
    digest = hashlib.scrypt(password.encode(), salt=salt.encode(), n=1 << 10, r=8, p=1)
    return f"{salt}${digest.hex()}"
