"""What is wrong or unusual in a record: every field by itself, then the rules of the form.

Nothing here raises on bad data; answers may come from a draft, a file or another program. Finding ids are
`<FORM>.<RULE>` for rules and `<FORM>.<CHECK>_<FIELD>` for the checks of one field, so that confirming one
warning never confirms another: SHAPE, REQUIRED, RANGE, TOO_LONG (errors), UNUSUAL, UNKNOWN_CODE,
NOT_APPLICABLE (warnings), UNKNOWN_FIELD (error).
"""

from __future__ import annotations

from forms import answers as read
from forms import codelists
from forms.model import (
    Answers,
    Context,
    Field,
    FieldType,
    Finding,
    FormDefinition,
    Json,
    Range,
    Severity,
)
from forms.numbers import as_decimal, sentence
from forms.text import Text
from forms.values import Unreadable, list_for, normalise

_MOST_DIAGNOSES = 30
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def validate(form: FormDefinition, prefix: str, answers: Answers, context: Context) -> list[Finding]:
    """Errors first, then warnings, then information; within these in the order of the paper.

    KeyError if the form has no part with this prefix.
    """
    part = form.part(prefix)
    fields = {field.key: field for field in part.fields()}
    readable: dict[str, Json] = {}
    findings: list[Finding] = []
    for key, value in answers.items():
        field = fields.get(key)
        if field is None:
            findings.append(_unknown_field(form.code, key))
            continue
        try:
            readable[key] = normalise(field, value, lists=context.lists)
        except Unreadable as problem:
            findings.append(_finding(form.code, "SHAPE", field, Severity.ERROR, problem.text))
    age = read.age_months(prefix, readable, context)
    unread = {finding.key for finding in findings}
    for key, field in fields.items():
        if key not in unread:
            findings += _of_field(form.code, field, readable.get(key), age, context)
            findings += _of_applicability(form.code, field, readable, context)
    ruled = [
        Finding(rule.id, rule.severity, rule.key, message)
        for rule in form.rules_of(prefix)
        if (message := rule.check(readable, context)) is not None
    ]
    return _in_order(_without_echoes(findings, ruled), list(fields))


def field_findings(
    field: Field,
    value: Json,
    context: Context,
    *,
    age_months: int | None = None,
    form_code: str = "QD831",
) -> list[Finding]:
    """The checks of one field alone, errors first; without `age_months` the person's age today counts."""
    try:
        canonical = normalise(field, value, lists=context.lists)
    except Unreadable as problem:
        return [_finding(form_code, "SHAPE", field, Severity.ERROR, problem.text)]
    age = age_months if age_months is not None else read.age_months("", {}, context)
    return _in_order(_of_field(form_code, field, canonical, age, context), [field.key])


def applicable(field: Field, answers: Answers, context: Context) -> bool:
    """False where the field's condition rules it out; an unknown answer rules nothing out."""
    if field.when is None:
        return True
    prefix, _, key = field.when.field.partition(".")
    value = (answers if prefix == field.part_prefix else context.person).get(key)
    return value is None or value == "" or value in field.when.values


def _of_field(
    code: str, field: Field, value: Json, age_months: int | None, context: Context
) -> list[Finding]:
    if value is None:
        return [_missing(code, field)] if field.required else []
    findings: list[Finding] = []
    if not field.computed and (number := as_decimal(value)) is not None:
        findings += _of_range(code, field, float(number), age_months)
    if isinstance(value, str):
        if len(value) > field.max_length:
            findings.append(_too_long(code, field, len(value)))
        if field.type is FieldType.CODED and value not in list_for(field.code_list, context.lists):
            findings.append(_unknown_codes(code, field, [value]))
    if isinstance(value, list):
        findings += _of_diagnoses(code, field, value, context)
    return findings


def _of_range(code: str, field: Field, number: float, age_months: int | None) -> list[Finding]:
    if field.hard is not None and number not in field.hard:
        message = _limits(
            field,
            number,
            field.hard,
            "{label} {value} {unit}: ngoài giới hạn từ {low} đến {high}. Xem lại số đã gõ.",
            "{label} {value} {unit}: outside {low} to {high}. Check what was typed.",
        )
        return [_finding(code, "RANGE", field, Severity.ERROR, message)]
    usual = next((limits for limits in field.soft if limits.applies(age_months)), None)
    if usual is None or number in usual:
        return []
    message = _limits(
        field,
        number,
        usual,
        "{label} {value} {unit}: ít gặp, thường từ {low} đến {high}. Đo lại nếu chưa chắc.",
        "{label} {value} {unit}: unusual, mostly {low} to {high}. Measure again if in doubt.",
    )
    return [_finding(code, "UNUSUAL", field, Severity.WARNING, message)]


