from __future__ import annotations

import pytest

from app.domain.records import Draft, RecordKind
from app.errors import NotFound, RuleViolation, StaleRevision
from app.ports import Context
from app.services import drafts, people, searching
from forms.model import Json, Severity

MAU: dict[str, Json] = {
    "full_name": "Lò Thị Mẫu",
    "sex": "female",
    "birth_date": "1985-09-05",
    "citizen_id": "038185012345",
    "village": "Bản Poọng",
    "mother_name": "Hà Thị Mẹ",
}


def test_a_registered_person_is_found_opened_and_complete(ctx: Context) -> None:
    saved = people.register_person(ctx, MAU)
    assert saved.record.answers == MAU
    (row,) = searching.search_people(ctx, "lo mau").rows
    assert (row.full_name, row.id_last4, row.village) == ("Lò Thị Mẫu", "2345", "Bản Poọng")
    assert people.open_person(ctx, row.id).person == saved.record


def test_nothing_but_name_sex_and_year_is_needed(ctx: Context) -> None:
    saved = people.register_person(ctx, {"full_name": "Hơ Pó", "sex": "male", "birth_date": "1979"})
    assert saved.record.answers["birth_date"] == "1979"


def test_errors_stop_a_registration_and_name_the_field(ctx: Context) -> None:
    with pytest.raises(RuleViolation) as refused:
        people.register_person(ctx, MAU | {"citizen_id": "12345"})
    assert {f.key for f in refused.value.findings if f.severity is Severity.ERROR} == {"citizen_id"}
    assert searching.search_people(ctx, "lo mau").rows == ()


def test_a_warning_is_asked_once_and_remembered(ctx: Context) -> None:
    unusual = MAU | {"citizen_id": "038085012345"}  # the number says male
    with pytest.raises(RuleViolation) as refused:
        people.register_person(ctx, unusual)
    rules = [f.rule for f in refused.value.findings]
    saved = people.register_person(ctx, unusual, acknowledged=rules)
    assert saved.record.acknowledged == tuple(rules)


def test_registering_the_same_draft_twice_is_one_person(ctx: Context) -> None:
    draft = Draft(id="d", kind=RecordKind.PERSON, record_id="p", person_id="p", base_revision=0, answers=MAU)
    drafts.save_draft(ctx, draft)
    people.register_person(ctx, MAU, person_id="p")
    assert drafts.open_drafts(ctx) == ()
    with pytest.raises(StaleRevision):
        people.register_person(ctx, MAU, person_id="p")
    assert len(searching.search_people(ctx, "lo mau").rows) == 1


def test_an_edit_of_an_old_revision_overwrites_nothing(ctx: Context) -> None:
    person_id = people.register_person(ctx, MAU).record.id
    people.update_person(ctx, person_id, 1, MAU | {"village": "Bản Lát"})
    with pytest.raises(StaleRevision):
        people.update_person(ctx, person_id, 1, MAU | {"village": "Bản Ón"})
    assert people.open_person(ctx, person_id).person.answers["village"] == "Bản Lát"


def test_an_unknown_person_is_a_clear_answer(ctx: Context) -> None:
    with pytest.raises(NotFound) as missing:
        people.open_person(ctx, "no-such-id")
    assert missing.value.code == "person-not-found"


def test_the_same_number_is_a_certain_duplicate(ctx: Context) -> None:
    person_id = people.register_person(ctx, MAU).record.id
    (hint,) = people.find_duplicates(ctx, {"full_name": "Ai Đó Khác", "citizen_id": "038185012345"})
    assert hint.row.id == person_id
    assert hint.certain


def test_a_name_alone_is_no_duplicate_but_name_year_and_village_are(ctx: Context) -> None:
    people.register_person(ctx, MAU)
    typed: dict[str, Json] = {"full_name": "lo thi mau"}
    assert people.find_duplicates(ctx, typed) == ()
    (hint,) = people.find_duplicates(ctx, typed | {"birth_date": "1985", "village": "bản poọng"})
    assert not hint.certain
    assert [r.en for r in hint.reasons] == ["Same name", "Same birth year", "Same village"]


def test_a_person_is_not_their_own_duplicate(ctx: Context) -> None:
    person_id = people.register_person(ctx, MAU).record.id
    assert people.find_duplicates(ctx, MAU, person_id) == ()
