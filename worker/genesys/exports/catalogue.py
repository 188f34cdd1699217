"""The columns that an organisation's views offer. The platform is the only authority for their ids."""

from __future__ import annotations

import structlog

from worker.errors import RequestRefused
from worker.genesys.answer_cache import LOOKUP_SECONDS, AnswerCache
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.exports.views import ViewOffer

ROUTE = "/api/v2/analytics/reporting/exports/metadata"
_log = structlog.get_logger(__name__)


class ViewMetadata(Shape):
    """The columns of one view."""

    view_type: str | None = None
    available_column_ids: tuple[str, ...] | None = None
    required_column_ids: tuple[str, ...] | None = None
    dependent_column_ids: dict[str, tuple[str, ...]] | None = None


class _ViewList(Shape):
    """All views."""

    entities: tuple[ViewMetadata, ...] | None = None


class ViewCatalogue:
    """Asks one organisation for its views, and caches the answer."""

    def __init__(self, session: Session, cache: AnswerCache) -> None:
        self._session = session
        self._cache = cache

    def offer(self, view_type: str) -> ViewOffer:
        """Return what the view offers. Empty if the platform does not say."""
        views = self._cache.get_or_ask(self._ask, LOOKUP_SECONDS, "export-views")
        metadata = read(ViewMetadata, views.get(view_type, {}), "A kept view")
        return ViewOffer(
            frozenset(metadata.available_column_ids or ()),
            metadata.required_column_ids or (),
            metadata.dependent_column_ids or {},
        )

    def _ask(self) -> dict[str, object]:
        try:
            answer = self._session.get(ROUTE)  # the list takes no page numbers
        except RequestRefused as error:
            _log.info("no_export_metadata", status=error.status)
            return {}
        entities = read(_ViewList, answer.body, answer.label).entities or ()
        return {view.view_type: view.model_dump(mode="json", by_alias=True) for view in entities if view.view_type}
