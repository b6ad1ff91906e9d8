"""A stand-in for the Saleshandy API: a real HTTP server with a made-up account, its limits and its faults."""

from sandbox.account.account import Account, AccountSettings
from sandbox.clock import Clock
from sandbox.endpoints.quirks import Quirks, Updates
from sandbox.faults.fault import Fault, Size
from sandbox.faults.faults import Faults
from sandbox.faults.rate_limit import RateLimit
from sandbox.messages import Call
from sandbox.sandbox import Sandbox

__all__ = [
    "Account",
    "AccountSettings",
    "Call",
    "Clock",
    "Fault",
    "Faults",
    "Quirks",
    "RateLimit",
    "Sandbox",
    "Size",
    "Updates",
]
