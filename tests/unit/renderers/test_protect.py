"""Locked documents open with the password, with nothing else, and hold what they held."""

from __future__ import annotations

import io
import sys

import msoffcrypto
import pikepdf
import pytest
from openpyxl import load_workbook

from renderers import render_pdf, render_workbook
from renderers.protect import seal
from worker.domain.briefing.content import Briefing
from worker.errors import SettingsError

PASSWORD = "Grüße 42!"


def test_a_locked_pdf_opens_with_the_password_only_and_is_aes_256_of_revision_6(briefing: Briefing) -> None:
    plain = render_pdf(briefing)
    sealed = seal(plain, PASSWORD)
    assert (sealed.name, sealed.media_type) == (plain.name, plain.media_type)
    for wrong in ("", "grüße 42!"):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(sealed.content), password=wrong)
    with (
        pikepdf.open(io.BytesIO(sealed.content), password=PASSWORD) as pdf,
        pikepdf.open(io.BytesIO(plain.content)) as content,
    ):
        assert (pdf.encryption.R, pdf.encryption.V) == (6, 5)
        assert pdf.encryption.stream_method is pikepdf.models.encryption.EncryptionMethod.aesv3
        assert len(pdf.pages) == len(content.pages)
    assert b"Marta" not in sealed.content


def test_a_locked_workbook_opens_with_the_password_only_and_holds_the_same(briefing: Briefing) -> None:
    plain = render_workbook(briefing)
    sealed = io.BytesIO(seal(plain, PASSWORD).content)
    with pytest.raises(Exception, match="not a zip"):
        load_workbook(sealed)
    office = msoffcrypto.OfficeFile(sealed)
    assert office.is_encrypted()
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        office.load_key(password="wrong", verify_password=True)
    office.load_key(password=PASSWORD, verify_password=True)
    inside = io.BytesIO()
    office.decrypt(inside)
    assert inside.getvalue() == plain.content


def test_without_the_libraries_the_error_says_what_to_install(
    briefing: Briefing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    with pytest.raises(SettingsError, match=r"standup-briefings\[protect\]"):
        seal(render_pdf(briefing), PASSWORD)
