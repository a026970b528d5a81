"""Code lists: what is shipped, how it is searched, looked up, merged and imported."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.codelists import (
    Code,
    CodeList,
    code_list,
    commune_label,
    current_communes,
    earlier_unit,
    list_names,
    resolve,
)
from forms.text import Text, fold

ROOT = Path(__file__).resolve().parents[3]
TT06 = ROOT.parent / "shared" / "data" / "icd10_tt06.csv"
needs_tt06 = pytest.mark.skipif(not TT06.is_file(), reason=f"no {TT06.name} beside the repository")


def first_code(text: str, name: str = "icd10") -> str:
    return code_list(name).find(text)[0].code


def code_of(name: str, typed: str) -> str:
    found = resolve(name, typed)
    assert found is not None, typed
    return found.code


def listing(*codes: Code) -> CodeList:
    text = Text("Thử", "Test")
    return CodeList("icd10", codes, title=text, source=text, version="1")


class TestShippedLists:
    def test_counts(self) -> None:
        counts = {name: len(code_list(name)) for name in list_names()}
        assert counts.pop("icd10") in range(380, 451)
        assert counts == {
            "provinces": 34,
            "communes": 3321,
            "ethnic_groups": 55,
            "religions": 17,
            "occupations": 49,
            "household_relations": 9,
            "relations": 13,
            "countries": 22,
            "insurance_objects": 45,
            "citizen_id_provinces": 63,
        }

    @pytest.mark.parametrize("name", list_names())
    def test_every_row_is_sound(self, name: str) -> None:
        codes = list(code_list(name))
        file = files("resources").joinpath("codelists", f"{name}.csv")
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        assert [code.code for code in codes] == [row["code"] for row in rows]  # none lost, none twice
        for code in codes:
            for text in (code.name_vi, code.name_en, *code.attributes.values()):
                assert text == unicodedata.normalize("NFC", text).strip() != "", code
            assert code.name_vi[0].isupper() or code.name_vi[0].isdigit(), code
            assert 0 <= code.weight <= 100

    @pytest.mark.parametrize("name", [name for name in list_names() if name != "communes"])
    def test_names_are_unique_and_resolve_to_their_code(self, name: str) -> None:
        for code in code_list(name):
            assert resolve(name, code.code) == code
            assert resolve(name, code.name_vi) == code
            assert resolve(name, code.name_vi.upper()) == code

    @pytest.mark.parametrize("name", [name for name in list_names() if name != "communes"])
    def test_aliases_resolve_to_their_code(self, name: str) -> None:
        for code in code_list(name):
            for alias in filter(None, code.attributes.get("aliases", "").split(";")):
                assert resolve(name, alias) == code, alias

    def test_index_describes_every_file(self) -> None:
        folder = files("resources").joinpath("codelists")
        index = json.loads(folder.joinpath("index.json").read_text(encoding="utf-8"))
        entries = [*index["lists"].values(), *index["tables"].values()]
        shipped = {entry.name for entry in folder.iterdir() if entry.name.endswith(".csv")}
        assert {entry["file"] for entry in entries} == shipped
        for entry in entries:
            assert entry["version"] == "2026.11"
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["valid_from"])
            assert entry["valid_to"] is None
            assert all(entry[key][language] for key in ("title", "source") for language in ("vi", "en"))

    def test_metadata_reaches_the_list(self) -> None:
        ethnic_groups = code_list("ethnic_groups")
        assert ethnic_groups.version == "2026.11"
        assert "121-TCTK/PPCĐ" in ethnic_groups.source.vi
        assert ethnic_groups.title == Text("Dân tộc", "Ethnic groups")

    def test_a_list_is_read_once(self) -> None:
        assert code_list("religions") is code_list("religions")

    def test_an_unknown_list_is_refused(self) -> None:
        with pytest.raises(KeyError):
            code_list("commune_changes")

    def test_importing_reads_nothing(self) -> None:
        script = (
            "import forms.codelists as lists\n"
            "assert lists._shipped.cache_info().currsize == 0\n"
            "assert lists._index.cache_info().currsize == 0\n"
        )
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


class TestIcd10List:
    def test_codes_weights_and_flags(self) -> None:
        for code in code_list("icd10"):
            assert re.fullmatch(r"[A-Z]\d\d(\.\d{1,2})?", code.code)
            assert code.attributes.get("sex") in {None, "female", "male"}
            assert code.attributes["primary"] == ("no" if code.code[0] in "WX" else "yes")
            assert len(code.name_vi) <= 70

    def test_names_are_unique(self) -> None:
        codes = list(code_list("icd10"))
        assert len({fold(code.name_vi) for code in codes}) == len(codes)
        assert len({fold(code.name_en) for code in codes}) == len(codes)

    @needs_tt06
    def test_codes_and_flags_agree_with_circular_06_2026(self) -> None:
        with TT06.open(encoding="utf-8-sig", newline="") as stream:
            official = {row["code"]: row for row in csv.DictReader(stream)}
        for code in code_list("icd10"):
            row = official[code.code]
            assert row["c26_use_more_specific"] == row["c27_death_only"] == "0", code
            assert (code.attributes["primary"] == "no") == (row["c24_not_primary"] == "1"), code
            sex = code.attributes.get("sex")
            assert (sex == "female", sex == "male") == (row["c28_female"] == "1", row["c29_male"] == "1"), (
                code
            )

    @needs_tt06
    def test_long_official_names_are_not_taken_over(self) -> None:
        with TT06.open(encoding="utf-8-sig", newline="") as stream:
            official = {row["code"]: fold(row["name_vi"]) for row in csv.DictReader(stream)}
        same = [code.name_vi for code in code_list("icd10") if official[code.code] == fold(code.name_vi)]
        assert max(map(len, same)) <= 40


class TestFind:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("tang huyet ap", "I10"),
            ("tăng huyết áp", "I10"),
            ("TĂNG HUYẾT ÁP", "I10"),
            ("huyet ap tang", "I10"),
            ("tang huy", "I10"),
            ("tha", "I10"),
            ("THA", "I10"),
            ("cao huyet ap", "I10"),
            ("hypertension", "I10"),
            ("dai thao duong", "E11.9"),
            ("tiểu đường", "E11.9"),
            ("dtd", "E11.9"),
            ("j00", "J00"),
            ("J06.9", "J06.9"),
            ("j069", "J06.9"),
            ("e11", "E11.9"),
            ("cam cum", "J00"),
            ("ho", "R05"),
            ("sot", "R50.9"),
            ("dau mat do", "H10.3"),
            ("copd", "J44.9"),
            ("kham thai", "Z34.9"),
            ("cho can", "T14.1"),
            ("la ngon", "T62.2"),
            ("sxh", "A97.0"),
            ("trĩ", "K64.9"),
        ],
    )
    def test_what_a_nurse_types(self, typed: str, expected: str) -> None:
        assert first_code(typed) == expected

    def test_decomposed_input_finds_the_same(self) -> None:
        typed = unicodedata.normalize("NFD", "đái tháo đường")
        assert code_list("icd10").find(typed) == code_list("icd10").find("đái tháo đường")

    def test_tone_marks_decide_between_words_that_fold_alike(self) -> None:
        assert first_code("sởi") == "B05.9"
        assert first_code("sỏi") == "N20.0"
        assert first_code("bỏng") == "T30.0"
        assert first_code("bong") == "S93.4"

    def test_code_prefix_gives_the_whole_category(self) -> None:
        found = {code.code for code in code_list("icd10").find("E11")}
        assert found == {code.code for code in code_list("icd10") if code.code.startswith("E11")}

    def test_blank_text_gives_the_commonest(self) -> None:
        codes = code_list("icd10").find("  ", limit=3)
        assert [code.code for code in codes] == ["I10", "E11.9", "J02.9"]

    @pytest.mark.parametrize("typed", ["zzzz", "tang zzzz", "(", "...", "\u0301"])
    def test_nothing_found(self, typed: str) -> None:
        assert code_list("icd10").find(typed) == []

    def test_limit(self) -> None:
        assert len(code_list("icd10").find("viem")) == 20
        assert len(code_list("icd10").find("viem", limit=5)) == 5

    def test_names_decide_where_nothing_has_a_weight(self) -> None:
        communes = code_list("communes")
        assert communes.find("tam chung")[0].code == "14848"
        assert communes.find("xa muong lat")[0].code == "14845"
        assert communes.find("trung ly thanh hoa")[0].code == "14857"
        assert communes.find("14866")[0].code == "14866"
        assert communes.find("phường đồng phú")[0].code == "25363"

    @given(st.text())
    def test_never_raises_and_never_repeats(self, typed: str) -> None:
        for name in ("icd10", "ethnic_groups", "communes"):
            found = code_list(name).find(typed)
            assert len({code.code for code in found}) == len(found) <= 20
            resolve(name, typed)

    @given(st.sampled_from([code.code for code in code_list("icd10")]), st.data())
    def test_any_words_of_a_name_in_any_order_find_it(self, wanted: str, data: st.DataObject) -> None:
        code = code_list("icd10")[wanted]
        words = re.findall(r"\w+", code.name_vi)
        typed = data.draw(st.permutations(words))
        assert code in code_list("icd10").find(" ".join(typed), limit=450)


class TestResolve:
    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("Mường", "06"),
            ("Hmông", "08"),
            ("Khơ-mú", "29"),
            ("Khơ Mú", "29"),
            ("khomu", "29"),
            ("H'Mông", "08"),
            ("H\u2019Mông", "08"),
            ("H\u2018mông", "08"),
            ("H`Mông", "08"),
            ("H\u02bcmông", "08"),
            ("Mông", "08"),
            ("Mèo", "08"),
            ("Khmer", "05"),
            ("Khơ me", "05"),
            ("Thái", "03"),
            ("Thái đen", "03"),
            ("Hoa", "04"),
            ("Ê Đê", "12"),
            ("08", "08"),
            ("8", "08"),
            ("Hmong", "08"),
            ("Người nước ngoài", "55"),
        ],
    )
    def test_ethnic_groups_of_1979(self, typed: str, code: str) -> None:
        assert code_of("ethnic_groups", typed) == code

    def test_the_list_of_2008_differs_where_it_matters(self) -> None:
        groups = code_list("ethnic_groups")
        assert (groups["04"].attributes["code_2008"], groups["06"].attributes["code_2008"]) == ("06", "04")
        given_codes = [code.attributes["code_2008"] for code in groups if "code_2008" in code.attributes]
        assert sorted(given_codes) == [f"{number:02}" for number in range(1, 21)]

    @pytest.mark.parametrize(
        ("name", "typed", "code"),
        [
            ("provinces", "Thanh Hoá", "38"),
            ("provinces", "tỉnh thanh hóa", "38"),
            ("provinces", "TP. Hồ Chí Minh", "79"),
            ("provinces", "Tỉnh Đồng Nai", "75"),
            ("provinces", "1", "01"),
            ("communes", "Xã Tam Chung, Tỉnh Thanh Hóa", "14848"),
            ("communes", "Tam Chung, Thanh Hoá", "14848"),
            ("communes", "x. Tam Chung, T. Thanh Hóa", "14848"),
            ("communes", "xã Long Thành, tỉnh Đồng Nai", "26368"),
            ("communes", "4", "00004"),
            ("citizen_id_provinces", "038", "038"),
            ("citizen_id_provinces", "Thừa Thiên Huế", "046"),
            ("occupations", "63", "63000"),
            ("occupations", "Nông dân", "63000"),
            ("household_relations", "Con nuôi", "18"),
            ("household_relations", "1", "01"),
            ("relations", "Mẹ đẻ", "mother"),
            ("relations", "mother", "mother"),
            ("countries", "Việt Nam", "000"),
            ("insurance_objects", "te", "TE"),
            ("religions", "Không", "0"),
            ("icd10", "i10", "I10"),
        ],
    )
    def test_other_lists(self, name: str, typed: str, code: str) -> None:
        assert code_of(name, typed) == code

    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("communes", "Xã Tân Thành"),  # several communes
            ("communes", "Tân Thành"),
            ("ethnic_groups", ""),
            ("ethnic_groups", "Không rõ"),
            ("ethnic_groups", "56"),
            ("religions", "01"),
        ],
    )
    def test_what_is_unknown_or_means_several_is_not_guessed(self, name: str, typed: str) -> None:
        assert resolve(name, typed) is None


class TestCommunes:
    @pytest.mark.parametrize(
        ("code", "earlier", "now"),
        [
            ("14845", "Thị trấn Mường Lát", "Xã Mường Lát"),
            ("14848", "Xã Tam Chung", "Xã Tam Chung"),
            ("14854", "Xã Mường Lý", "Xã Mường Lý"),
            ("14857", "Xã Trung Lý", "Xã Trung Lý"),
            ("14860", "Xã Quang Chiểu", "Xã Quang Chiểu"),
            ("14863", "Xã Pù Nhi", "Xã Pù Nhi"),
            ("14864", "Xã Nhi Sơn", "Xã Nhi Sơn"),
            ("14866", "Xã Mường Chanh", "Xã Mường Chanh"),
        ],
    )
    def test_muong_lat_survives_one_to_one(self, code: str, earlier: str, now: str) -> None:
        (commune,) = current_communes(code)
        unit = earlier_unit(code)
        assert unit is not None
        assert (commune.code, commune.name_vi) == (code, now)
        assert (unit.name.vi, unit.district.vi, unit.share) == (earlier, "Huyện Mường Lát", "same")

    def test_thanh_hoa_has_147_communes_and_19_wards(self) -> None:
        kinds = [
            commune.attributes["kind"]
            for commune in code_list("communes")
            if commune.attributes["province_code"] == "38"
        ]
        assert (len(kinds), kinds.count("Xã"), kinds.count("Phường")) == (166, 147, 19)

    def test_every_commune_belongs_to_a_province(self) -> None:
        provinces = {code.code for code in code_list("provinces")}
        assert {code.attributes["province_code"] for code in code_list("communes")} == provinces

    def test_dong_nai_is_a_city_since_april_2026(self) -> None:
        assert code_list("provinces")["75"].attributes["valid_from"] == "2026-04-30"
        assert commune_label("26368", "vi") == "Phường Long Thành, Thành phố Đồng Nai"

    def test_labels(self) -> None:
        assert commune_label("14848", "vi") == "Xã Tam Chung, Tỉnh Thanh Hóa"
        assert commune_label("14848", "en") == "Tam Chung Commune, Thanh Hóa Province"
        assert commune_label("00001", "vi") == "Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội"
        assert commune_label("00001", "en") == "Phúc Xá Ward, Ba Đình District, Hà Nội City"
        assert commune_label("318", "vi") == "Huyện Bạch Long Vĩ, Thành phố Hải Phòng"
        assert commune_label("99999", "vi") == "99999"
        assert commune_label("", "en") == ""

    def test_a_merged_commune(self) -> None:
        assert [commune.name_vi for commune in current_communes("00001")] == ["Phường Hồng Hà"]

    def test_a_split_commune_gives_all_parts(self) -> None:
        assert [commune.code for commune in current_communes("09013")] == ["09022", "08980", "08995", "09817"]

    def test_a_code_known_only_since_the_reform_stands_for_itself(self) -> None:
        (island,) = current_communes("26732")
        assert current_communes("755") == (island,)
        assert island.name_vi == "Đặc khu Côn Đảo"

    @pytest.mark.parametrize("code", ["", "99999", "abc"])
    def test_unknown_codes_stand_for_nothing(self, code: str) -> None:
        assert current_communes(code) == ()

    def test_every_successor_is_a_current_commune(self) -> None:
        file = files("resources").joinpath("codelists", "commune_changes.csv")
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        communes = code_list("communes")
        assert {row["new_code"] for row in rows} == {commune.code for commune in communes}
        pairs = {(row["old_code"], row["new_code"]) for row in rows}
        assert len(pairs) == len(rows)
        for code in {row["old_code"] for row in rows}:
            unit = earlier_unit(code)
            assert unit is not None
            assert (len(unit.successors) > 1) == (unit.share == "part")

    def test_the_63_earlier_provinces_belong_to_current_ones(self) -> None:
        provinces = {code.code for code in code_list("provinces")}
        earlier = code_list("citizen_id_provinces")
        assert {code.attributes["province_code"] for code in earlier} == provinces
        assert all(re.fullmatch(r"0\d\d", code.code) for code in earlier)
