"""Write what the vendor's Python SDK says about the endpoints that the product uses: paths, parameters, models, enums.

    python -m tests.contract.make_schema

The result is stored beside this file. A test compares it with the installed SDK. To see what a newer SDK changes,
install it, run this program and read the difference. The SDK does not say which fields of a model are required:
``required.json`` has that from the vendor's generated reference of the same SDK (257.1.0).
"""

from __future__ import annotations

import inspect
import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.contract.conformity import STORED
from tests.contract.sdk import PACKAGE, Sdk

_REQUIRED = json.loads(Path(__file__).with_name("required.json").read_text(encoding="utf-8"))

CALLS = (
    ("AnalyticsApi", "post_analytics_conversations_aggregates_query"),
    ("AnalyticsApi", "post_analytics_users_aggregates_query"),
    ("AnalyticsApi", "post_analytics_reporting_exports"),
    ("AnalyticsApi", "get_analytics_reporting_exports"),
    ("AnalyticsApi", "get_analytics_reporting_exports_metadata"),
    ("DownloadsApi", "get_download"),
    ("WorkforceManagementApi", "post_workforcemanagement_adherence_historical_bulk"),
    ("WorkforceManagementApi", "get_workforcemanagement_adherence_historical_bulk_job"),
    ("WorkforceManagementApi", "get_workforcemanagement_managementunit_users"),
    ("WorkforceManagementApi", "get_workforcemanagement_managementunits"),
    ("WorkforceManagementApi", "get_workforcemanagement_businessunits"),
    ("WorkforceManagementApi", "get_workforcemanagement_businessunit"),
    ("WorkforceManagementApi", "get_workforcemanagement_businessunit_activitycodes"),
    ("WorkforceManagementApi", "get_workforcemanagement_businessunit_intraday_planninggroups"),
    ("WorkforceManagementApi", "get_workforcemanagement_businessunit_week_schedules"),
    ("WorkforceManagementApi", "get_workforcemanagement_businessunit_week_schedule_headcountforecast"),
    ("WorkforceManagementApi", "get_workforcemanagement_businessunit_week_schedule_performancepredictions"),
    ("WorkforceManagementApi", "get_workforcemanagement_businessunit_week_shorttermforecast_data"),
    ("WorkforceManagementApi", "post_workforcemanagement_businessunit_agentschedules_search"),
    ("RoutingApi", "get_routing_queues"),
    ("RoutingApi", "get_routing_queue"),
    ("RoutingApi", "get_routing_queue_members"),
    ("UsersApi", "get_users"),
    ("ArchitectApi", "get_architect_schedulegroups"),
    ("ArchitectApi", "get_architect_schedulegroup"),
    ("ArchitectApi", "get_architect_schedules"),
    ("ArchitectApi", "get_architect_schedule"),
    ("TokensApi", "get_tokens_me"),
    ("OrganizationApi", "get_organizations_limits_namespace"),
)
"""Every endpoint of the public API that the product uses, by the SDK's own names."""

LEAVES = frozenset(
    {
        *("AcwSettings", "AgentOwnedRouting", "Biography", "Bullseye", "CannedResponseLibraries", "Chat"),
        *("ConditionalGroupActivation", "ConditionalGroupRouting", "Contact", "DirectRouting", "EmployerInfo"),
        *("Geolocation", "Group", "Image", "Location", "MemberGroup", "OutOfOffice", "QueueEmailAddress"),
        *("QueueMessagingAddresses", "RoutingRule", "Script", "UserAuthorization", "UserConversationSummary"),
        *("ActivityCodeStyle", "BuActivitySettingsResponse", "BuNotificationSettingsResponse"),
        *("BuSchedulingSettingsResponse", "BuShortTermForecastingSettings", "ManagementUnitSettingsResponse"),
        *("ScheduleGenerationResultSummary", "UserPresence", "UserRoutingLanguage", "UserRoutingSkill"),
        *("UserStations", "WorkPlanBidRanks"),
    }
)
"""Models of parts of users, queues and units that the product does not use: they are named, not described."""


def generate() -> dict[str, Any]:
    """Return the schema of the installed SDK."""
    calls = [_endpoint(getattr(Sdk, api), name) for api, name in CALLS]
    endpoints = {f"{call['method']} {call['path']}": call for call in calls}
    roots = [model for call in calls for model in (call["body"], call["answer"]) if model]
    models: dict[str, Any] = {}
    for name in (*roots, "ErrorBody", "PerformancePredictionOutputs", "WfmHistoricalAdherenceBulkResult"):
        _describe(name, models)
    return {"sdk": version(PACKAGE), "endpoints": endpoints, "models": dict(sorted(models.items()))}


def _endpoint(api: type, name: str) -> dict[str, Any]:
    source = inspect.getsource(getattr(api, name))
    method = re.search(r"call_api\(resource_path, '(\w+)'", source)
    path = re.search(r"resource_path = '([^']+)'", source)
    answer = re.search(r"response_type='(\w+)'", source)
    body = re.search(r":param (\w+) body:", source)
    assert method
    assert path
    return {
        "call": f"{api.__name__}.{name}",
        "method": method[1],
        "path": path[1].replace("{format}", "json"),
        "query": re.findall(r"query_params\['(\w+)'\]", source),
        "body": body[1] if body else None,
        "answer": answer[1] if answer else None,
    }


def _describe(name: str, models: dict[str, Any]) -> None:
    """Add the model's fields to ``models``, and the models that they refer to."""
    if name in models or name in LEAVES or not hasattr(Sdk, name):
        return
    kind = getattr(Sdk, name)
    empty, enums = kind(), _enums(kind)
    required = _REQUIRED.get(name, ())
    fields = models.setdefault(name, {})
    for attribute, field_type in empty.swagger_types.items():
        wire = empty.attribute_map[attribute]
        fields[wire] = {"type": field_type}
        if attribute in enums:
            fields[wire]["enum"] = sorted(enums[attribute])
        if wire in required:
            fields[wire]["required"] = True
        for inner in re.findall(r"\w+", field_type):
            _describe(inner, models)


def _enums(kind: type) -> dict[str, list[str]]:
    """Return the allowed values in the setters, by attribute."""
    matches = re.findall(
        r"def (\w+)\(self, \w+: [^)]*\) -> None:.*?allowed_values = (\[.*?\])", _setters(kind), re.DOTALL
    )
    return {attribute: json.loads(values) for attribute, values in matches}


def _setters(kind: type) -> str:
    """Return the source of the setters that have allowed values."""
    sources = (
        inspect.getsource(member.fset)
        for member in vars(kind).values()
        if isinstance(member, property) and member.fset is not None
    )
    return "\n".join(source for source in sources if "allowed_values" in source)


def as_text(schema: dict[str, Any]) -> str:
    """Return the schema as it is stored: one field per line, so that a difference is easy to read."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    STORED.write_text(as_text(generate()), encoding="utf-8")
    print(f"{STORED}: SDK {version(PACKAGE)}")
