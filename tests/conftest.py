"""Fixtures that every test may ask for."""

from __future__ import annotations

from django.conf import settings

from tests.emptying import empty_after_each_commit
from tests.fake_network import fake_network

__all__ = ["fake_network"]

empty_after_each_commit()
#: Looked up when one is asked for: otherwise each of the thousands of test clients reads every file of ours first.
settings.WHITENOISE_AUTOREFRESH = True
#: A quarter of a second less for each password that is set or tried: none of these guards anything.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
