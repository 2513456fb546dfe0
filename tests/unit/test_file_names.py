"""Names that a server gives to files stay in their folder, on every system, and show what they are."""

from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed.files.names import suggested_name

LINK = "/downloads/token/backup.sqlite"


def named(name: str) -> str:
    """What becomes of a name that a header gives as it is."""
    return suggested_name(LINK, f"attachment; filename*=UTF-8''{quote(name, safe='')}")


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("report.zip", "report.zip"),
        ("Ünïcode ☃.zip", "Ünïcode ☃.zip"),
        ("e\u0301te\u0301.zip", "été.zip"),
        ("e\u200b\u0301.zip", "é.zip"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("../../evil.exe", "evil.exe"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u2066b\u2069c\u200fd.zip", "abcd.zip"),
        ("a\x9bb\x85c\x1bd\re\nf\x00g.zip", "abcdefg.zip"),
        ("a\u200bb\u200dc\ufeffd\u2060e.zip", "abcde.zip"),
        ("a\u2028b\u2029c.zip", "abc.zip"),
        ("a\u00a0b\u3000.zip", "a b .zip"),
        ('a:b*c?d"e<f>g|h.zip', "a_b_c_d_e_f_g_h.zip"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("LPT¹.log", "_LPT¹.log"),
        ("aux .zip", "_aux .zip"),
        ("CONIN$", "_CONIN$"),
        ("console.log", "console.log"),
        ("com10.txt", "com10.txt"),
        ("name. . .", "name"),
        ("name.\u00a0", "name"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("- .-name", "name"),
        ("..", "backup.sqlite"),
        (" . ", "backup.sqlite"),
        ("\u202e\u200b", "backup.sqlite"),
        ("dir/", "backup.sqlite"),
    ],
)
def test_a_name_is_made_fit(name: str, fit: str) -> None:
    assert named(name) == fit


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.zip"', "a b.zip"),
        (r'attachment; filename="a \"b\".zip"', "a _b_.zip"),
        ("attachment; filename=plain.zip; size=9", "plain.zip"),
        ("attachment; filename=\"old.zip\"; filename*=UTF-8''n%C3%A9w.zip", "néw.zip"),
        ("attachment; filename*=utf-8'en'n%C3%A9w.zip", "néw.zip"),
        ("attachment; filename*=ISO-8859-1''n%E9w.zip", "néw.zip"),
        # Charsets that are none, or that are not what the bytes are: the next name that is given.
        ("attachment; filename*=UTF-8''n%E9w.zip; filename=\"old.zip\"", "old.zip"),
        ("attachment; filename*=UTF-8''n%E9w.zip", "backup.sqlite"),
        ("attachment; filename*=rot13''byq.zip; filename=\"old.zip\"", "old.zip"),
        ("attachment; filename*=unicode_escape''%5Cx2f.zip", "backup.sqlite"),
        ("attachment; filename*=UTF-8''a%ZZb%2.zip", "a%ZZb%2.zip"),
        ("attachment; filename*=UTF-8''..%2F..%2Fup%00.zip", "up.zip"),
        ('attachment; filename=""', "backup.sqlite"),
        ('attachment; filename="', "backup.sqlite"),
        ("inline", "backup.sqlite"),
        ("", "backup.sqlite"),
    ],
)
def test_a_header_is_read(disposition: str, name: str) -> None:
    assert suggested_name(LINK, disposition) == name


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("/downloads/t/n%C3%A9w.zip?x=1", "néw.zip"),
        ("/downloads/t/%E9.zip", "\ufffd.zip"),
        ("/downloads/t/..%2f..%2fup", "up"),
        ("/downloads/t/..%5c..%5cup", "up"),
        ("/scene/1/screenshot/", "screenshot"),
        ("/", "download"),
        ("/a/%2e%2e", "download"),
    ],
)
def test_a_link_has_a_name(link: str, name: str) -> None:
    assert suggested_name(link) == name


@pytest.mark.parametrize("letter", ["x", "é", "語", "𝄞"])
def test_a_long_name_keeps_its_suffix_and_can_be_made(letter: str, tmp_path: Path) -> None:
    name = named(letter * 300 + ".sqlite")

    (tmp_path / name).touch()
    assert name.endswith(f"{letter}.sqlite")
    assert 255 - 4 < len(name.encode()) <= 255


def test_a_suffix_that_is_longer_than_any_is_cut_too() -> None:
    assert len(named("a." + "b" * 500).encode()) == 255
    assert len(named("." * 40 + "é" * 500).encode()) <= 255


DEVICES = {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"} | {
    f"{kind}{number}" for kind in ("com", "lpt") for number in "0123456789¹²³"
}

hostile = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from('/\\.. -~:*?"<>|\x00\n\x1b\x9b\u202e\u2066\u200b\ufeff\u0301\u3000')
)
devices = st.sampled_from(["con", "NUL", "com1", "LPT³"])
whole_names = (
    hostile
    | st.tuples(hostile, hostile).map(lambda parts: parts[0] * 200 + parts[1])
    | st.tuples(devices, hostile).map("".join)
)


@given(whole_names)
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    for fit in (
        named(name),
        suggested_name(LINK, f'attachment; filename="{name}"'),
        suggested_name(f"/{quote(name)}"),
    ):
        assert 0 < len(fit.encode()) <= 255
        for flavour in (PurePosixPath, PureWindowsPath):
            path = flavour("/folder").joinpath(fit)
            assert path.parent == flavour("/folder")
            assert path.name == fit
        assert fit.partition(".")[0].rstrip().casefold() not in DEVICES
        assert fit == fit.strip(" .")
        assert fit[0] not in ".- "
        assert unicodedata.is_normalized("NFC", fit)
        assert not {unicodedata.category(each) for each in fit} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
        # What is fit stays as it is.
        assert named(fit) == fit


@given(st.text())
def test_no_header_and_no_link_is_too_odd(text: str) -> None:
    assert suggested_name(LINK, text)
    assert suggested_name(f"http://nas:9999/{text}")
