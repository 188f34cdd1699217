"""Deflates short texts with a dictionary of frequent ones."""

from __future__ import annotations

import zlib

_RAW = -15
"""Deflate without a header and a checksum (zlib's ``wbits``)."""


def deflated(text: bytes, dictionary: bytes) -> bytes:
    """Return the text deflated."""
    deflate = zlib.compressobj(9, wbits=_RAW, zdict=dictionary)
    return deflate.compress(text) + deflate.flush()


def inflated(data: bytes, dictionary: bytes) -> bytes:
    """Return the text. Raises ValueError if the data are damaged."""
    try:
        return zlib.decompressobj(_RAW, zdict=dictionary).decompress(data)
    except zlib.error as error:
        raise ValueError(str(error)) from error
