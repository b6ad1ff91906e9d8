"""Judges a call that got no response: what stood in the way, and whether it may pass. Pure."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import NamedTuple

import requests

from ..errors import AccessError, ApiError
from .body import BodyTooLargeError
from .problem import Problem
from .responses import shorten
from .timeouts import CONNECT_TIMEOUT_S, READ_TIMEOUT_S, CallTimeoutError

_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
"""Any other failure to resolve a name says nothing of the name: the server that knows it did not answer."""
_NOT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")
"""What OpenSSL calls an answer that is plain HTTP."""


class Setting(NamedTuple):
    """What somebody has to mend. If `is_certain`, another attempt would meet the same."""

    remedy: str
    is_certain: bool = False


def judge_connection(exception: Exception | None, host: str, *, any_success: bool) -> Problem:
    """What is wrong with a call that ended in `exception`.

    A name, a proxy or a certificate that does not work is a setting to mend, once the attempts are used up; after
    `any_success` it passes.
    """
    reason = innermost_reason(exception)
    setting = None if any_success else _setting_to_mend(exception, reason, host)
    if setting:
        return Problem(AccessError(setting.remedy), is_transient=not setting.is_certain)
    return Problem(ApiError(f"The API at {host} {_seen(exception, reason)}"), is_transient=True)


def innermost_reason(exception: Exception | None) -> str:
    """What requests and urllib3 have wrapped in words of their own, such as `Connection refused`."""
    by_the_system = [cause.strerror for cause in _causes(exception) if isinstance(cause, OSError) and cause.strerror]
    wrapped = exception.args[0] if exception and exception.args else exception
    reason = by_the_system[-1] if by_the_system else getattr(wrapped, "reason", wrapped)
    return shorten(str(reason))


def _setting_to_mend(exception: Exception | None, reason: str, host: str) -> Setting | None:
    if isinstance(exception, requests.exceptions.InvalidProxyURL):
        return Setting(str(exception), is_certain=True)
    if isinstance(exception, requests.exceptions.InvalidURL):
        return Setting(f"api_url: {host} cannot be called. Give the address of the API. ({reason})", is_certain=True)
    if isinstance(exception, requests.exceptions.ProxyError):
        return Setting(
            f"The API at {host} cannot be reached through the proxy: check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and "
            f"NO_PROXY in the environment. ({reason})"
        )
    if isinstance(exception, requests.exceptions.SSLError):
        return _tls_setting_to_mend(exception, reason, host)
    if any(isinstance(cause, socket.gaierror) and cause.errno in _NO_SUCH_NAME for cause in _causes(exception)):
        return Setting(
            f"api_url: the host {host} was not found. Check the address, and that this machine can resolve names. "
            f"({reason})"
        )
    return None


def _tls_setting_to_mend(exception: Exception, reason: str, host: str) -> Setting | None:
    if any(word in reason.lower() for word in ("certificate", "x509")):
        return Setting(
            f"The certificate of {host} cannot be verified: check api_url, and that REQUESTS_CA_BUNDLE or "
            f"CURL_CA_BUNDLE in the environment, if set, names a file with the right certificates. ({reason})",
            is_certain=True,
        )
    if any(getattr(cause, "reason", None) in _NOT_TLS for cause in _causes(exception)):
        return Setting(f"api_url: {host} does not speak https. Check the port, and how the address begins. ({reason})")
    return None


def _seen(exception: Exception | None, reason: str) -> str:
    if isinstance(exception, (CallTimeoutError, BodyTooLargeError)):
        return str(exception)
    if isinstance(exception, requests.exceptions.ConnectTimeout):
        return f"did not accept a connection within {CONNECT_TIMEOUT_S:.0f} s."
    if isinstance(exception, requests.exceptions.Timeout):
        return f"stayed silent for {READ_TIMEOUT_S:.0f} s."
    if isinstance(exception, requests.exceptions.ContentDecodingError):
        return f"sent a body that cannot be unpacked ({reason})."
    if any(isinstance(cause, socket.gaierror) for cause in _causes(exception)):
        return f"could not be reached, because its name could not be resolved ({reason})."
    return f"could not be reached, or the connection was cut ({reason})."


def _causes(exception: object) -> Iterator[BaseException]:
    """The exception and all that it wraps, the innermost last."""
    if isinstance(exception, BaseException):
        yield exception
        for cause in (*exception.args, exception.__context__):
            yield from _causes(cause)
