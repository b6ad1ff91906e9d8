"""Secrets that no output may show."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from airbyte_cdk.utils.airbyte_secrets_utils import get_secrets, update_secrets


def hide_secrets(config: Mapping[str, Any], specification: Mapping[str, Any]) -> None:
    """From now on the CDK's filter hides what `specification` calls secret, as it is and as texts may escape it."""
    secrets = {str(secret).strip() for secret in get_secrets(specification, config) if secret}
    forms = {form for secret in secrets for form in _written_forms(secret)}
    update_secrets(sorted(forms, key=len, reverse=True))  # the longest first, because some contain others


def _written_forms(secret: str) -> set[str]:
    literals = {repr(secret)[1:-1], ascii(secret)[1:-1], json.dumps(secret)[1:-1], secret.replace("/", r"\/")}
    return {secret, html.escape(secret), quote(secret), quote(secret, safe=""), *literals}
