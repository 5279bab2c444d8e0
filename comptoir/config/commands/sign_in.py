"""`comptoir sign-in`: a link that signs a person in once."""

from __future__ import annotations

import argparse

from comptoir.config.language import _
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--email", help=_("whom to sign in; without it, the first administrator"))


def run(options: argparse.Namespace) -> int:
    """Print the link."""
    with django_ready("sign-in"):
        from django.conf import settings

        from comptoir.config.lookups import active_agent
        from comptoir.people.actions import create_sign_in_link

        agent = active_agent(options.email)
        link = f"{settings.BASE_URL}/sign-in/{create_sign_in_link(agent=agent)}/"
        print(
            "  " + _("Sign in once as {name}, within half an hour: {link}").format(name=agent.name, link=link) + "\n",
            flush=True,
        )
    return 0
