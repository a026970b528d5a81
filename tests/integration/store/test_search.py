"""Search as a nurse types, over 20,000 residents who do not exist."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.people import PersonRow
from app.store import index
from app.store.search import RECENT, read
from app.store.store import SqlStore
from forms.codelists import commune_label
from forms.text import fold
from tests.integration.store.making import Made, exam, make, person

RESIDENTS = 20_000
FAMILIES = ("Lò", "Hà", "Vi", "Lương", "Ngân", "Thao", "Hơ", "Lâu", "Giàng", "Vàng", "Nguyễn", "Trần", "Đào")
MIDDLES = ("Thị", "Văn", "A", "Đức", "Thị Hồng", "Thị Thuý", "Quốc", "Y")
GIVENS = (
    "Mẫu", "Thu", "Hoa", "Pó", "Dế", "Páo", "Hùng", "Nam", "Sơn", "Mai",
    "Đức", "Nguyên", "Thủy", "Linh", "Chứ", "Ánh", "Duyên", "Mỷ", "Chía", "Tủa",
    "Khánh", "Lâu", "Ước", "Cường", "Phình", "Giống", "Súa", "Nhung", "Dợ",
)  # fmt: skip
VILLAGES = ("Bản Poọng", "Bản Suối Lóng", "Bản Tân Hương", "Thôn 2", "Khu 1", "Bản Na Ón")


def resident(rng: Random, number: int) -> dict[str, str]:
    year = rng.randint(1930, 2025)
    return {
        "full_name": f"{rng.choice(FAMILIES)} {rng.choice(MIDDLES)} {rng.choice(GIVENS)}",
        "sex": rng.choice(("female", "male")),
        "birth_date": str(year),
        "citizen_id": f"038{rng.choice('0123')}{year % 100:02d}{number:06d}",
        "insurance_number": f"38{rng.randrange(10**8):08d}",
        "mobile_phone": f"09{rng.randrange(10**8):08d}",
        "household_code": f"{1 + number // 4:06d}",
        "village": rng.choice(VILLAGES),
    }


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A commune, with the one we look for somewhere in the middle."""
    rng = Random(831)  # noqa: S311 -- repeatable people, not secrets
    made = make(tmp_path_factory.mktemp("xa") / "tram")
    with made.store.writing() as uow:
        for number in range(RESIDENTS):
            uow.save(person(f"p{number}", **resident(rng, number)))
            if number == RESIDENTS // 2:
                uow.save(
                    person(
                        "dao",
                        full_name="Nguyễn Thị Hồng Đào",
                        birth_date="1985-09-05",
                        citizen_id="038185987654",
                        insurance_number="DT2380123456789",
                        mobile_phone="0987111222",
                        household_code="HK-38/77001",
                        village="Bản Co Mạ",
                    )
                )
        uow.commit()
    yield made.store
    made.store.close()


def find(store: SqlStore, text: str, limit: int = 20) -> list[PersonRow]:
    with store.reading() as uow:
        return list(uow.people.search(text, limit))


@pytest.mark.parametrize(
    "text",
    [
        "nguyen dao",
        "đào 85",
        "dao hong nguyen",
        unicodedata.normalize("NFD", "Nguyễn Thị Hồng Đào"),
        unicodedata.normalize("NFD", "hồng đào"),
        "7654",
        "Nguyễn Thị Hồng Đào",
        "NGUYỄN THỊ HỒNG ĐÀO",
        "  nguyễn   thị hồng đào  ",
        "ng th ho đa 85",
        "đào 1985",
        "dao co ma",
        "đào 7654",
        "87654",
        "038185987654",
        "038 185 987 654",
        "038.185.987.654",
        "0381859",
        "6789",
        "0123456789",
        "DT2380123456789",
        "dt238012345",
        "0987111222",
        "0987 111 222",
        "1222",
        "77001",
        "hk-38/77001",
        "dao, hong",
        "Ðào hồng nguyễn",
    ],
)
def test_she_is_found_among_twenty_thousand(crowd: SqlStore, text: str) -> None:
    assert "dao" in [row.id for row in find(crowd, text)]


@pytest.mark.parametrize("text", ["nguyen dao 86", "dao poong", "đào x", "987", "nguyen thi hong dao minh"])
def test_every_word_must_fit(crowd: SqlStore, text: str) -> None:
    assert "dao" not in [row.id for row in find(crowd, text, 500)]


def test_her_name_comes_first_and_alone(crowd: SqlStore) -> None:
    assert find(crowd, "nguyen thi hong dao")[0].id == "dao"
    assert [row.id for row in find(crowd, "038185987654")] == ["dao"]


def test_the_given_name_wins_over_the_family_name(crowd: SqlStore) -> None:
    """ "Đào" is a family name of some 1,400 people here and the given name of one."""
    assert find(crowd, "dao")[0].id == "dao"


