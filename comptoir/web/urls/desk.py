"""One conversation, or many: what is done to them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import desk

urlpatterns: list[URLPattern | URLResolver] = [
    path("conversations/<int:pk>/assign/", desk.assign, name="assign"),
    path("conversations/<int:pk>/team/", desk.move, name="change_team"),
    path("conversations/<int:pk>/resolve/", desk.resolve, name="resolve"),
    path("conversations/<int:pk>/reopen/", desk.reopen, name="reopen"),
    path("conversations/<int:pk>/tag/", desk.tag, name="tag"),
    path("conversations/<int:pk>/untag/", desk.untag, name="untag"),
]
