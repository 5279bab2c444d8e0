"""Who works here, and how each gets in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import me, people, safety, sign_in, teams, welcome

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", people.people, name="people"),
    path("people/new/", people.new_agent, name="new_agent"),
    path("people/<int:pk>/", people.agent, name="agent"),
    path("people/<int:pk>/link/", people.link, name="agent_link"),
    path("people/<int:pk>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("people/<int:pk>/second-factor/", people.forget_factor, name="forget_second_factor"),
    path("people/<int:pk>/close/", people.close, name="close_agent"),
    path("people/<int:pk>/open/", people.reopen, name="open_agent"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new, name="new_team"),
    path("teams/<int:pk>/", teams.edit, name="edit_team"),
    path("colleagues/", people.colleagues, name="colleagues"),
    path("me/", me.me, name="me"),
    path("me/hours/", me.hours, name="my_hours"),
    path("me/telephone/", me.telephone, name="my_telephone"),
    path("me/availability/", me.availability, name="availability"),
    path("me/safety/", safety.safety, name="safety"),
    path("me/sessions/<int:pk>/end/", safety.end_session, name="end_session"),
    path("me/sessions/end-others/", safety.end_other_sessions, name="end_other_sessions"),
    path("sign-in/<str:token>/", sign_in.sign_in, name="sign_in"),
    path("welcome/", welcome.welcome, name="welcome"),
]