def _limits(field: Field, number: float, limits: Range, vi: str, en: str) -> Text:
    label = field.short or field.label
    return sentence(
        vi.replace("{label}", label.vi).replace("{unit}", field.unit_text.vi),
        en.replace("{label}", label.en).replace("{unit}", field.unit_text.en),
        value=number,
        low=limits.low,
        high=limits.high,
    )


def _of_diagnoses(code: str, field: Field, rows: list[Json], context: Context) -> list[Finding]:
    findings: list[Finding] = []
    pairs = read.diagnoses({"diagnoses": rows})
    longest = max((len(part) for pair in pairs for part in pair), default=0)
    if longest > field.max_length:
        findings.append(_too_long(code, field, longest))
    if len(pairs) > _MOST_DIAGNOSES:
        message = Text(
            f"Nhiều nhất {_MOST_DIAGNOSES} chẩn đoán, phiếu này có {len(pairs)}.",
            f"At most {_MOST_DIAGNOSES} diagnoses; this record has {len(pairs)}.",
        )
        findings.append(_finding(code, "TOO_LONG", field, Severity.ERROR, message))
    icd10 = list_for(field.code_list, context.lists)
    unknown = [icd for icd, _ in pairs if icd and icd not in icd10]
    if unknown:
        findings.append(_unknown_codes(code, field, unknown))
    return findings


def _of_applicability(code: str, field: Field, answers: Answers, context: Context) -> list[Finding]:
    if field.when is None or answers.get(field.key) is None or applicable(field, answers, context):
        return []
    message = Text(
        f"{field.label.vi}: không áp dụng ({field.when.reason.vi}) nhưng đang có nội dung.",
        f"{field.label.en}: does not apply ({field.when.reason.en}) but has content.",
    )
    return [_finding(code, "NOT_APPLICABLE", field, Severity.WARNING, message)]


def _finding(code: str, check: str, field: Field, severity: Severity, message: Text) -> Finding:
    return Finding(f"{code}.{check}_{field.key.upper()}", severity, field.key, message)


def _unknown_field(code: str, key: str) -> Finding:
    message = Text(
        "Biểu mẫu không có mục này. Xem tên các mục bằng lệnh hoso831 forms.",
        "The form has no such field. See the field names with: hoso831 forms.",
    )
    return Finding(f"{code}.UNKNOWN_FIELD", Severity.ERROR, key, message)


def _missing(code: str, field: Field) -> Finding:
    message = Text(f"Chưa điền: {field.label.vi}.", f"Still empty: {field.label.en}.")
    return _finding(code, "REQUIRED", field, Severity.ERROR, message)


def _too_long(code: str, field: Field, length: int) -> Finding:
    message = Text(
        f"Dài {length} ký tự, nhiều nhất {field.max_length}. Rút ngắn lại.",
        f"{length} characters; at most {field.max_length} fit. Shorten the text.",
    )
    return _finding(code, "TOO_LONG", field, Severity.ERROR, message)


def _unknown_codes(code: str, field: Field, unknown: list[str]) -> Finding:
    shown = ", ".join(dict.fromkeys(unknown[:3]))
    message = Text(
        f"Mã {shown} không có trong danh mục. Mã vẫn được giữ nguyên.",
        f"Code {shown} is not in the list. It is kept as it is.",
    )
    if field.code_list == "communes":
        now = codelists.current_communes(unknown[0])
        if now:
            message = Text(
                f"Mã {shown} là xã trước 01/07/2025, nay thuộc {now[0].name_vi}. Chọn lại xã.",
                f"Code {shown} is a commune before 1 July 2025, now in {now[0].name_en}. Choose again.",
            )
    return _finding(code, "UNKNOWN_CODE", field, Severity.WARNING, message)


def _without_echoes(of_fields: list[Finding], of_rules: list[Finding]) -> list[Finding]:
    """One remark per slip: a rule says more than "outside the usual range", an error more than a warning."""
    ruled = _heaviest(of_rules)
    kept = [
        finding
        for finding in of_fields
        if not finding.rule.partition(".")[2].startswith(("RANGE_", "UNUSUAL_"))
        or ruled.get(finding.key, 9) > _ORDER[finding.severity]
    ]
    wrong = {key for key, order in _heaviest(kept + of_rules).items() if key and order == 0}
    return kept + [f for f in of_rules if f.severity is Severity.ERROR or f.key not in wrong]


def _heaviest(findings: list[Finding]) -> dict[str, int]:
    heaviest: dict[str, int] = {}
    for finding in findings:
        heaviest[finding.key] = min(heaviest.get(finding.key, 9), _ORDER[finding.severity])
    return heaviest


def _in_order(findings: list[Finding], keys: list[str]) -> list[Finding]:
    places = {key: place for place, key in enumerate(keys)}
    return sorted(findings, key=lambda f: (_ORDER[f.severity], places.get(f.key, len(places))))
