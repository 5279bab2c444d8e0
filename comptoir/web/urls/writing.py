"""One conversation: what is written in it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import composing, tone, writing

urlpatterns: list[URLPattern | URLResolver] = [
    path("conversations/<int:pk>/write/", writing.write, name="write"),
    path("conversations/<int:pk>/draft/", writing.draft, name="draft"),
    path("conversations/<int:pk>/canned/", composing.canned_offered, name="canned_offered"),
    path("conversations/<int:pk>/colleagues/", composing.colleagues_offered, name="colleagues_offered"),
    path("conversations/<int:pk>/tone/", tone.tone, name="tone"),
    path("me/tone/", tone.choose_tone, name="choose_tone"),
    path("conversations/<int:pk>/files/", composing.lay_files, name="lay_files"),
    path("draft-files/<int:pk>/remove/", composing.remove_file, name="remove_file"),
    path("draft-files/<int:pk>/describe/", composing.describe, name="describe_file"),
    path("drafts/<int:pk>/take-over/", composing.take_over, name="take_over_draft"),
    path("mentions/<int:pk>/done/", composing.mention_done, name="mention_done"),
    path("messages/<int:pk>/undo/", writing.undo, name="undo"),
    path("messages/<int:pk>/departure/", composing.departure, name="departure"),
    path("messages/<int:pk>/resend/", writing.send_again, name="resend"),
    path("messages/<int:pk>/settle/", writing.settle, name="settle"),
]
