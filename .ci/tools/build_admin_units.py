"""Writes the administrative-unit tables under `resources/codelists/`.

Source: the dataset inside the package vietnamadminunits (MIT, see resources/licences). The package is
needed only here, at build time; the product reads the CSV files.

    python .ci/tools/build_admin_units.py                  # downloads the pinned package with pip
    python .ci/tools/build_admin_units.py --package DIR    # uses a copy installed with pip --target

provinces.csv           34 provinces: code (2 digits), name, kind, valid_from
communes.csv            3,321 communes: code (5 digits), name, kind, province_code, valid_from
commune_changes.csv     one row per (unit before 1 July 2025, unit after), see `Change`
citizen_id_provinces.csv  the 63 earlier provinces as the first three digits of a citizen id

Units carry the date since which they have had this kind and name; `AMENDMENTS` holds what changed after
the package was released.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

PACKAGE = "vietnamadminunits==1.0.4"
DATASET_SHA256 = "147cbbf81c8964bb594e1dda7ebab5649bce21efbfd6cb508cab7fefca62257d"
EXPECTED = {"provinces": 34, "communes": 3321, "earlier units": 10040, "earlier provinces": 63}
REFORM_DATE = "2025-07-01"  # QĐ 19/2025/QĐ-TTg
KINDS = ("Đặc khu", "Thành phố", "Thị trấn", "Thị xã", "Phường", "Huyện", "Quận", "Tỉnh", "Xã")

# Resolutions 30/2026/QH16 and 237/NQ-UBTVQH16: Đồng Nai became a city and ten communes wards.
AMENDMENT_DATE = "2026-04-30"
AMENDED_PROVINCES = {"75": "Thành phố"}
AMENDED_COMMUNES = dict.fromkeys(
    ("25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485"), "Phường"
)

# Names on documents issued before a province was renamed (Huế, 1 January 2025).
EARLIER_NAMES = {"046": "Thừa Thiên Huế"}

# The package joins by name within a new province, so it mixes up earlier units of the same name
# (32 units), and it misses one part of Văn Khê. Successors by code, from the NSO conversion table.
SUCCESSOR_CORRECTIONS: Mapping[str, tuple[str, ...]] = {
    "09013": ("09022", "08980", "08995", "09817"),
    "10798": ("10804", "10843"),
    "06079": ("06079",),
    "11890": ("11911",),
    "23053": ("23053",),
    "25462": ("25459",),
    "27691": ("27694",),
    "28036": ("28036",),
    "28252": ("28249",),
    "28270": ("28270",),
    "28437": ("28435",),
    "28439": ("28439",),
    "28924": ("28921",),
    "29623": ("29623",),
    "29734": ("29734",),
    "29902": ("29905",),
    "29908": ("29905",),
    "31246": ("31246",),
    "31268": ("31288",),
    "31378": ("31378",),
    "31379": ("31378",),
    "31438": ("31408",),
    "31474": ("31473",),
    "31480": ("31480",),
    "31483": ("31495",),
    "31582": ("31582",),
    "31606": ("31591",),
    "31657": ("31654",),
    "31666": ("31666",),
    "31669": ("31639",),
    "31714": ("31726",),
    "31741": ("31741",),
    "31744": ("31741",),
}


@dataclass(frozen=True)
class Province:
    code: str
    name: str
    kind: str
    valid_from: str


@dataclass(frozen=True)
class Commune:
    code: str
    name: str
    kind: str
    province_code: str
    valid_from: str


@dataclass(frozen=True)
class EarlierProvince:
    code: str
    name: str
    kind: str
    aliases: str
    province_code: str


@dataclass(frozen=True)
class Change:
    """One earlier unit and one unit it went to.

    share: "same" (nothing else went into the new unit), "whole" (all of it went to one new unit),
    "part" (split; one row per successor, the one the package takes by default first). The five island
    districts had no communes, so their three-digit district code stands as `old_code`.
    """

    old_code: str
    old_name: str
    old_kind: str
    old_district_code: str
    old_district: str
    old_province_code: str
    old_province: str
    new_code: str
    share: str


Row = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--package", type=Path, help="folder given to pip install --target")
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--out", type=Path, default=root / "resources" / "codelists")
    options = parser.parse_args(arguments)
    if options.package:
        build(options.package, options.out)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder]
        subprocess.run([*pip, PACKAGE], check=True)
        build(Path(folder), options.out)
    return 0


def build(package: Path, out: Path) -> None:
    """Reads the package's dataset and replaces the four CSV files in `out`."""
    data = package / "vietnamadminunits" / "data"
    dataset = data / "dataset.db"
    if hashlib.sha256(dataset.read_bytes()).hexdigest() != DATASET_SHA256:
        raise SystemExit(f"{dataset} is not the reviewed release {PACKAGE}")
    with closing(sqlite3.connect(f"file:{dataset}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        units = connection.execute("SELECT * FROM admin_units").fetchall()
        earlier = connection.execute("SELECT * FROM admin_units_legacy").fetchall()
    converter = json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))

    provinces, communes = current_units(units)
    changes = commune_changes(units, earlier, converter)
    earlier_provinces = provinces_of_citizen_ids(earlier, units, converter)
    counts = {
        "provinces": len(provinces),
        "communes": len(communes),
        "earlier units": len({change.old_code for change in changes}),
        "earlier provinces": len(earlier_provinces),
    }
    if counts != EXPECTED:
        raise SystemExit(f"unexpected counts: {counts}")
    write(out / "provinces.csv", Province, provinces)
    write(out / "communes.csv", Commune, communes)
    write(out / "commune_changes.csv", Change, changes)
    write(out / "citizen_id_provinces.csv", EarlierProvince, earlier_provinces)


