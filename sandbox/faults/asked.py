"""What a call asks for, in either endpoint's own way of asking."""

from dataclasses import replace

from sandbox.endpoints.statistics import STATISTICS_PATH
from sandbox.endpoints.statistics_query import StatisticsQuery, parse_query
from sandbox.messages import RefusedError, Request


def statistics_query(request: Request) -> StatisticsQuery | None:
    """None unless it is a call for statistics that can be understood."""
    if request.path != STATISTICS_PATH:
        return None
    try:
        return parse_query(request.body)
    except RefusedError:
        return None


def page_number(request: Request) -> int:
    """The page that is asked for; 1 if that cannot be understood."""
    query = statistics_query(request)
    if query is not None:
        return query.page
    text = request.query.get("page", "1")
    return int(text) if text.isdecimal() else 1


def with_page(request: Request, number: int) -> Request:
    """The same request for another page."""
    if request.body is not None:
        return replace(request, body={**request.body, "pageNum": number})
    return replace(request, query={**request.query, "page": str(number)})


def with_statistics_of(request: Request, **asked: object) -> Request:
    """The same request for statistics, with other values of these fields."""
    return replace(request, body={**(request.body or {}), **asked})
