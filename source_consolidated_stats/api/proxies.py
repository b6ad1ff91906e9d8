"""What is wrong with the proxy that the environment names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit

from requests.utils import select_proxy
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url


def proxy_problem(url: str, proxies: Mapping[str, str]) -> str | None:
    """The variable whose value cannot be the proxy of calls to `url`, and why; never the value, which may hold a
    password. None if no proxy is used, or if its address is valid."""
    value = select_proxy(url, dict(proxies))
    fault = _fault(value) if value else None
    if value is None or fault is None:
        return None
    return (
        f"{_variable(value, urlsplit(url).scheme)} is not the address of a proxy that can be used: {fault}. Give one "
        "such as proxy.example.com:3128, or unset it."
    )


def _variable(value: str, scheme: str) -> str:
    for known in (f"{scheme}_proxy", "all_proxy"):
        for name, text in os.environ.items():
            if name.lower() == known and text == value:
                return f"{name} in the environment"
    return "The proxy in the settings of this machine"


def _fault(value: str) -> str | None:
    if any(character.isspace() for character in value):
        return "it has a blank in it"
    try:
        scheme, _, host, *_ = parse_url(value)
    except LocationParseError:
        return "it is not a valid URL"
    if not host:
        return "it names no host"
    if (scheme or "").startswith("socks"):
        return "it is a SOCKS proxy, and the package PySocks is not installed" if find_spec("socks") is None else None
    return None if scheme in (None, "http", "https") else "its scheme is neither http nor https"
