"""Who gets it: rules, teams' ways, skills; and why a conversation is with whom."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import routing_people, routing_rules

urlpatterns: list[URLPattern | URLResolver] = [
    path("routing/", routing_rules.rules, name="routing_rules"),
    path("routing/new/", routing_rules.edit, name="new_routing_rule"),
    path("routing/try/", routing_rules.attempt, name="try_routing_rule"),
    path("routing/begin/", routing_rules.begin, name="begin_routing"),
    path("routing/<int:pk>/", routing_rules.edit, name="routing_rule"),
    path("routing/<int:pk>/move/", routing_rules.move, name="move_routing_rule"),
    path("routing/<int:pk>/switch/", routing_rules.switch, name="switch_routing_rule"),
    path("routing/<int:pk>/delete/", routing_rules.delete, name="delete_routing_rule"),
    path("routing/teams/", routing_people.teams, name="routing_teams"),
    path("routing/teams/<int:pk>/", routing_people.team, name="routing_team"),
    path("routing/agents/", routing_people.agents, name="routing_agents"),
    path("routing/agents/<int:pk>/", routing_people.agent, name="routing_agent"),
    path("routing/skills/new/", routing_people.new_skill, name="new_skill"),
    path("routing/skills/<int:pk>/delete/", routing_people.forget_skill, name="delete_skill"),
    path("routing/weights/", routing_people.weights, name="routing_weights"),
    path("conversations/<int:pk>/why-here/", routing_people.why, name="why_here"),
]
