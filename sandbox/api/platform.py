"""The access token, the organisation and its limits."""

from __future__ import annotations

from sandbox.site import Site
from sandbox.wire.errors import not_found
from sandbox.wire.messages import ApiRequest, ApiResponse, Endpoint


def token(site: Site, request: ApiRequest) -> ApiResponse:
    """Return the organisation and the client of the access token."""
    organisation_reference = {"id": site.organisation.id, "name": site.organisation.name}
    client = {
        "id": request.client.id,
        "name": request.client.id,
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "state": "active",
        "organization": organisation_reference,
    }
    return ApiResponse(
        {
            "organization": organisation_reference,
            "homeOrganization": organisation_reference,
            "authorizedScope": [],
            "OAuthClient": client,
        }
    )


def organisation(site: Site, request: ApiRequest) -> ApiResponse:
    """Return the organisation."""
    return ApiResponse(
        {
            "id": site.organisation.id,
            "name": site.organisation.name,
            "defaultLanguage": "en-us",
            "domain": "sandbox.invalid",
            "state": "active",
            "productPlatform": "GenesysCloud",
            "selfUri": f"/api/v2/organizations/{site.organisation.id}",
        }
    )


def limits(site: Site, request: ApiRequest) -> ApiResponse:
    """List the limits of a namespace."""
    quota, name = site.scenario.quota.per_minute, request.params["namespace"]
    namespaces = {
        "platform.api": {
            "client.credentials.token.rate.per.minute": quota,
            "token.rate.per.minute": quota,
            "request.bytes.max": 512000,
        },
        "analytics": {"user.aggregates.predicates.max": 100},
        "historical.adherence": {"range.days.max": 31},
        "workforce.management.adherence": {"range.days.max": 31},
    }
    if name not in namespaces:
        raise not_found("namespace", name)
    entities = [{"key": key, "namespace": name, "value": value} for key, value in namespaces[name].items()]
    return ApiResponse({"entities": entities})


_LIMITS = "/api/v2/organizations/limits/namespaces/{namespace}"
ENDPOINTS = (
    Endpoint("GET", "/api/v2/tokens/me", token),
    Endpoint("GET", "/api/v2/organizations/me", organisation),
    Endpoint("GET", _LIMITS, limits),
    Endpoint("GET", f"{_LIMITS}/defaults", limits),
)
