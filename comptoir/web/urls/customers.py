"""The customer, beside the exchange."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import customers

urlpatterns: list[URLPattern | URLResolver] = [
    path("conversations/<int:pk>/customer/", customers.edit_customer, name="edit_customer"),
    path("conversations/<int:pk>/customer/find/", customers.find_customer, name="find_customer"),
    path("conversations/<int:pk>/customer/merge/", customers.merge_customer, name="merge_customer"),
    path("conversations/<int:pk>/customer/part/", customers.part_customer, name="part_customer"),
]
