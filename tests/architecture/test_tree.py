"""Facts about the source tree that are easy to forget."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "forms", "sync", "ui")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name)
def test_no_module_is_longer_than_500_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_function_is_longer_than_60_lines(path: Path) -> None:
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1})"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 60
    ]
    assert long == []


def test_no_module_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [name(p) for p in SOURCES if p.stem in vague or p.parent.name in vague] == []


def _pairs(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """(line, vi, en) of every Text(vi, en) and tr(vi, en) written with literals."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called not in {"Text", "tr"}:
            continue
        named = {k.arg: k.value for k in node.keywords}
        both = list(node.args[:2]) if len(node.args) >= 2 else [named.get("vi"), named.get("en")]
        texts = [_literal(value) for value in both if value is not None]
        if len(texts) == 2 and None not in texts:
            yield node.lineno, str(texts[0]), str(texts[1])


def _literal(node: ast.expr) -> str | None:
    """A template as written; what an f-string fills in may differ by language, so it is not compared."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_both_languages_are_written_and_carry_the_same_placeholders(path: Path) -> None:
    wrong = []
    for line, vi, en in _pairs(ast.parse(path.read_text("utf-8"))):
        fields = [{f for _, f, _, _ in string.Formatter().parse(t) if f} for t in (vi, en)]
        if fields[0] != fields[1] or bool(vi.strip()) != bool(en.strip()) or "!" in vi:
            wrong.append((line, vi, en))
    assert wrong == []


FORBIDDEN = re.compile(
    r"/(?:work|farm|root|home/[a-z]+)/|\bpypi\.org|pythonhosted|registry\.npmjs|deb\.debian|\.gov\.vn/|vinhlong\.vn",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", [p for p in [*SOURCES, *TESTS] if p != Path(__file__)], ids=name)
def test_no_machine_path_registry_or_real_portal_is_named(path: Path) -> None:
    found = FORBIDDEN.search(path.read_text("utf-8"))
    assert found is None, found


@pytest.mark.parametrize("path", [*SOURCES, *[p for p in TESTS if p != Path(__file__)]], ids=name)
def test_nothing_is_left_for_later(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|mark\.(skip|xfail)\b", text)
