"""Error responses in the words of the API, of its gateways and of proxies; each is the same for every call."""

from collections.abc import Mapping

import orjson

from sandbox.messages import Response, error, html

TOO_MANY = "Too many requests"
SOMETHING_WRONG = "Something is wrong with this request"


def coded_error(status: int, code: int, message: str) -> Response:
    """The form `{"code": 1001, "type": "error", "message": "Invalid token"}`."""
    return _error(status, {"code": code, "type": "error", "message": message})


def _error(status: int, body: Mapping[str, object]) -> Response:
    return Response(status, orjson.dumps(body))


ERRORS = {
    "400": error(400, SOMETHING_WRONG),
    "400-invalid-token": coded_error(400, 1001, "Invalid token"),
    "400-not-found": coded_error(400, 40100, "Sequence is not found"),
    "400-own-failure": coded_error(400, 4000, "Failed to fetch sequences and their steps"),
    "400-error-message": _error(400, {"error": True, "error_code": 77, "error_message": SOMETHING_WRONG}),
    "400-messages": _error(400, {"statusCode": 400, "messages": [SOMETHING_WRONG, "Try another one"]}),
    "401": error(401, "Invalid API key"),
    "403": error(403, "Your plan has no access to the API"),
    "404": error(404, SOMETHING_WRONG),
    "404-not-found": coded_error(404, 40100, "Sequence is not found"),
    "405": error(405, "Method Not Allowed", headers={"Allow": "GET"}),
    "407": error(407, "Proxy Authentication Required", headers={"Proxy-Authenticate": "Basic"}),
    "413": error(413, "Payload Too Large"),
    "414": html(414, "414 Request-URI Too Large"),
    "431": error(431, "Request Header Fields Too Large"),
    "500": error(500, "Internal server error"),
    "500-internal": coded_error(500, 5001, "Internal server error"),
    "502": html(502, "502 Bad Gateway"),
    "503": error(503, "Service Unavailable"),
    "504": html(504, "504 Gateway Time-out"),
    "html-401": html(401, "401 Authorization Required"),
    "html-403": html(403, "403 Forbidden"),
    "html-404": html(404, "404 Not Found"),
    "200-rate-limit": coded_error(200, 4000, "Rate Limit exceeded"),
    "400-rate-limit": error(400, "Rate Limit Exceeded"),
    "400-rate-limit-4000": coded_error(400, 4000, "Rate Limit exceeded"),
    "403-rate-limit": coded_error(403, 4000, "Rate Limit exceeded"),
    "429": error(429, TOO_MANY),
    "429-retry-after": error(429, TOO_MANY, headers={"Retry-After": "1"}),
}
