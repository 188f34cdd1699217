"""Which columns an organisation's views offer: the platform is the only authority for their ids."""

from __future__ import annotations

import structlog

from worker.errors import RequestRefused
from worker.genesys.api.session import Session
from worker.genesys.api.shapes import Shape, read
from worker.genesys.exports.views import Offer
from worker.genesys.lookups.cache import LOOKUP_SECONDS, Kept

ROUTE = "/api/v2/analytics/reporting/exports/metadata"
_log = structlog.get_logger(__name__)


class ViewMetadata(Shape):
    """What one view can be asked for."""

    view_type: str | None = None
    available_column_ids: tuple[str, ...] | None = None
    required_column_ids: tuple[str, ...] | None = None
    dependent_column_ids: dict[str, tuple[str, ...]] | None = None


class _Listing(Shape):
    """All views."""

    entities: tuple[ViewMetadata, ...] | None = None


class Catalogue:
    """Asks one organisation; kept for half a day."""

    def __init__(self, session: Session, kept: Kept) -> None:
        self._session = session
        self._kept = kept

    def offer(self, view_type: str) -> Offer:
        """What the view offers; nothing where the platform does not tell."""
        told = self._kept.once(self._ask, LOOKUP_SECONDS, "export-views")
        found = read(ViewMetadata, told.get(view_type, {}), "A kept view")
        return Offer(
            frozenset(found.available_column_ids or ()),
            found.required_column_ids or (),
            found.dependent_column_ids or {},
        )

    def _ask(self) -> dict[str, object]:
        try:
            answer = self._session.get(ROUTE)  # a list that takes no page numbers
        except RequestRefused as error:
            _log.info("no_export_metadata", status=error.status)
            return {}
        listed = read(_Listing, answer.body, answer.where).entities or ()
        return {one.view_type: one.model_dump(mode="json", by_alias=True) for one in listed if one.view_type}
