"""The command line as a script sees it: a child process, its exit code, stdout and stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest

from app.services.synthetic import Population, lines
from tests.helpers.portal import RunningPortal, running_portal

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "mat-khau-thu-831"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    def run(*arguments: object, password: str | None = PASSWORD, **environment: str) -> Ran:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("HOSO831_")}
        if password is not None:
            kept["HOSO831_PASSWORD"] = password
        done = subprocess.run(
            [sys.executable, "-m", "app", *(str(a) for a in arguments)],
            cwd=ROOT,
            env={**kept, "PYTHONWARNINGS": "error", **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def store(tmp_path: Path, cli: Cli) -> Path:
    folder = tmp_path / "station"
    made = cli(
        "--store", folder, "init", "--station-code", "38999", "--station-name", "Trạm Y tế xã Mẫu",
        "--commune", "14848", "--user", "thu",
    )  # fmt: skip
    assert made.code == 0, made.err
    return folder


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.jsonl"
    made = lines(Population(count=12, today=date(2026, 11, 22)))
    file.write_text("".join(f"{line}\n" for line in made), "utf-8")
    return file


def test_init_leaves_a_recovery_sheet_that_opens_the_store(store: Path) -> None:
    sheet = store / "outgoing" / "phieu-khoi-phuc.pdf"
    text = pypdf.PdfReader(sheet).pages[0].extract_text()
    assert "PHIẾU KHÔI PHỤC" in text
    assert {"station.db", "keys.json", "keys.json.bak"} <= {p.name for p in store.iterdir()}


def test_a_second_init_changes_nothing(store: Path, cli: Cli) -> None:
    before = (store / "keys.json").read_bytes(), (store / "station.db").read_bytes()
    again = cli(
        "--store", store, "init", "--station-code", "38999", "--station-name", "X", "--commune", "14848",
        "--user", "khac",
    )  # fmt: skip
    assert again.code == 1
    assert "đã có" in again.err
    assert ((store / "keys.json").read_bytes(), (store / "station.db").read_bytes()) == before


PERSON_KEYS = """
    full_name sex birth_date citizen_id old_id_card insurance_number ethnicity occupation village
    permanent_commune current_commune mobile_phone mother_name father_name household_code household_relation
    blood_abo blood_rh
"""
EXAM_KEYS = """
    exam_date history_of_present_illness systolic diastolic pulse temperature respiratory_rate weight height
    waist acuity_right acuity_left acuity_right_corrected acuity_left_corrected diagnoses advice examiner