def test_written_and_called_order(crowd: SqlStore) -> None:
    """Many people here are called Nguyên of the family Đào."""
    assert find(crowd, "nguyen dao")[0].id == "dao"
    assert find(crowd, "dao nguyen")[0].full_name.split()[-1] == "Nguyên"


def test_whole_words_win_over_beginnings(crowd: SqlStore) -> None:
    given = [row.full_name.split()[-1] for row in find(crowd, "nguyen", 10)]
    assert set(given) == {"Nguyên"}
    assert {row.full_name.split()[0] for row in find(crowd, "lo thi", 20)} == {"Lò"}


def test_a_birth_year_wins_over_digits_of_a_number(crowd: SqlStore) -> None:
    assert {row.birth_date[:4] for row in find(crowd, "1985", 20)} == {"1985"}


def test_the_limit_holds_and_is_filled(crowd: SqlStore) -> None:
    assert len(find(crowd, "n", 7)) == 7
    assert len(find(crowd, "", 7)) == 7
    assert len(find(crowd, "ban", 300)) == 300
    assert find(crowd, "n", 0) == []
    assert len({row.id for row in find(crowd, "thi", 200)}) == 200


@pytest.mark.parametrize("text", ["*", '"', "( )", "😀", "😀🧑‍⚕️", "---", "\x00", "^", ":", "{}"])
def test_signs_alone_find_nobody(crowd: SqlStore, text: str) -> None:
    assert find(crowd, text) == []


@pytest.mark.parametrize(
    "text",
    [
        '"dao"',
        "'; DROP TABLE person; --",
        "dao*",
        "dao AND hong",
        "dao OR hong",
        "dao NOT hong",
        "NEAR(dao hong)",
        "tokens:dao",
        "dao -hong",
        "=1985",
        ">dao",
        "#038",
        "<567",
        '" OR "a',
        "dao\x00hong",
        "ﬁ № ½ Ⅷ",
        "中文 名字",
        "x" * 10_000,
        "dao " * 2_500,
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "9" * 10_000,
        "\ud800",
    ],
)
def test_query_language_and_nonsense_do_no_harm(crowd: SqlStore, text: str) -> None:
    find(crowd, text)
    assert find(crowd, "038185987654")[0].id == "dao"


@given(st.text(max_size=40))
def test_any_text_gives_an_answer(crowd: SqlStore, text: str) -> None:
    assert len(find(crowd, text, 5)) <= 5


def test_operators_are_words(crowd: SqlStore) -> None:
    assert [row.id for row in find(crowd, "nguyen OR dao")] == []
    assert "dao" in [row.id for row in find(crowd, '"nguyen" *dao*')]


def test_a_number_in_groups_is_one_word() -> None:
    assert [word.text for word in read("038 185-987.654")] == ["038185987654"]
    assert [word.text for word in read("12 2025")] == ["12", "2025"]
    assert [word.text for word in read("đào đào 85")] == ["dao", "85"]


# --- recency, on a store of its own


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Made]:
    made = make(tmp_path / "tram")
    with made.store.writing() as uow:
        for number in range(400):
            uow.save(person(f"p{number}", full_name="Lò Thị Hoa", citizen_id=f"0381850{number:05d}"))
        uow.commit()
    yield made
    made.store.close()


def test_latest_touched_first(village: Made) -> None:
    village.save(exam("e1", "p17"))
    village.save(person("p203", base=1, full_name="Lò Thị Hoa"))
    assert [row.id for row in find(village.store, "", 3)] == ["p203", "p17", "p399"]
    assert [row.id for row in find(village.store, "lo thi hoa", 3)] == ["p203", "p17", "p399"]
    assert [row.id for row in find(village.store, "h", 3)] == ["p203", "p17", "p399"]
    assert RECENT > 3


def test_names_that_change_are_found_by_the_new_one_only(village: Made) -> None:
    village.save(person("p5", base=1, full_name="Vi Thị Ngoan", citizen_id="038185000005"))
    assert [row.id for row in find(village.store, "ngoan")] == ["p5"]
    assert "p5" not in [row.id for row in find(village.store, "lo hoa", 400)]
    with village.store.writing() as uow:
        assert index.text_index_fits(uow.sql)


def test_commune_names_without_the_word_for_commune(made: Made) -> None:
    made.save(person("p1", permanent_commune="14848"))
    name = fold(commune_label("14848", "vi").partition(",")[0])
    own = [word for word in name.split() if word not in {"xa", "phuong", "thi", "tran"}]
    assert [row.id for row in find(made.store, " ".join(own))] == ["p1"]


def test_apostrophes_and_tone_placement(made: Made) -> None:
    made.save(person("p1", full_name="H\u2019Mông Thị Hoà"))
    for text in ("hmong", "H'Mông", "h`mong hoà", "hòa hmông"):
        assert [row.id for row in find(made.store, text)] == ["p1"], text


def test_people_without_a_name_or_year(made: Made) -> None:
    made.save(person("p1", full_name="", birth_date="", citizen_id=""))
    assert [row.id for row in find(made.store, "poong")] == ["p1"]
