"""Comptoir: a self-hosted customer-care counter for social media."""

__version__ = "0.1.0"
