"""The addresses of the staff's screens."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import accounts, conversations, deliveries, desk, files, inbox, me, people, sign_in, writing

urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.home, name="inbox"),
    path("inbox/<str:view>/", inbox.inbox, name="inbox_view"),
    path("inbox/<str:view>/page/", inbox.page, name="inbox_page"),
    path("inbox/<str:view>/rows/", inbox.rows, name="inbox_rows"),
    path("conversations/<int:pk>/", conversations.conversation, name="conversation"),
    path("conversations/<int:pk>/exchange/", conversations.exchange, name="exchange"),
    path("conversations/<int:pk>/head/", conversations.head, name="conversation_head"),
    path("conversations/<int:pk>/person/", conversations.person, name="conversation_person"),
    path("conversations/<int:pk>/composer/", conversations.composer, name="composer"),
    path("conversations/<int:pk>/drafts/", conversations.colleagues_drafts, name="colleagues_drafts"),
    path("conversations/<int:pk>/write/", writing.write, name="write"),
    path("conversations/<int:pk>/draft/", writing.draft, name="draft"),
    path("conversations/<int:pk>/assign/", desk.assign, name="assign"),
    path("conversations/<int:pk>/team/", desk.move, name="change_team"),
    path("conversations/<int:pk>/resolve/", desk.resolve, name="resolve"),
    path("conversations/<int:pk>/reopen/", desk.reopen, name="reopen"),
    path("conversations/<int:pk>/tag/", desk.tag, name="tag"),
    path("conversations/<int:pk>/untag/", desk.untag, name="untag"),
    path("messages/<int:pk>/undo/", writing.undo, name="undo"),
    path("messages/<int:pk>/resend/", writing.send_again, name="resend"),
    path("messages/<int:pk>/settle/", writing.settle, name="settle"),
    path("messages/<int:pk>/original/", files.original, name="original"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/connect/", accounts.choose_kind, name="choose_kind"),
    path("accounts/connect/<slug:kind>/", accounts.connect, name="connect"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/check/", accounts.check, name="check_account"),
    path("accounts/<int:pk>/pause/", accounts.pause, name="pause_account"),
    path("accounts/<int:pk>/reconnect/", accounts.reconnect, name="reconnect_account"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("deliveries/replay/", deliveries.replay, name="replay_deliveries"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_agent, name="new_agent"),
    path("me/", me.me, name="me"),
    path("sign-in/<str:token>/", sign_in.sign_in, name="sign_in"),
]
