"""Signing in with the company's own account, by OpenID Connect: what allauth leaves open is closed here."""
