"""Judges what came of a call: good, a failure that may pass, or one that does not. Pure."""

from __future__ import annotations

import re

import requests

from ..errors import AccessError, ApiError, RefusedError
from .connection_problems import judge_connection
from .limit.headers import retry_after_s
from .problem import Problem
from .responses import UNREADABLE, ApiResponse, error_code, error_message, quote_error, rows_at

INVALID_TOKEN, CATCH_ALL, SEQUENCE_NOT_FOUND = 1001, 4000, 40100
"""Codes in error bodies: a wrong key; the API's own failures and the rate limit; an unknown sequence."""
SALESHANDY_HOST = "open-api.saleshandy.com"
_KEY_WORDS = re.compile(r"invalid token|\b(?:x-)?api[ _-]?key\b", re.IGNORECASE)
_SEQUENCE_WORDS = re.compile(
    r"sequences? (?:(?:is|are|was|were) )?(?:not found|invalid|unknown)|(?:invalid|unknown) sequence", re.IGNORECASE
)
_OWN_FAILURE = re.compile(r"\s*failed to ", re.IGNORECASE)
_NO_SUCH_PATH = re.compile(r"\s*cannot (?:get|post) /", re.IGNORECASE)


def judge(seen: ApiResponse | Exception | None, host: str, rows_path: str, *, any_success: bool) -> Problem | None:
    """What is wrong with a response, or with an exception in its place; None if it has rows at `rows_path`.

    `host` is named in the messages. After `any_success` of the same key, a refusal of the key, of the path or of the
    connection may be stray: it is tried again before it is believed.
    """
    if not isinstance(seen, ApiResponse):
        return judge_connection(seen, host, any_success=any_success)
    status, api = seen.status_code, f"The API at {host}"
    if 200 <= status < 300 and rows_at(seen, rows_path) is not None:
        return None
    said = quote_error(seen)
    if status >= 500 or status in (408, 425) or _is_own_failure(seen):
        pause = retry_after_s(seen.headers)
        return Problem(ApiError(f"{api} failed with status {status}: {said}."), is_transient=True, pause_s=pause)
    if status in (401, 403) or _is_about_the_key(seen):
        message = f"{api} {_key_problem(status, host)} It said: {said}."
        return Problem(AccessError(message), is_transient=any_success)
    if status < 200:
        return Problem(ApiError(f"{api} sent only an interim response (status {status})."), is_transient=True)
    if status < 300:
        return Problem(ApiError(f"{api} {_without_rows(seen, rows_path)}"), is_transient=True)
    if status < 400:
        return Problem(AccessError(_redirected(seen, api)))
    if status in (413, 414):
        return Problem(ApiError(f"{api} finds the request too large (status {status}): {said}."))
    if status in _NEVER_ACCEPTED:
        return Problem(AccessError(f"{api} {_NEVER_ACCEPTED[status]} (status {status}). It said: {said}."))
    return _judge_refusal(seen, api, any_success)


def is_rate_limited(response: ApiResponse) -> bool:
    """Whether the rate limit refuses a call. Seen: status 429, 400 with the words `Rate Limit exceeded` (code 4000);
    the words count whatever the status is. Of a body without a message of the API, the beginning counts."""
    words = error_message(response) or quote_error(response)
    return response.status_code == 429 or "rate limit" in words.lower().replace("-", " ")


def _judge_refusal(response: ApiResponse, api: str, any_success: bool) -> Problem:
    """The API refuses what was asked for, or, with status 404, may not know the path."""
    status, words, said = response.status_code, error_message(response), quote_error(response)
    if error_code(response) == SEQUENCE_NOT_FOUND or _SEQUENCE_WORDS.search(words):
        message = f"{api} does not know a sequence (status {status}). It said: {said}."
        return Problem(RefusedError(message, said, unknown_sequence=True))
    message = f"{api} refused the request (status {status}). It said: {said}."
    if status == 404 and (not words or _NO_SUCH_PATH.match(words)):
        message = f"{api} does not know the path of this endpoint (status 404): check api_url. It said: {said}."
        if not any_success:
            return Problem(AccessError(message))
    # After other calls went through, the path is right, and it is what this call asked for that is refused.
    return Problem(RefusedError(message, said), is_transient=any_success and status == 404)


def _is_own_failure(response: ApiResponse) -> bool:
    is_said_so = error_code(response) == CATCH_ALL or bool(_OWN_FAILURE.match(error_message(response)))
    return is_said_so and not _is_about_the_key(response)


def _is_about_the_key(response: ApiResponse) -> bool:
    return error_code(response) == INVALID_TOKEN or bool(_KEY_WORDS.search(error_message(response)))


def _key_problem(status: int, host: str) -> str:
    if status == 403:
        return (
            "does not let this API key in. The plan may not include API access (Saleshandy: Settings, then API), or "
            "the key may not see one of the sequences in sequence_ids."
        )
    other = "" if host == SALESHANDY_HOST else f" Or correct api_url, if {host} is not where your account is served."
    return f"does not accept the API key. Copy it again from Saleshandy: Settings, then API; then set api_key.{other}"


def _without_rows(response: ApiResponse, rows_path: str) -> str:
    if response.parsed is UNREADABLE:
        size, kind = len(response.content), response.headers.get("Content-Type", "unknown")
        return f"sent a body that is not JSON, or only a part of it ({size} bytes of type {kind})."
    return f"sent a response without {rows_path}: {quote_error(response)}."


def _redirected(response: requests.Response, api: str) -> str:
    target = response.headers.get("Location")
    if target is None:
        return f"{api} answered with status {response.status_code} and no data: check api_url."
    return (
        f"{api} redirects to {target} (status {response.status_code}). The key is not sent there: if "
        "the address is right, set api_url to it."
    )


_NEVER_ACCEPTED = {
    405: "does not accept this kind of request: check that api_url is the address of the Saleshandy API",
    406: "cannot answer in JSON: check that api_url is the address of the Saleshandy API",
    407: (
        "is behind a proxy that wants a user name and a password: check the proxy variables (HTTPS_PROXY, HTTP_PROXY) "
        "of the environment"
    ),
    421: "does not serve this host name: check api_url",
    426: "wants another protocol: check that api_url begins with https://",
    431: "finds the request's headers too large: check that api_key holds the key only",
}
