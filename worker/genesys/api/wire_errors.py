"""Errors of sockets, TLS and proxies as errors of ours, which name the request and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
import urllib3

from worker import step_time
from worker.deadline import Deadline
from worker.errors import MalformedAnswer, SourceUnavailable
from worker.genesys.api.quota_headers import AWAY_SECONDS

_SHOWN_CHARACTERS = 100

_LATER = "The step is retried automatically. If it fails again, look at the network and at status.mypurecloud.com."


@contextmanager
def as_our_errors(label: str, deadline: Deadline, proxy: str = "") -> Iterator[None]:
    """Turn errors into ours. After the deadline there may be none: a connection that ends is how some answers end."""
    try:
        with _named_errors(label, proxy):
            yield
    finally:
        if deadline.passed:
            step_time.check(f"it waited for the answer to {label}")
            raise _no_answer(f"{label} did not end its answer in time.")


@contextmanager
def _named_errors(label: str, proxy: str) -> Iterator[None]:
    try:
        yield
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as error:
        raise SourceUnavailable(
            f"{label}: no trustworthy TLS connection.",
            way_out="Check the address and this machine's clock. The organisation's CA_FILE names a private authority.",
        ) from error
    except urllib3.exceptions.DecodeError as error:
        raise MalformedAnswer(f"{label} answers with a body that does not unpack.") from error
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise _no_answer(f"{label}: no answer in time.") from error
    except requests.exceptions.ProxyError as error:
        raise proxy_error(label, proxy, _reason(error)) from error
    except (requests.exceptions.ConnectionError, urllib3.exceptions.HTTPError, OSError) as error:
        raise _no_answer(f"{label}: the connection failed ({_reason(error)}{_host_of(error)}).") from error


def proxy_error(label: str, proxy: str, reason: str) -> SourceUnavailable:
    """Return the error for a proxy, by host and port, that makes no connection."""
    name = f"the proxy {proxy}" if proxy else "a proxy, although none is set,"
    return SourceUnavailable(
        f"{label}: {name} makes no connection ({reason[:_SHOWN_CHARACTERS]}).",
        way_out="Check the organisation's PROXY, and its user and password.",
        retry_after_seconds=AWAY_SECONDS,
    )


def _host_of(error: Exception) -> str:
    """Return the server of the request that failed, after a comma, "" if the error does not know it."""
    request = getattr(error, "request", None)
    host = urlsplit(request.url).hostname if request is not None and request.url else None
    return f", {host}" if host else ""


def _reason(error: BaseException) -> str:
    """Return the system's words for the first cause of an error. The libraries' own would show a link's query."""
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)
    first = causes[-1]
    if not isinstance(first, OSError):
        return type(first).__name__
    return (first.strerror or str(first))[:_SHOWN_CHARACTERS] or type(first).__name__


def _no_answer(problem: str) -> SourceUnavailable:
    return SourceUnavailable(problem, way_out=_LATER, retry_after_seconds=AWAY_SECONDS)
