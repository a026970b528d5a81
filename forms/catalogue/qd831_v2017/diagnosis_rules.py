"""Rules of part D over the ICD-10 diagnoses, by the marks the Ministry's list gives to codes."""

from __future__ import annotations

from forms import answers as read
from forms.model import Answers, Check, Context, Rule, Severity
from forms.text import Text
from forms.values import list_for

_SOURCE = "TT 06/2026/TT-BYT; vn-reference §5.2"


def _codes(answers: Answers) -> list[str]:
    return [code for code, _ in read.diagnoses(answers) if code]


def _fits_sex(answers: Answers, context: Context) -> Text | None:
    sex = read.text(context.person, "sex")
    if sex not in {"male", "female"}:
        return None
    icd10 = list_for("icd10", context.lists)
    for code in _codes(answers):
        entry = icd10.get(code)
        only = entry.attributes.get("sex", "") if entry else ""
        if only in {"male", "female"} and only != sex:
            vi, en = ("nữ", "women") if only == "female" else ("nam", "men")
            return Text(
                f"Mã {code} chỉ dùng cho {vi}. Xem lại mã bệnh và giới tính.",
                f"Code {code} is for {en} only. Check the diagnosis and the sex.",
            )
    return None


def _main_allowed(answers: Answers, context: Context) -> Text | None:
    rows = read.diagnoses(answers)
    entry = list_for("icd10", context.lists).get(rows[0][0]) if rows else None
    if entry is None or entry.attributes.get("primary") != "no":
        return None
    return Text(
        f"Mã {entry.code} không dùng làm bệnh chính. Đưa một mã khác lên đầu.",
        f"Code {entry.code} cannot be the main diagnosis. Put another one first.",
    )


def _no_duplicates(answers: Answers, _context: Context) -> Text | None:
    codes = _codes(answers)
    repeated = next((code for i, code in enumerate(codes) if code in codes[:i]), "")
    if not repeated:
        return None
    return Text(f"Mã {repeated} ghi hai lần.", f"Code {repeated} is given twice.")


def _has_code(answers: Answers, _context: Context) -> Text | None:
    missing = sum(1 for code, words in read.diagnoses(answers) if words and not code)
    if not missing:
        return None
    return Text(
        f"{missing} chẩn đoán chưa có mã ICD-10.",
        f"{missing} {'diagnosis has' if missing == 1 else 'diagnoses have'} no ICD-10 code.",
    )


def _rule(
    name: str, severity: Severity, check: Check, *, passing: Answers, failing: Answers, sex: str = ""
) -> Rule:
    return Rule(
        id=f"QD831.DIAGNOSIS_{name}",
        part="exam",
        severity=severity,
        key="diagnoses",
        check=check,
        passing=passing,
        failing=failing,
        person={"sex": sex} if sex else {},
        source=_SOURCE,
    )


def _with(*codes: str) -> Answers:
    return {"diagnoses": [{"code": code, "text": "Chẩn đoán"} for code in codes]}


RULES = (
    _rule(
        "SEX", Severity.WARNING, _fits_sex, passing=_with("N40"), failing=_with("I10", "C53.9"), sex="male"
    ),
    _rule("NOT_MAIN", Severity.WARNING, _main_allowed, passing=_with("I10", "W54"), failing=_with("W54")),
    _rule(
        "REPEATED",
        Severity.WARNING,
        _no_duplicates,
        passing=_with("I10", "E11.9"),
        failing=_with("I10", "I10"),
    ),
    _rule("WITHOUT_CODE", Severity.INFO, _has_code, passing=_with("I10"), failing=_with("")),
)
