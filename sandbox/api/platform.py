"""Who asks, where, and within which limits."""

from __future__ import annotations

from sandbox.errors import not_found
from sandbox.site import Site
from sandbox.wire import Answer, Asked, Endpoint


def token(site: Site, asked: Asked) -> Answer:
    """What the access token stands for."""
    organisation = {"id": site.organisation.id, "name": site.organisation.name}
    client = {
        "id": asked.client.id,
        "name": asked.client.id,
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "state": "active",
        "organization": organisation,
    }
    return Answer(
        {"organization": organisation, "homeOrganization": organisation, "authorizedScope": [], "OAuthClient": client}
    )


def organisation(site: Site, asked: Asked) -> Answer:
    """The organisation."""
    return Answer(
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


def limits(site: Site, asked: Asked) -> Answer:
    """The limits of a namespace."""
    quota, name = site.scenario.quota.per_minute, asked.params["namespace"]
    known = {
        "platform.api": {
            "client.credentials.token.rate.per.minute": quota,
            "token.rate.per.minute": quota,
            "request.bytes.max": 512000,
        },
        "analytics": {"user.aggregates.predicates.max": 100},
        "historical.adherence": {"range.days.max": 31},
        "workforce.management.adherence": {"range.days.max": 31},
    }
    if name not in known:
        raise not_found("namespace", name)
    return Answer({"entities": [{"key": key, "namespace": name, "value": value} for key, value in known[name].items()]})


_LIMITS = "/api/v2/organizations/limits/namespaces/{namespace}"
ENDPOINTS = (
    Endpoint("GET", "/api/v2/tokens/me", token),
    Endpoint("GET", "/api/v2/organizations/me", organisation),
    Endpoint("GET", _LIMITS, limits),
    Endpoint("GET", f"{_LIMITS}/defaults", limits),
)
