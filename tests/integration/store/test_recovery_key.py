from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.recovery import GROUPS, RecoveryKey, RecoveryMistyped

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
secrets = st.binary(min_size=20, max_size=20)


@given(secrets)
def test_text_reads_back(secret: bytes) -> None:
    key = RecoveryKey(secret)
    assert RecoveryKey.parse(key.text) == key
    assert len(key.text.split("-")) == GROUPS
    assert all(len(group) == 5 for group in key.text.split("-"))


@given(secrets)
def test_written_as_people_write(secret: bytes) -> None:
    key = RecoveryKey(secret)
    sloppy = key.text.lower().replace("0", "o").replace("1", "l").replace("-", "  ")
    assert RecoveryKey.parse(f" {sloppy}\n") == key
    assert RecoveryKey.parse(key.text.replace("-", "").replace("1", "i")) == key


@given(secrets, st.integers(0, 39), st.sampled_from(SIGNS))
def test_a_wrong_sign_names_its_group(secret: bytes, place: int, sign: str) -> None:
    signs = RecoveryKey(secret).text.replace("-", "")
    if signs[place] == sign:
        return
    with pytest.raises(RecoveryMistyped) as caught:
        RecoveryKey.parse(signs[:place] + sign + signs[place + 1 :])
    assert caught.value.groups == (place // 5 + 1,)
    assert str(place // 5 + 1) in caught.value.text.vi


@given(secrets, st.integers(0, 38))
def test_swapped_neighbours_are_found(secret: bytes, place: int) -> None:
    signs = RecoveryKey(secret).text.replace("-", "")
    if signs[place] == signs[place + 1]:
        return
    swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
    with pytest.raises(RecoveryMistyped):
        RecoveryKey.parse(swapped)


@given(secrets, st.permutations(range(GROUPS)))
def test_groups_in_another_order_are_found(secret: bytes, order: list[int]) -> None:
    groups = RecoveryKey(secret).text.split("-")
    if order == list(range(GROUPS)):
        return
    with pytest.raises(RecoveryMistyped) as caught:
        RecoveryKey.parse("-".join(groups[i] for i in order))
    assert set(caught.value.groups) == {i + 1 for i, place in enumerate(order) if i != place}


def test_missing_signs_are_counted() -> None:
    text = RecoveryKey(bytes(20)).text
    with pytest.raises(RecoveryMistyped) as caught:
        RecoveryKey.parse(text[:-8])
    assert caught.value.code == "recovery-length"
    assert "33" in caught.value.text.en


def test_a_short_group_is_named() -> None:
    groups = RecoveryKey(bytes(range(20))).text.split("-")
    groups[2] = groups[2][:4]
    with pytest.raises(RecoveryMistyped) as caught:
        RecoveryKey.parse("-".join(groups))
    assert caught.value.groups == (3,)


@given(st.text(max_size=60))
def test_anything_typed_gives_a_sentence(text: str) -> None:
    with pytest.raises(RecoveryMistyped) as caught:
        RecoveryKey.parse(text)
    assert caught.value.text.vi
    assert caught.value.text.en


def test_keys_differ_and_stay_out_of_repr() -> None:
    key = RecoveryKey.generate()
    assert key != RecoveryKey.generate()
    assert key.text[:5] not in repr(key)
    assert repr(key.secret) not in repr(key)
