"""`comptoir sign-in`: a link that signs a person in once."""

from __future__ import annotations

import argparse

from comptoir.config.errors import CommandError
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--email", help="whom to sign in; without it, the first administrator")


def run(options: argparse.Namespace) -> int:
    """Print the link."""
    with django_ready("sign-in"):
        from django.conf import settings

        from comptoir.people.actions import create_sign_in_link
        from comptoir.people.models import Agent

        agents = Agent.objects.filter(is_active=True).order_by("pk")
        agent = agents.filter(user__email__iexact=options.email).first() if options.email else agents.filter(role=Agent.Role.ADMINISTRATOR).first()
        if agent is None:
            who = f"{options.email} is not a person of this counter" if options.email else "There is no administrator yet"
            raise CommandError(f"{who}. Create one: comptoir agent create EMAIL --name NAME --role administrator")
        link = f"{settings.BASE_URL}/sign-in/{create_sign_in_link(agent=agent)}/"
        print(f"  Sign in once as {agent.name} (valid for half an hour): {link}\n", flush=True)
    return 0
