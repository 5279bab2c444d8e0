"""One conversation, or many: what is done to them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.urls import bulk
from comptoir.web.views import calling, desk, doing, handover, moving

urlpatterns: list[URLPattern | URLResolver] = [
    path("conversations/<int:pk>/assign/", desk.assign, name="assign"),
    path("conversations/<int:pk>/team/", desk.move, name="change_team"),
    path("conversations/<int:pk>/resolve/", desk.resolve, name="resolve"),
    path("conversations/<int:pk>/reopen/", desk.reopen, name="reopen"),
    path("conversations/<int:pk>/take-back/", doing.take_back, name="take_back"),
    path("conversations/<int:pk>/hold/", desk.hold, name="hold"),
    path("conversations/<int:pk>/snooze/", desk.snooze, name="snooze"),
    path("conversations/<int:pk>/spam/", desk.spam, name="spam"),
    path("conversations/<int:pk>/follow/", desk.follow, name="follow"),
    path("conversations/<int:pk>/priority/", desk.prioritize, name="prioritize"),
    path("conversations/<int:pk>/tag/", desk.tag, name="tag"),
    path("conversations/<int:pk>/untag/", desk.untag, name="untag"),
    path("conversations/<int:pk>/tags/", desk.suggest_tags, name="tag_suggestions"),
    path("conversations/<int:pk>/macro/", desk.run_macro, name="run_macro"),
    path("conversations/<int:pk>/merge/", moving.merge, name="merge"),
    path("conversations/<int:pk>/unmerge/", moving.unmerge, name="unmerge"),
    path("conversations/<int:pk>/account/", moving.move, name="move_to_account"),
    path("conversations/<int:pk>/split/", moving.split, name="split"),
    path("conversations/<int:pk>/call/", calling.call, name="call_customer"),
    path("conversations/<int:pk>/thread/<slug:act>/", handover.hand_over, name="hand_over_thread"),
    path("conversations/after-resolving/", desk.choose_after_resolving, name="after_resolving"),
    *bulk.urlpatterns,
]