"""
COLUMNS = "id part number label_vi label_en type unit options hard soft required when"


def test_forms_name_every_field_that_scripts_rely_on(cli: Cli) -> None:
    fields = {field["id"]: field for field in cli("forms", "--json", password=None).json}
    assert {f"person.{key}" for key in PERSON_KEYS.split()} <= set(fields)
    assert {f"exam.{key}" for key in EXAM_KEYS.split()} <= set(fields)
    assert all(set(COLUMNS.split()) <= set(field) for field in fields.values())
    assert [o["code"] for o in fields["person.sex"]["options"]] == ["male", "female", "unknown"]


def test_import_search_show_export_print(store: Path, people: Path, cli: Cli, tmp_path: Path) -> None:
    report = cli("import", "records", people, "--store", store, "--json").json
    assert (len(report["accepted"]), report["rejected"]) == (12, [])
    shown = cli("--store", store, "--json", "show", report["accepted"][0]).json
    name = shown["person"]["answers"]["full_name"]
    found = cli("--store", store, "--json", "search", name).json
    assert report["accepted"][0] in [row["id"] for row in found]
    out = tmp_path / "out.jsonl"
    assert cli("--store", store, "export", "records", "--out", out).code == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == report["accepted"]
    pdf = tmp_path / "form.pdf"
    assert cli("--store", store, "print", "--person", report["accepted"][0], "--out", pdf).code == 0
    assert name in pypdf.PdfReader(pdf).pages[0].extract_text()
    assert pdf.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_a_rejected_line_is_reported_with_field_rule_and_sentence(
    store: Path, cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"person": {"full_name": "Lò Văn A", "sex": "male", "citizen_id": "12"}}\n', "utf-8")
    ran = cli("--store", store, "--json", "import", "records", file)
    (problem,) = ran.json["rejected"]
    assert (ran.code, problem["line"], problem["field"]) == (1, 1, "person.citizen_id")
    assert "12" in problem["message"]


def test_the_password_never_comes_from_an_argument_and_a_wrong_one_is_named(store: Path, cli: Cli) -> None:
    assert cli("--store", store, "--password", "x", "search", "a").code == 2
    wrong = cli("--store", store, "--lang", "en", "--json", "search", "a", password="khong-phai-831")
    assert wrong.code == 1
    assert wrong.json["error"]["code"] == "wrong-password"
    none = cli("--store", store, "search", "a", password=None)
    assert none.code == 1
    assert "HOSO831_PASSWORD" in none.err


def test_sync_once_delivers_and_the_outbox_tells_the_truth(
    store: Path, people: Path, cli: Cli, tmp_path: Path
) -> None:
    cli("--store", store, "import", "records", people)
    with running_portal(tmp_path) as portal:
        _set_channel(cli, store, portal)
        waiting = cli("--store", store, "--json", "outbox").json
        assert {row["state"] for row in waiting} == {"pending"}
        ran = cli("--store", store, "--json", "sync", "--once").json
        assert (ran["acknowledged"], ran["left"], ran["rejected"]) == (len(waiting), 0, 0)
        sent = cli("--store", store, "--json", "outbox").json
        assert {row["state"] for row in sent} == {"acknowledged"}
        assert all(row["receipt"] for row in sent)
        held = {exam["ma_lk"] for exam in portal.exams()}
        assert len(held) == len(portal.exams()) == sum(row["kind"] == "exam" for row in sent)
        assert cli("--store", store, "--json", "sync", "--once").json["acknowledged"] == 0


def test_sync_without_a_portal_says_so_and_keeps_everything(store: Path, people: Path, cli: Cli) -> None:
    cli("--store", store, "import", "records", people)
    cli(
        "--store", store, "channel", "set", "qd831", "--url", "http://127.0.0.1:9", "--user", "tram",
        HOSO831_PORTAL_PASSWORD="x",
    )  # fmt: skip
    ran = cli("--store", store, "--json", "--lang", "en", "sync", "--once")
    assert ran.code == 1
    assert ran.json["reason"]
    assert ran.json["left"] == len(cli("--store", store, "--json", "outbox").json)


def test_doctor_and_self_test_are_healthy(store: Path, people: Path, cli: Cli) -> None:
    cli("--store", store, "import", "records", people)
    assert cli("--store", store, "doctor").code == 0
    assert cli("--store", store, "doctor", "--rebuild-index").code == 0
    checked = cli("self-test", "--json", password=None, QT_QPA_PLATFORM="offscreen")
    assert checked.code == 0, checked.err
    assert checked.json["ok"]


def test_an_imported_icd10_list_extends_the_shipped_one(store: Path, cli: Cli, tmp_path: Path) -> None:
    codes = tmp_path / "icd10.csv"
    codes.write_text("code,name_vi,name_en\nQ99.8,Bất thường nhiễm sắc thể khác,Other\n", "utf-8")
    assert cli("--store", store, "--json", "catalogue", "import", "icd10", codes).json["codes"] == 1
    empty = tmp_path / "empty.csv"
    empty.write_text("", "utf-8")
    refused = cli("--store", store, "catalogue", "import", "icd10", empty)
    assert refused.code == 1
    assert "giữ nguyên" in refused.err


@pytest.mark.parametrize("arguments", [("frobnicate",), ("import",), ("search",), ("print", "--person", "x")])
def test_a_wrong_call_is_a_usage_error(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli(*arguments).code == 2


def _set_channel(cli: Cli, store: Path, portal: RunningPortal) -> None:
    done = cli(
        "--store", store, "channel", "set", "qd831", "--url", portal.url, "--user", portal.user,
        HOSO831_PORTAL_PASSWORD=portal.password,
    )  # fmt: skip
    assert done.code == 0, done.err
