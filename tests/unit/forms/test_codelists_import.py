"""Importing a full ICD-10 list and merging it with the curated one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.codelists import Code, CodeList, code_list, make_code, merge
from forms.codelists_icd10 import RowProblem, parse_icd10_csv
from forms.text import Text

TT06 = Path(__file__).resolve().parents[4] / "shared" / "data" / "icd10_tt06.csv"
needs_tt06 = pytest.mark.skipif(not TT06.is_file(), reason=f"no {TT06.name} beside the repository")


def listing(*codes: Code) -> CodeList:
    text = Text("Thử", "Test")
    return CodeList("icd10", codes, title=text, source=text, version="1")


class TestMerge:
    def test_official_rows_override_and_extend(self) -> None:
        base = listing(make_code("I10", "Tăng huyết áp", "Hypertension", extra="tha", weight=100))
        official, problems = parse_icd10_csv(
            [
                "code,name_vi,name_en,c26_use_more_specific",
                "I10,Bệnh tăng huyết áp vô căn (nguyên phát),Essential (primary) hypertension,0",
                "I11,Bệnh tim do tăng huyết áp,Hypertensive heart disease,1",
            ]
        )
        assert problems == []
        both = merge(base, official, version="TT 06/2026")
        assert (len(base), len(both), both.version) == (1, 2, "TT 06/2026")
        assert both["I10"].name_vi == "Bệnh tăng huyết áp vô căn (nguyên phát)"
        assert both["I10"].weight == 100
        assert [code.code for code in both.find("tha")] == ["I10"]
        assert [code.code for code in both.find("nguyen phat")] == ["I10"]

    def test_a_heading_is_known_but_not_offered(self) -> None:
        heading, problems = parse_icd10_csv(["code,name_vi,c26_use_more_specific", "A00,Bệnh tả,1"])
        both = merge(listing(), heading)
        assert problems == []
        assert not both["A00"].usable
        assert both.find("A00") == both.find("bệnh tả") == both.find("") == []

    def test_a_nameless_row_keeps_the_known_name(self) -> None:
        base = listing(make_code("I10", "Tăng huyết áp", "Hypertension"))
        nameless, _ = parse_icd10_csv(["code,name_vi,name_en", "I10,,", "I11.9,,Heart disease"])
        both = merge(base, nameless)
        assert (both["I10"].name_vi, both["I10"].name_en) == ("Tăng huyết áp", "Hypertension")
        assert both["I11.9"].name_vi == "Heart disease"

    def test_nothing_to_merge(self) -> None:
        base = code_list("icd10")
        same = merge(base, [])
        assert list(same) == list(base)
        assert (same.name, same.version, same.source) == (base.name, base.version, base.source)

    @needs_tt06
    def test_the_full_official_list(self) -> None:
        with TT06.open(encoding="utf-8-sig", newline="") as stream:
            codes, problems = parse_icd10_csv(stream)
        assert len(codes) == 15844
        assert len(problems) == 179
        assert {problem.severity for problem in problems} == {"info"}
        full = merge(code_list("icd10"), codes)
        assert len(full) == 15844
        assert [full.find(typed)[0].code for typed in ("tang huyet ap", "tha", "dai thao duong")] == [
            "I10",
            "I10",
            "E11.9",
        ]
        assert full.find("M54.5")[0].code == "M54.56"


class TestIcd10Import:
    def test_flags(self) -> None:
        (code,), problems = parse_icd10_csv(
            [
                "code;name_vi;name_en;c24_not_primary;c25_discouraged_primary;c27_death_only;c28_female",
                "O80.0;Đẻ thường;Normal delivery;1;1;1;1",
            ]
        )
        assert problems == []
        assert code.attributes == {
            "primary": "no",
            "discouraged": "yes",
            "usable": "no",
            "sex": "female",
        }

    @pytest.mark.parametrize(
        ("raw", "code"),
        [("A00.9", "A00.9"), ("a009", "A00.9"), ("U13/9", "U13.9"), ("G01*", "G01"), ("A17.0†", "A17.0"),
         ("M54.56", "M54.56"), (" I10 ", "I10")],
    )  # fmt: skip
    def test_codes_are_brought_into_one_form(self, raw: str, code: str) -> None:
        (taken,), problems = parse_icd10_csv(["code,name_vi", f"{raw},Bệnh"])
        assert (taken.code, problems) == (code, [])

    def test_bad_rows_are_reported_and_the_rest_is_taken(self) -> None:
        codes, problems = parse_icd10_csv(
            [
                "\ufeffCode,Name_VI,name_en\n",
                "I10,Tăng huyết áp,Hypertension\n",
                "\n",
                "XYZ,Không phải mã,No code\n",
                ",Thiếu mã,No code\n",
                "I10,Lần thứ hai,Again\n",
                "I11.9\n",
            ]
        )
        assert [code.code for code in codes] == ["I10", "I11.9"]
        assert [(problem.row, problem.code, problem.severity) for problem in problems] == [
            (4, "XYZ", "error"),
            (5, "", "error"),
            (6, "I10", "error"),
            (7, "I11.9", "info"),
        ]
        assert "XYZ" in problems[0].reason.vi
        assert "XYZ" in problems[0].reason.en

    @pytest.mark.parametrize("lines", [[], [""], ["I10,Tăng huyết áp"], ["mã,tên", "I10,Tăng huyết áp"]])
    def test_a_missing_header_is_one_clear_problem(self, lines: list[str]) -> None:
        codes, problems = parse_icd10_csv(lines)
        assert codes == []
        assert [(problem.row, problem.severity) for problem in problems] == [(1, "error")]
        assert "code, name_vi" in problems[0].reason.vi

    def test_an_unclosed_quotation_mark_does_not_become_a_name(self) -> None:
        lines = ["code,name_vi", 'I10,"Tăng huyết áp', *(f"I{n},Bệnh tim số {n}" for n in range(20, 90))]
        codes, problems = parse_icd10_csv(line + "\n" for line in lines)
        assert codes == []
        assert [(problem.code, problem.severity) for problem in problems] == [("I10", "error")]

    def test_an_oversized_cell_is_reported(self) -> None:
        lines = ["code,name_vi", "I10," + "a" * 200_000, "I11.9,Bệnh tim"]
        codes, problems = parse_icd10_csv(lines)
        assert [code.code for code in codes] == ["I11.9"]
        assert [(problem.row, problem.severity) for problem in problems] == [(2, "error")]

    @given(st.lists(st.text()))
    def test_never_raises(self, lines: list[str]) -> None:
        codes, problems = parse_icd10_csv(["code,name_vi,name_en", *lines])
        assert len({code.code for code in codes}) == len(codes)
        assert all(isinstance(problem, RowProblem) and problem.row > 1 for problem in problems)
