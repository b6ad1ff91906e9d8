"""A stand-in for the Saleshandy API: a real HTTP server with a made-up account, its limits and its faults."""

from integration_tests.sandbox.account import Account, AccountSettings
from integration_tests.sandbox.calls import Call
from integration_tests.sandbox.clock import Clock
from integration_tests.sandbox.faults import Fault, Faults
from integration_tests.sandbox.limits import RateLimit
from integration_tests.sandbox.sandbox import Sandbox

__all__ = ["Account", "AccountSettings", "Call", "Clock", "Fault", "Faults", "RateLimit", "Sandbox"]
