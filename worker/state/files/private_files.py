"""Create files and folders that only the user of the process can read, whatever its umask.

They contain names and figures. A file or folder that exists keeps its permissions, which its owner may have chosen.
"""

from __future__ import annotations

import errno
import os
import uuid
from pathlib import Path

_NOT_FOR_FOLDERS = (errno.EINVAL, errno.ENOTSUP)
"""What file systems answer that cannot sync a folder, such as some network and FUSE ones."""

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


def write(path: Path, content: bytes) -> None:
    """Write a file, with the folders that are missing."""
    _write(path, content, os.O_TRUNC)


def replace(path: Path, content: bytes, *, is_synced: bool) -> None:
    """Give a file a new content at once: a reader sees the old or the new one.

    If ``is_synced``, that also holds after a loss of power. The content must be on the disk before the name is. The
    name is data of the folder (fsync(2), "Description").
    """
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    _write(draft, content, os.O_EXCL, is_synced=is_synced)
    os.replace(draft, path)
    if is_synced:
        _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in _NOT_FOR_FOLDERS:
            raise
    finally:
        os.close(folder)


def append(path: Path, content: bytes) -> None:
    """Append to a file, which is created with its folders if it is missing."""
    _write(path, content, os.O_APPEND)


def make_folder(path: Path) -> None:
    """Create a folder and its missing parents. `Path.mkdir` gives the mode to the last folder only."""
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(_FOLDER_MODE, exist_ok=True)


def _write(path: Path, content: bytes, flag: int, *, is_synced: bool = False) -> None:
    with open(_opened(path, os.O_WRONLY | os.O_CREAT | flag), "wb") as file:
        file.write(content)
        if is_synced:
            file.flush()
            os.fsync(file.fileno())


def _opened(path: Path, flags: int) -> int:
    """Open a file. Its folder is there nearly always, and to look for each parent would take longer than to write."""
    try:
        return os.open(path, flags, _FILE_MODE)
    except FileNotFoundError:
        make_folder(path.parent)
        return os.open(path, flags, _FILE_MODE)
