"""What can be wrong with the text of a response that is otherwise good."""

import codecs
import re
from collections.abc import Callable

Damage = Callable[[bytes], bytes]  # the body of a response before and after

NESTING = 5_000


def _value(column: str, text: str) -> Damage:
    """Puts this JSON text in the place of the column's value in the first row that has a scalar there."""
    pattern = re.compile(rb'"%b":(?:"(?:[^"\\]|\\.)*"|[^"\[{,}]+)' % column.encode())
    return lambda body: pattern.sub(lambda found: f'"{column}":{text}'.encode(), body, count=1)


DAMAGES: dict[str, Damage] = {
    "byte-order-mark": lambda body: codecs.BOM_UTF8 + body,
    "truncated-json": lambda body: body[: len(body) // 2],
    "has-more-text": lambda body: re.sub(rb'"hasMore":(true|false)', rb'"hasMore":"\1"', body),
    "control-character": _value("Recipient name", '"Ada\x01 Abara"'),
    "half-emoji": _value("Recipient name", r'"Ada \ud83d"'),
    "overflow": _value("Open Count", "1e400"),
    "nan": _value("Open Count", "NaN"),
    "huge-integer": _value("Click Count", "123456789012345678901234567890"),
    "no-offsets": lambda body: re.sub(rb'(:\d\d) GMT[^"]*', rb"\1", body),
    "deep-nesting": _value("Current Sentiment", "[" * NESTING + "]" * NESTING),
}
