"""What passes between teams: hand-offs."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import bridges, hand_offs

urlpatterns: list[URLPattern | URLResolver] = [
    path("asked/", bridges.asked, name="asked"),
    path("conversations/<int:pk>/bridges/", bridges.bridges, name="bridges"),
    path("conversations/<int:pk>/hand-off/", hand_offs.hand_off, name="hand_off"),
    path("hand-offs/<int:pk>/acceptance/", hand_offs.accept, name="accept_hand_off"),
    path("hand-offs/<int:pk>/refusal/", hand_offs.refuse, name="refuse_hand_off"),
    path("hand-offs/<int:pk>/withdrawal/", hand_offs.withdraw, name="withdraw_hand_off"),
]
