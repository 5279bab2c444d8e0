"""What the agent should hear of."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import notifications

urlpatterns: list[URLPattern | URLResolver] = [
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/unseen/", notifications.unseen, name="unseen_notifications"),
    path("notifications/seen/", notifications.see_all, name="see_notifications"),
    path("notifications/choices/", notifications.choices, name="notification_choices"),
    path("notifications/subscribe/", notifications.subscribe, name="subscribe_push"),
    path("notifications/unsubscribe/", notifications.unsubscribe, name="unsubscribe_push"),
]
