"""Certificates that the environment or an argument names, and that are none."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from stash_typed._runtime.http.trust import trust
from stash_typed._runtime.operation import Operation
from stash_typed.errors import ConfigurationError, StashConnectionError
from tests.unit.ends import ENDS, NO_RETRY, End, connect
from tests.unit.tls import make_certificate

pytestmark = pytest.mark.anyio

VERSION = Operation("Version", "query", "version", "query Version { version { version } }")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "nonsense.pem").write_text("nonsense")
    (tmp_path / "empty.pem").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "ca.pem").write_text("not named by its hash")
    names = ("nothing", "nonsense.pem", "empty.pem", "folder")
    return {name: tmp_path / name for name in names}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("place", ["nothing", "nonsense.pem", "empty.pem", "folder"])
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_a_variable_that_names_no_certificate(
    end: End, variable: str, place: str, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(places[place]))
    async with connect(end, "https://127.0.0.1:9", retry=NO_RETRY) as connection:
        with pytest.raises(ConfigurationError) as caught:
            await connection.execute_raw(VERSION)
        with pytest.raises(ConfigurationError, match=variable):
            await connection.collect(VERSION, str)
    assert f"{variable}={str(places[place])!r} cannot be used" in str(caught.value)
    assert f"unset {variable}" in str(caught.value)


@pytest.mark.parametrize("end", ENDS)
async def test_a_link_that_leads_elsewhere_needs_them_too(
    end: End, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(places["nothing"]))
    async with connect(end, "http://127.0.0.1:9", retry=NO_RETRY) as connection:
        with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
            await connection.download("https://127.0.0.1:10/file")


@pytest.mark.parametrize("place", ["nothing", "nonsense.pem", "empty.pem", "folder"])
def test_an_argument_that_names_no_certificate(place: str, places: dict[str, Path]) -> None:
    with pytest.raises(ConfigurationError, match=r"verify=.*cannot be used"):
        trust(str(places[place]))


def test_a_key_log_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "nothing" / "keys"))
    with pytest.raises(ConfigurationError, match=r"SSLKEYLOGFILE=.*cannot be used"):
        trust(True)


def test_those_that_are_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_certificate(tmp_path)
    certificate = str(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    assert len(trust(True).get_ca_certs()) == 1
    assert len(trust(certificate).get_ca_certs()) == 1
    hashed = ["openssl", "x509", "-hash", "-noout", "-in", certificate]
    name = subprocess.run(hashed, check=True, capture_output=True, text=True).stdout.strip()
    folder = tmp_path / "hashed"
    folder.mkdir()
    (folder / f"{name}.0").write_bytes((tmp_path / "ca.pem").read_bytes())
    assert trust(str(folder)).verify_mode is ssl.CERT_REQUIRED
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    assert trust(True).verify_mode is ssl.CERT_REQUIRED
    assert trust(False).verify_mode is ssl.CERT_NONE


@pytest.mark.parametrize("end", ENDS)
async def test_plain_http_does_not_look_at_them(
    end: End, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(places["nothing"]))
    async with connect(end, "http://127.0.0.1:9", retry=NO_RETRY) as connection:
        with pytest.raises(StashConnectionError):
            await connection.execute_raw(VERSION)