def current_units(units: Iterable[Row]) -> tuple[list[Province], list[Commune]]:
    """The units in force, amendments applied, sorted by code."""
    provinces: dict[str, Province] = {}
    communes: dict[str, Commune] = {}
    for unit in units:
        code = str(unit["provinceCode"])
        kind, name = kind_and_name(unit["province"])
        provinces[code] = Province(code, name, kind, REFORM_DATE)
        kind, name = kind_and_name(unit["ward"])
        communes[unit["wardCode"]] = Commune(unit["wardCode"], name, kind, code, REFORM_DATE)
    for code, kind in AMENDED_PROVINCES.items():
        provinces[code] = replace(provinces[code], kind=kind, valid_from=AMENDMENT_DATE)
    for code, kind in AMENDED_COMMUNES.items():
        communes[code] = replace(communes[code], kind=kind, valid_from=AMENDMENT_DATE)
    return sorted(provinces.values(), key=_code), sorted(communes.values(), key=_code)


def commune_changes(
    units: Iterable[Row], earlier: Iterable[Row], converter: Mapping[str, Any]
) -> list[Change]:
    """Every earlier unit with its successors, sorted by earlier code."""
    new_codes = {(unit["provinceKey"], unit["wardKey"]): unit["wardCode"] for unit in units}
    successors = successors_by_key(new_codes, converter)
    by_code = {earlier_code(unit): unit for unit in earlier}
    targets = {
        code: SUCCESSOR_CORRECTIONS.get(code) or tuple(successors[earlier_key(unit)])
        for code, unit in by_code.items()
    }
    origins = Counter(new for news in targets.values() for new in news)
    rows: list[Change] = []
    for code, unit in sorted(by_code.items()):
        kind, name = kind_and_name(unit["ward"] or unit["district"])
        for new in targets[code]:
            alone = "same" if origins[new] == 1 else "whole"
            rows.append(
                Change(
                    old_code=code,
                    old_name=name,
                    old_kind=kind,
                    old_district_code=unit["districtCode"],
                    old_district=" ".join(kind_and_name(unit["district"])),
                    old_province_code=unit["provinceCode"],
                    old_province=" ".join(kind_and_name(unit["province"])),
                    new_code=new,
                    share=alone if len(targets[code]) == 1 else "part",
                )
            )
    return rows


def successors_by_key(
    new_codes: Mapping[tuple[str, str], str], converter: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Earlier unit key ("province_district_ward") -> new codes, the default one first."""
    found: dict[str, list[str]] = defaultdict(list)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in wards.items():
            for key in keys:
                found[key].append(new_codes[province, ward])
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in divided.items():
            ordered = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
            found[key].extend(new_codes[province, part["newWardKey"]] for part in ordered)
    return found


def provinces_of_citizen_ids(
    earlier: Iterable[Row], units: Iterable[Row], converter: Mapping[str, Any]
) -> list[EarlierProvince]:
    """The 63 provinces before the reform: three digits of a citizen id, and where each belongs now."""
    code_of_key = {unit["provinceKey"]: str(unit["provinceCode"]) for unit in units}
    now = {old: code_of_key[new] for new, olds in converter["DICT_PROVINCE"].items() for old in olds}
    rows: dict[str, EarlierProvince] = {}
    for unit in earlier:
        code = f"0{unit['provinceCode']}"
        kind, name = kind_and_name(unit["province"])
        aliases = EARLIER_NAMES.get(code, "")
        rows[code] = EarlierProvince(code, name, kind, aliases, now[unit["provinceKey"]])
    return sorted(rows.values(), key=_code)


def earlier_key(unit: Row) -> str:
    return f"{unit['provinceKey']}_{unit['districtKey']}_{unit['wardKey'] or ''}"


def earlier_code(unit: Row) -> str:
    return str(unit["wardCode"] or unit["districtCode"])


def kind_and_name(full_name: str) -> tuple[str, str]:
    """Splits "Xã Tam Chung" into ("Xã", "Tam Chung").

    From the name, because the package's own type column disagrees with it for some units. Kinds spelt
    "Thị Trấn" or "Thành Phố" come out in the usual spelling.
    """
    text = composed(full_name)
    kind = next(kind for kind in KINDS if text.casefold().startswith(f"{kind.casefold()} "))
    return kind, text[len(kind) :].strip()


def composed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def write(path: Path, record: type[Any], rows: Iterable[Any]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([field.name for field in fields(record)])
        writer.writerows(astuple(row) for row in rows)


def _code(record: Province | Commune | EarlierProvince) -> str:
    return record.code


if __name__ == "__main__":
    sys.exit(main())
