"""A hook of mkdocs: adds the pages of the repository's root to the site, and leads links to them there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

_ROOT = Path(__file__).parents[1]
_PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "LICENSE": "licence.md",
}
"""Files of the root, and what they are called in the site."""

_LINK = re.compile(r"(?<=\]\()(?P<target>[^)#\s:]+)(?=[)#])")


def on_files(files: Files, config: Any) -> Files:
    """Add the root's pages."""
    for source, name in _PAGES.items():
        files.append(File.generated(config, name, content=(_ROOT / source).read_text("utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Replace links that lead out of docs/, or from the root into it."""
    source = next((root for root, name in _PAGES.items() if name == page.file.src_uri), None)
    folder = _ROOT if source else _ROOT / "docs" / Path(page.file.src_uri).parent
    depth = page.file.src_uri.count("/")
    return _LINK.sub(lambda link: "../" * depth + _site_path(folder / link["target"]), markdown)


def _site_path(path: Path) -> str:
    """Return where a file of the repository is in the site, from the site's root."""
    path = path.resolve()
    if path.parent == _ROOT and path.name in _PAGES:
        return _PAGES[path.name]
    if path.is_relative_to(_ROOT / "docs"):
        relative = path.relative_to(_ROOT / "docs")
        return (relative / "README.md" if path.is_dir() else relative).as_posix()
    return path.relative_to(_ROOT).as_posix()
