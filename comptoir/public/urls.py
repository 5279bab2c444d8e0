"""The addresses of what customers see."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.public import files, invitations, questions, scripts, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("chat.js", scripts.loader, name="chat_loader"),
    path("chat/demo", scripts.demo, name="chat_demo"),
    path("chat/widget/<slug:release>/<str:name>", scripts.widget_file, name="chat_widget_file"),
    path("files/film.png", files.still, {"shown": "film"}, name="film"),
    path("files/picture.png", files.still, {"shown": "picture"}, name="picture"),
    path("files/<str:token>/<str:name>", files.handed_out, name="handed_out_file"),
    path("question/<str:token>", questions.question, name="question"),
    path("private/<str:token>", invitations.invitation, name="invitation"),
    path("chat/<slug:key>/join", invitations.join, name="chat_join"),
    path("chat/<slug:key>", views.counter, name="chat_counter"),
    path("chat/<slug:key>/messages", views.messages, name="chat_messages"),
    path("chat/<slug:key>/events", views.events, name="chat_events"),
    path("chat/<slug:key>/files", views.files, name="chat_files"),
    path("chat/<slug:key>/files/<int:file_id>", views.file, name="chat_file"),
    path("chat/<slug:key>/typing", views.typing, name="chat_typing"),
]
