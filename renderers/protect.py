"""Encrypt documents with a password: PDF with AES-256 (PDF 2.0, revision 6), workbooks with Office's agile encryption.

Encrypted bytes differ every time. Compare and hash documents before they are encrypted.
"""

from __future__ import annotations

import importlib
import io
from dataclasses import replace
from typing import Any

from renderers import PDF, WORKBOOK
from worker.domain.documents import Document
from worker.errors import SettingsError


def seal(document: Document, password: str) -> Document:
    """Encrypt the document. Raise SettingsError where the libraries for it are not installed."""
    return replace(document, content=_SEALS[document.media_type](document.content, password))


def require_libraries() -> None:
    """Raise SettingsError where the libraries that encrypt documents are not installed."""
    for name in ("pikepdf", "msoffcrypto.format.ooxml"):
        _library(name)


def _seal_pdf(content: bytes, password: str) -> bytes:
    pikepdf, sealed = _library("pikepdf"), io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(sealed, encryption=pikepdf.Encryption(user=password, owner=password, R=6))
    return sealed.getvalue()


def _seal_workbook(content: bytes, password: str) -> bytes:
    ooxml, sealed = _library("msoffcrypto.format.ooxml"), io.BytesIO()
    ooxml.OOXMLFile(io.BytesIO(content)).encrypt(password, sealed)
    return sealed.getvalue()


_SEALS = {PDF: _seal_pdf, WORKBOOK: _seal_workbook}


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise SettingsError(
            "A document password is set, and the libraries that lock documents are not installed.",
            way_out='Install "standup-briefings[protect]" for all workers.',
        ) from None
