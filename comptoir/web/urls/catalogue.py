"""The company's answers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import answers, catalogue, catalogue_gaps, catalogue_moving, catalogue_writing, drafting

urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/new/", catalogue_writing.new_entry, name="new_entry"),
    path("catalogue/import/", catalogue_moving.import_catalogue, name="import_catalogue"),
    path("catalogue/import/<int:pk>/", catalogue_moving.preview_import, name="preview_import"),
    path("catalogue/export/", catalogue_moving.export_catalogue, name="export_catalogue"),
    path("catalogue/gaps/", catalogue_gaps.knowledge_gaps, name="knowledge_gaps"),
    path("catalogue/gaps/find/", catalogue_gaps.find_gaps, name="find_gaps"),
    path("catalogue/<int:pk>/", catalogue.entry, name="entry"),
    path("catalogue/<int:pk>/edit/", catalogue_writing.edit_entry, name="edit_entry"),
    path("catalogue/<int:pk>/approve/", catalogue.approve, name="approve_entry"),
    path("catalogue/<int:pk>/refuse/", catalogue.refuse, name="refuse_entry"),
    path("catalogue/<int:pk>/retire/", catalogue.retire, name="retire_entry"),
    path("catalogue/<int:pk>/mind/", catalogue.mind, name="mind_entry"),
    path("catalogue/<int:pk>/versions/<int:number>/", catalogue.version, name="entry_version"),
    path("conversations/<int:pk>/answers/", answers.answers, name="answers"),
    path("conversations/<int:pk>/draft-answer/", drafting.draft_answer, name="draft_answer"),
    path("conversations/<int:pk>/rewrite/", drafting.rewrite_reply, name="rewrite_reply"),
]
