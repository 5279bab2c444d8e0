"""Fixtures that every test may ask for."""

from __future__ import annotations

from tests.fake_network import fake_network

__all__ = ["fake_network"]
