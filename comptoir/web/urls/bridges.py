"""What passes between teams and experts: hand-offs, consultations; and the matters that join conversations."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import bridges, call_backs, consultations, hand_offs, matters

urlpatterns: list[URLPattern | URLResolver] = [
    path("asked/", bridges.asked, name="asked"),
    path("conversations/<int:pk>/bridges/", bridges.bridges, name="bridges"),
    path("conversations/<int:pk>/hand-off/", hand_offs.hand_off, name="hand_off"),
    path("hand-offs/<int:pk>/acceptance/", hand_offs.accept, name="accept_hand_off"),
    path("hand-offs/<int:pk>/refusal/", hand_offs.refuse, name="refuse_hand_off"),
    path("hand-offs/<int:pk>/why-due/", bridges.why_hand_off_due, name="why_hand_off_due"),
    path("consultations/<int:pk>/why-due/", bridges.why_consultation_due, name="why_consultation_due"),
    path("matters/<int:pk>/why-due/", bridges.why_matter_due, name="why_matter_due"),
    path("hand-offs/<int:pk>/withdrawal/", hand_offs.withdraw, name="withdraw_hand_off"),
    path("hand-offs/<int:pk>/answer/", hand_offs.answer, name="answer_hand_off"),
    path("hand-offs/<int:pk>/reply/", hand_offs.use_answer, name="use_hand_off_answer"),
    path("conversations/<int:pk>/matter/", matters.join, name="join_matter"),
    path("matters/<int:pk>/", matters.matter, name="matter"),
    path("matters/<int:pk>/change/", matters.change, name="change_matter"),
    path("matters/<int:pk>/part/", matters.part, name="part_matter"),
    path("matters/<int:pk>/resolution/", matters.resolve, name="resolve_matter"),
    path("matters/<int:pk>/reopening/", matters.reopen, name="reopen_matter"),
    path("conversations/<int:pk>/call-back/", call_backs.call_back, name="call_back"),
    path("call-backs/<int:pk>/call/", call_backs.place, name="place_call_back"),
    path("call-backs/<int:pk>/end/", call_backs.end, name="end_call_back"),
    path("conversations/<int:pk>/consultation/", consultations.consult, name="consult"),
    path("consultations/<int:pk>/answer/", consultations.answer, name="answer_consultation"),
    path("consultations/<int:pk>/withdrawal/", consultations.withdraw, name="withdraw_consultation"),
    path("consultations/<int:pk>/reply/", consultations.use_answer, name="use_expert_answer"),
    path("consultations/<int:pk>/entry/", consultations.offer_answer, name="offer_expert_answer"),
]
