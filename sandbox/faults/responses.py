"""What the API responds to a call that a fault hits."""

from dataclasses import replace
from datetime import datetime

from sandbox.endpoints.api import Api
from sandbox.endpoints.paging import Paging, endless_empty, endless_fresh, repeated
from sandbox.faults.rate_limit import TOO_MANY, reset_text
from sandbox.messages import Request, Response, error, html, success

ALWAYS_THE_SAME = {
    "500": error(500, "Internal server error"),
    "502": html(502, "502 Bad Gateway"),
    "503": error(503, "Service Unavailable"),
    "401": error(401, "Invalid API key"),
    "403": error(403, "Your plan has no access to the API"),
    "400": error(400, "Something is wrong with this request"),
    "400-rate-limit": error(400, "Rate Limit Exceeded"),
    "429": error(429, TOO_MANY),
    "429-retry-after": error(429, TOO_MANY, headers={"Retry-After": "1"}),
    "html": html(200, "Just a moment"),
    "no-data": success({"message": "Fetched successfully", "payload": {}}),
    "null-payload": success({"message": "Fetched successfully", "payload": None}),
    "reset": Response(0, delivery="reset"),
    "silent": Response(0, delivery="silent"),
}
PAGING: dict[str, Paging] = {
    "repeat-page": repeated,
    "endless-empty": endless_empty,
    "endless-fresh": endless_fresh,
}
KINDS = {*ALWAYS_THE_SAME, *PAGING, "429-reset", "cut", "truncated-json", "redirect", "key-echo"}


def fault_response(kind: str, request: Request, api: Api, decoy: str, now: datetime) -> Response:
    """`decoy` is the base URL that a redirect leads to, `now` the moment from which a limit's reset is counted."""
    return replace(_response(kind, request, api, decoy, now), refusal=kind)


def _response(kind: str, request: Request, api: Api, decoy: str, now: datetime) -> Response:  # noqa: PLR0911
    if kind in PAGING:
        return api.respond(request, PAGING[kind])
    if kind == "cut":
        return replace(api.respond(request), delivery="cut", rows=0)
    if kind == "truncated-json":
        whole = api.respond(request)
        return replace(whole, body=whole.body[: len(whole.body) // 2], rows=0)
    if kind == "429-reset":
        headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset_text(now, 1)}
        return error(429, TOO_MANY, headers=headers)
    if kind == "redirect":
        return Response(302, headers={"Location": decoy + request.path})
    if kind == "key-echo":
        return error(401, f"Invalid API key: {request.headers.get('x-api-key')}")
    return ALWAYS_THE_SAME[kind]
