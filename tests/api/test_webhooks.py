from __future__ import annotations

import pytest

from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.notifications.actions import fan_out
from comptoir.notifications.models import WebhookDelivery, WebhookEndpoint
from tests.api.conftest import Program
from tests.factories import make_conversation

pytestmark = pytest.mark.django_db
URL = "https://crm.example/hook"


def create(program: Program, **fields: object) -> int:
    response = program.post("/webhooks", {"url": URL} | fields)
    assert response.status_code == 201, response.content
    return int(response.json()["id"])


def test_secret_is_told_once(administrator: Program) -> None:
    made = administrator.post("/webhooks", {"url": URL}).json()
    assert made["secret"].startswith("whsec_")
    assert "secret" not in administrator.get(f"/webhooks/{made['id']}").json()
    assert made["secret"] not in administrator.get("/webhooks").content.decode()


def test_new_secret_replaces_the_old_one(administrator: Program) -> None:
    pk = create(administrator)
    secret = administrator.post(f"/webhooks/{pk}/secret").json()["secret"]
    assert WebhookEndpoint.objects.get(pk=pk).secret == secret


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://[::ffff:10.0.0.1]/",
        "https://user:pass@crm.example/",
        "https://crm.example/#part",
        "ftp://crm.example/",
        "javascript:alert(1)",
        "https://",
        "https://crm.example:99999/",
        "not an address",
    ],
)
def test_address_that_webhooks_do_not_go_to_is_refused(administrator: Program, url: str) -> None:
    response = administrator.post("/webhooks", {"url": url})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/url")
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("name", ["everything", "conversation", "*", "Conversation.assigned", "a.b.c"])
def test_name_that_no_event_has_is_refused(administrator: Program, name: str) -> None:
    assert administrator.post("/webhooks", {"url": URL, "event_names": [name]}).status_code == 422


def test_change_keeps_what_is_left_out(administrator: Program) -> None:
    pk = create(administrator, event_names=["message.*"])
    shown = administrator.patch(f"/webhooks/{pk}", {"url": "https://other.example/"}).json()
    assert (shown["url"], shown["event_names"], shown["is_active"]) == ("https://other.example/", ["message.*"], True)


def test_switched_off_webhook_gives_up_what_waited(administrator: Program) -> None:
    pk = create(administrator)
    fan_out(list(Event.objects.all()))
    administrator.patch(f"/webhooks/{pk}", {"is_active": False})
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"given_up"}


def test_log_tells_what_became_of_each_event(administrator: Program) -> None:
    pk = create(administrator, event_names=["conversation.*"])
    event = record("conversation.resolved", subject=make_conversation())
    fan_out([event])
    items = administrator.get(f"/webhooks/{pk}/deliveries").json()["items"]
    assert [(one["event_id"], one["event_name"], one["state"]) for one in items] == [
        (event.pk, "conversation.resolved", "pending")
    ]
    assert administrator.get(f"/webhooks/{pk}/deliveries?state=given_up").json()["items"] == []


def test_one_delivery_is_replayed(administrator: Program) -> None:
    pk = create(administrator)
    fan_out(list(Event.objects.all()[:1]))
    WebhookDelivery.objects.update(state="given_up", next_attempt_at=None, attempts=30)
    shown = administrator.post(f"/webhooks/{pk}/deliveries/{WebhookDelivery.objects.get().pk}/replay").json()
    assert (shown["state"], shown["attempts"]) == ("pending", 0)


def test_delivery_of_another_webhook_is_not_there(administrator: Program) -> None:
    first = create(administrator)
    fan_out(list(Event.objects.all()[:1]))
    second = create(administrator)
    delivery = WebhookDelivery.objects.get(endpoint=first)
    assert administrator.post(f"/webhooks/{second}/deliveries/{delivery.pk}/replay").status_code == 404


def test_replay_of_what_is_switched_off_is_a_conflict(administrator: Program) -> None:
    pk = create(administrator)
    administrator.patch(f"/webhooks/{pk}", {"is_active": False})
    span = {"since": "2026-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
    assert administrator.post(f"/webhooks/{pk}/replay", span).status_code == 409


def test_deleted_webhook_takes_its_log_along(administrator: Program) -> None:
    pk = create(administrator)
    fan_out(list(Event.objects.all()))
    assert administrator.delete(f"/webhooks/{pk}").status_code == 204
    assert not WebhookDelivery.objects.exists()
    assert administrator.get(f"/webhooks/{pk}").status_code == 404
