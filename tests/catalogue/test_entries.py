"""Entries: versions, approval, and what the database itself holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from comptoir.catalogue.approving import (
    MayNotApproveError,
    SettledAlreadyError,
    approve_version,
    may_approve,
    refuse_version,
)
from comptoir.catalogue.content import Content, EntryRefusedError, File, Variant, check_content, clean_content
from comptoir.catalogue.editing import (
    WrittenMeanwhileError,
    key_from,
    mind_entry,
    restore_entry,
    retire_entry,
    rewrite_entry,
    write_entry,
)
from comptoir.catalogue.edition import edition
from comptoir.catalogue.models import AnswerVariant, CatalogueEntry, EntryUse, EntryVersion, Phrasing
from comptoir.catalogue.using import note_uses
from comptoir.events.models import Event
from tests.catalogue.entries import content_of, make_draft, make_entry
from tests.factories import make_agent, make_brand, make_conversation, make_outgoing

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


def test_a_new_entry_waits_for_approval_and_serves_nobody():
    version = make_draft(phrasings=("il est où",))
    assert version.status == "draft"
    assert not CatalogueEntry.objects.serving(TODAY).exists()
    assert not Phrasing.objects.exists()


def test_an_approved_entry_serves_with_its_phrasings_and_answers():
    entry = make_entry(phrasings=("il est où", "colis ?"), variants=(Variant("A", "fr"), Variant("B", "en")))
    assert CatalogueEntry.objects.serving(TODAY).get() == entry
    assert [one.text for one in entry.phrasings.all()] == ["il est où", "colis ?"]
    assert [one.language for one in entry.variants.all()] == ["fr", "en"]


def test_a_draft_leaves_what_was_approved_serving():
    entry = make_entry(answer="Sous 48 h.")
    rewrite_entry(entry.pk, replace(content_of(), question="Autre ?"), by=None)
    entry.refresh_from_db()
    assert entry.variants.get().text == "Sous 48 h."
    assert entry.question != "Autre ?"


def test_a_newer_draft_takes_the_place_of_the_one_that_waits():
    first = make_draft()
    second = rewrite_entry(first.entry_id, content_of("Mieux."), by=None)
    first.refresh_from_db()
    assert (first.status, second.status, second.number) == ("replaced", "draft", 2)


def test_writing_the_same_again_makes_no_version():
    content = content_of()
    version = write_entry(content, by=None)
    assert rewrite_entry(version.entry_id, content, by=None) == version


def test_a_version_written_meanwhile_by_somebody_else_is_told_of_and_nothing_is_stored():
    writer = make_agent(name="Awa Diop")
    version = make_draft()
    rewrite_entry(version.entry_id, content_of("La sienne."), by=writer)
    with pytest.raises(WrittenMeanwhileError, match="Awa Diop") as raised:
        rewrite_entry(version.entry_id, content_of("La mienne."), by=None, expected=1)
    assert raised.value.newest.number == 2
    assert EntryVersion.objects.count() == 2


def test_what_a_version_says_cannot_be_changed_in_the_database():
    version = make_draft()
    version.content = content_of("Autre chose").to_json()
    with pytest.raises(IntegrityError, match="write another version"), transaction.atomic():
        version.save()


def test_a_settled_version_is_not_settled_again():
    version = make_draft()
    approve_version(version.pk, by=None)
    with pytest.raises(SettledAlreadyError):
        refuse_version(version.pk, by=make_agent(role="supervisor"), reason="")


def test_a_refused_draft_says_why_and_the_same_words_may_be_proposed_again():
    version = make_draft()
    refused = refuse_version(version.pk, by=make_agent(role="supervisor"), reason="Le délai est faux")
    assert (refused.status, refused.refusal) == ("refused", "Le délai est faux")
    again = rewrite_entry(version.entry_id, Content.of_json(version.content), by=None)
    assert (again.number, again.status) == (2, "draft")


@pytest.mark.parametrize(
    ("role", "uses", "expected"),
    [
        ("agent", ("service",), False),
        ("expert", ("service",), False),
        ("community_manager", ("marketing",), True),
        ("community_manager", ("service", "marketing"), False),
        ("community_manager", ("marketing", "bot"), False),
        ("supervisor", ("service", "bot"), True),
        ("administrator", ("service", "marketing", "bot"), True),
        ("director", ("marketing",), False),
    ],
)
def test_who_may_approve(role: str, uses: tuple[str, ...], expected: bool):
    version = make_draft(uses=uses)
    agent = make_agent(role=role)
    assert may_approve(agent, version) is expected
    if not expected:
        with pytest.raises(MayNotApproveError):
            approve_version(version.pk, by=agent)


def test_a_community_manager_does_not_take_an_entry_from_customer_service():
    entry = make_entry(uses=("service",))
    version = rewrite_entry(entry.pk, content_of(uses=("marketing",)), by=None)
    assert not may_approve(make_agent(role="community_manager"), version)


def test_each_step_is_one_event():
    version = make_draft(key="colis")
    approve_version(version.pk, by=None)
    retire_entry(version.entry_id, by=None)
    restore_entry(version.entry_id, by=None)
    names = Event.objects.filter(subject_kind="catalogueentry").order_by("id").values_list("name", flat=True)
    assert list(names) == ["entry.drafted", "entry.approved", "entry.retired", "entry.restored"]


def test_what_changes_what_serves_makes_another_edition():
    version = make_draft()
    before = edition().number
    approve_version(version.pk, by=None)
    retire_entry(version.entry_id, by=None)
    assert edition().number == before + 2


def test_an_entry_serves_from_its_first_day_to_its_last():
    entry = make_entry(valid_from_on=TODAY, valid_until_on=TODAY + timedelta(days=1))
    served = [CatalogueEntry.objects.serving(TODAY + timedelta(days=day)).exists() for day in (-1, 0, 1, 2)]
    assert served == [False, True, True, False]
    assert [entry.serves(TODAY + timedelta(days=day)) for day in (-1, 0, 1, 2)] == served


def test_a_retired_entry_serves_no_more_until_it_is_restored():
    entry = make_entry()
    retire_entry(entry.pk, by=None)
    assert not CatalogueEntry.objects.serving(TODAY).exists()
    restore_entry(entry.pk, by=None)
    assert CatalogueEntry.objects.serving(TODAY).exists()


def test_an_agent_of_one_brand_does_not_see_another_brands_entries():
    brand, other = make_brand(), make_brand()
    agent = make_agent()
    agent.brands.add(brand)
    own, everybodys = make_entry(brand_id=brand.pk), make_entry()
    make_entry(brand_id=other.pk)
    assert set(CatalogueEntry.objects.shown_to(agent)) == {own, everybodys}


def test_minding_an_entry_makes_no_version_but_an_event():
    entry = make_entry()
    owner = make_agent()
    mind_entry(entry.pk, owner=owner, review_on=TODAY, by=owner)
    entry.refresh_from_db()
    assert (entry.owner, entry.review_on, entry.versions.count()) == (owner, TODAY, 1)
    assert Event.objects.filter(name="entry.minded").exists()


def test_an_entry_whose_owner_has_left_is_an_orphan():
    owner = make_agent()
    entry = make_entry()
    mind_entry(entry.pk, owner=owner, review_on=None, by=owner)
    assert not CatalogueEntry.objects.orphans().exists()
    owner.is_active = False
    owner.save()
    assert CatalogueEntry.objects.orphans().get() == entry


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"question": " "}, "question"),
        ({"language": ""}, "language"),
        ({"variants": ()}, "variants"),
        ({"uses": ()}, "uses"),
        ({"phrasings": ("a" * 1001,)}, "phrasings"),
        ({"variants": (Variant("Bonjour {prenom}", "fr"),)}, "variants/0"),
        ({"variants": (Variant("A", "fr", channel="pigeon"),)}, "variants/0"),
        ({"variants": (Variant("A", "fr"), Variant("B", "fr"))}, "variants"),
        ({"valid_from_on": TODAY, "valid_until_on": TODAY - timedelta(days=1)}, "valid_until_on"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(fields: dict[str, object], where: str):
    with pytest.raises(EntryRefusedError) as raised:
        check_content(clean_content(content_of(**fields)))
    assert [problem.field for problem in raised.value.problems] == [where]


def test_an_unknown_placeholder_is_named_with_those_that_are_known():
    with pytest.raises(EntryRefusedError, match=r"\{prenom\}.*\{first_name\}"):
        make_draft(answer="Bonjour {prenom}")


def test_a_key_is_made_of_the_question_and_numbered_where_it_is_taken():
    assert key_from("Où est mon colis ?") == "ou-est-mon-colis"
    assert key_from("你好") == "entry"
    keys = [make_draft(question="Où est mon colis ?").entry.key for _ in range(2)]
    assert keys == ["ou-est-mon-colis", "ou-est-mon-colis-2"]


def test_a_key_that_is_taken_is_refused():
    make_draft(key="colis")
    with pytest.raises(EntryRefusedError, match="colis"):
        make_draft(key="colis")


def test_content_survives_being_kept():
    content = content_of(
        variants=(Variant("A", "fr", "email", "formal", "private", (File("a.pdf", "aa/bb", "application/pdf", 3),)),),
        phrasings=("où", "quand"),
        topics=("livraison",),
        uses=("marketing",),
        valid_from_on=TODAY,
    )
    assert Content.of_json(content.to_json()) == content


def test_the_database_refuses_an_entry_that_serves_nobody():
    with pytest.raises(IntegrityError, match="entry_serves_somebody"), transaction.atomic():
        CatalogueEntry.objects.create(key="x", question="x", language="fr", for_service=False)


def test_the_database_refuses_two_answers_for_one_occasion():
    entry = make_entry()
    with pytest.raises(IntegrityError, match="one_variant_per_occasion"), transaction.atomic():
        AnswerVariant.objects.create(entry=entry, language="fr", text="B", position=1)


def test_a_use_noted_twice_is_noted_once_and_tells_whether_the_words_were_changed():
    entry = make_entry(answer="Bonjour {first_name}, il arrive.")
    message = make_outgoing(make_conversation())
    for _ in range(2):
        note_uses(
            [entry.pk], message_id=message.pk, conversation_id=message.conversation_id,
            text="Bonjour Nadia,  il arrive. Merci", by=None,
        )  # fmt: skip
    use = EntryUse.objects.get()
    assert (use.version, use.is_changed) == (entry.approved_version, False)
    other = make_outgoing(message.conversation)
    note_uses([entry.pk], message_id=other.pk, conversation_id=other.conversation_id, text="Bonjour", by=None)
    assert EntryUse.objects.get(message_id=other.pk).is_changed


def test_a_use_goes_with_its_message():
    entry = make_entry()
    message = make_outgoing(make_conversation())
    note_uses([entry.pk], message_id=message.pk, conversation_id=message.conversation_id, text="", by=None)
    message.delete()
    assert not EntryUse.objects.exists()
