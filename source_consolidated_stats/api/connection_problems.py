"""Judges a call that got no response: what stood in the way, and whether it may pass. Pure."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import requests
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from urllib3.exceptions import NameResolutionError

from ..errors import AccessError, ApiError
from .problem import Problem
from .responses import MAX_QUOTE_CHARS
from .timeouts import CONNECT_TIMEOUT_S, READ_TIMEOUT_S, ResponseDeadlineError


def judge_connection(exception: Exception | None, host: str, *, any_success: bool) -> Problem:
    """What is wrong with a call that ended in `exception`.

    Before `any_success`, a name, a certificate or a proxy that does not work is a setting to mend; afterwards it may
    pass.
    """
    reason = innermost_reason(exception)
    setting = _setting_to_mend(exception, reason, host)
    if setting:
        return Problem(AccessError(f"{setting} ({reason})"), is_transient=any_success)
    return Problem(ApiError(f"The API at {host} {_seen(exception, reason)}"), is_transient=True)


def innermost_reason(exception: Exception | None) -> str:
    """What requests and urllib3 have wrapped in words of their own; without secrets."""
    wrapped = exception.args[0] if exception and exception.args else exception
    return filter_secrets(str(getattr(wrapped, "reason", wrapped)))[:MAX_QUOTE_CHARS]


def _setting_to_mend(exception: Exception | None, reason: str, host: str) -> str | None:
    if isinstance(exception, requests.exceptions.InvalidProxyURL):
        return "The proxy's address is not a valid URL: check HTTPS_PROXY and HTTP_PROXY in the environment."
    if isinstance(exception, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return f"api_url: {host} cannot be called. Give the address of the API."
    if isinstance(exception, requests.exceptions.ProxyError):
        return (
            f"The API at {host} cannot be reached through the proxy: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the "
            "environment."
        )
    if isinstance(exception, requests.exceptions.SSLError) and "certificate" in reason.lower():
        return (
            f"The certificate of {host} cannot be verified: check api_url, and that REQUESTS_CA_BUNDLE in the "
            "environment, if set, names a file with the right certificates."
        )
    if any(isinstance(cause, (socket.gaierror, NameResolutionError)) for cause in _causes(exception)):
        return f"api_url: the host {host} was not found. Check the address, and that this machine can resolve names."
    return None


def _seen(exception: Exception | None, reason: str) -> str:
    if isinstance(exception, ResponseDeadlineError):
        return str(exception)
    if isinstance(exception, requests.exceptions.ConnectTimeout):
        return f"did not accept a connection within {CONNECT_TIMEOUT_S:.0f} s."
    if isinstance(exception, requests.exceptions.Timeout):
        return f"stayed silent for {READ_TIMEOUT_S:.0f} s."
    return f"could not be reached, or the connection was cut ({reason})."


def _causes(exception: BaseException | None) -> Iterator[BaseException]:
    """The exception and all that it wraps."""
    seen: set[int] = set()
    left = [exception]
    while left:
        cause = left.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        left += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
