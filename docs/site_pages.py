"""Hooks of mkdocs: complete the navigation, add the pages of the root, and lead links to them there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

_ROOT = Path(__file__).parents[1]
_DOCS = _ROOT / "docs"
_PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "LICENSE": "licence.md",
}
"""Files of the root, and what they are called in the site."""

_LINK = re.compile(r"(?<=\]\()(?P<target>[^)#\s:]+)(?=[)#])")


def on_config(config: Any) -> Any:
    """Put the pages of a folder where the navigation has ``folder/*``, and pages that it does not name at its end."""
    pages = sorted(path.relative_to(_DOCS).as_posix() for path in _DOCS.rglob("*.md"))
    named_pages = set(re.findall(r"[\w/-]+\.md", str(config.nav)))
    remaining_pages = [page for page in pages if page not in named_pages]
    nav = _expanded(config.nav, remaining_pages)
    unnamed_pages = [page for page in remaining_pages if page not in str(nav)]
    config.nav = nav + ([{"More": unnamed_pages}] if unnamed_pages else [])
    return config


def _expanded(nav: Any, pages: list[str]) -> Any:
    """Return the navigation with the pages of each folder in place of ``folder/*``."""
    if isinstance(nav, list):
        return [_expanded(entry, pages) for entry in nav]
    if isinstance(nav, dict):
        return {title: _expanded(entry, pages) for title, entry in nav.items()}
    return [page for page in pages if page.startswith(nav[:-1])] if nav.endswith("/*") else nav


def on_files(files: Files, config: Any) -> Files:
    """Add the root's pages."""
    for source, name in _PAGES.items():
        files.append(File.generated(config, name, content=(_ROOT / source).read_text("utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Replace links that lead out of docs/, or from the root into it."""
    source = next((root for root, name in _PAGES.items() if name == page.file.src_uri), None)
    folder = _ROOT if source else _DOCS / Path(page.file.src_uri).parent
    depth = page.file.src_uri.count("/")
    return _LINK.sub(lambda link: "../" * depth + _site_path(folder / link["target"]), markdown)


def _site_path(path: Path) -> str:
    """Return where a file of the repository is in the site, from the site's root."""
    path = path.resolve()
    if path.parent == _ROOT and path.name in _PAGES:
        return _PAGES[path.name]
    if path.is_relative_to(_DOCS):
        relative = path.relative_to(_DOCS)
        return (relative / "README.md" if path.is_dir() else relative).as_posix()
    return path.relative_to(_ROOT).as_posix()
