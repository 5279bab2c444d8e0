"""What the machine reads: the company's contact reasons, and how reading and learning go."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import contact_reasons, readings

urlpatterns: list[URLPattern | URLResolver] = [
    path("contact-reasons/", contact_reasons.contact_reasons, name="contact_reasons"),
    path("contact-reasons/new/", contact_reasons.edit, name="new_contact_reason"),
    path("contact-reasons/<int:pk>/", contact_reasons.edit, name="contact_reason"),
    path("contact-reasons/<int:pk>/move/", contact_reasons.move, name="move_contact_reason"),
    path("contact-reasons/<int:pk>/delete/", contact_reasons.delete, name="delete_contact_reason"),
    path("readings/", readings.readings, name="readings"),
    path("readings/learn/", readings.learn, name="learn_from_corrections"),
]
