"""One conversation: what is read of it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import conversations, files, moderating, readings, templates, wording

urlpatterns: list[URLPattern | URLResolver] = [
    path("conversations/<int:pk>/", conversations.conversation, name="conversation"),
    path("conversations/<int:pk>/seen/", conversations.note_seen, name="note_seen"),
    path("conversations/<int:pk>/exchange/", conversations.exchange, name="exchange"),
    path("conversations/<int:pk>/thread/", conversations.thread, name="thread"),
    path("conversations/<int:pk>/head/", conversations.head, name="conversation_head"),
    path("conversations/<int:pk>/receivers/", conversations.receivers, name="receivers"),
    path("conversations/<int:pk>/macros/", conversations.macros_offered, name="macros_offered"),
    path("conversations/<int:pk>/person/", conversations.person, name="conversation_person"),
    path("conversations/<int:pk>/why-due/", conversations.why_due, name="why_due"),
    path("conversations/<int:pk>/composer/", conversations.composer, name="composer"),
    path("conversations/<int:pk>/drafts/", conversations.colleagues_drafts, name="colleagues_drafts"),
    path("messages/<int:pk>/original/", files.original, name="original"),
    path("conversations/<int:pk>/templates/", templates.templates, name="templates"),
    path("messages/<int:pk>/acts/", moderating.acts, name="message_acts"),
    path("messages/<int:pk>/ask/<slug:act>/", moderating.act, name="ask_network"),
    path("messages/<int:pk>/edit/", wording.edit_message, name="edit_message"),
    path("messages/<int:pk>/report/", wording.report_message, name="report_message"),
    path("messages/<int:pk>/reading/", readings.reading, name="reading"),
    path("messages/<int:pk>/reading/correct/", readings.correct, name="correct_reading"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
]
