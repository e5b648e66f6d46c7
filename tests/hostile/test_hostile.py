# ruff: noqa: E501 -- the lists are data, denser than code
"""Hostile files: each gets exit code 65 or 66 and a message that names it; no trace, no escape, no hang."""

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from calc.cli.app import run

HEAD = '[enterprise]\nname = "甲"\nclaim_year = 2026\n'
INVESTMENT = HEAD + '[[investment]]\nname = "线"\nyear = 2026\npurposes = ["capacity"]\nequipment = '
LOAN = HEAD + '[[loan]]\nname = "贷"\npurpose = "investment"\nkind = "credit"\n'
SLOWEST_SECONDS = 4.0

SUMS_WRONG = [
    "nan", "+nan", "-nan", "inf", "-inf", "1e400", "1e-400", "-1", "-0.01", "1e15", "9" * 400, "9" * 5000,
    "0x" + "f" * 5000, "true", "false", "[]", "[1]", "{}", "{ a = 1 }", "2026-01-01", "2026-01-01T00:00:00Z",
    "12:00:00", "12.345", "1e-3", '""', '" "', '"abc"', '"1,00"', '"1,0000"', '"12,34万"', '"--5"', '"+5"',
    '"-5万"', '"5 万 元"', '"5万美元"', '"5美元"', '"5%"', '"五百万"', '"1.2.3"', '"."', '"1."', '".5"', '"1e5"',
    '"NaN"', '"inf"', '"٣٤٥"', '"²"', '"1²"', '"１０㎡"', '"0x10"', '"1_000"', '"1\\u200b0"', '"1\\u202e0"',
    '"\\u0000"', '"1\\u001b[31m"', '"=1+1"', '"1亿亿"', '"1万亿"', '"万"', '"元"', '"12.345元"', '"0.0000001万"',
    "-0.001", "0e9999", "1e-99999", "0o777777777777777777777", "'--5'", "'+-5'", "'5 %'", "'1\u0301'", "'１．５．亿'",
    "'5\u00a0万\u00a0元'", "'−5'", "'5,'", "',5'", "'5..'", "'½'", "'Ⅴ'", "'①'", "'五'", "'1 000'", "'1\'000'",
    '"' + "9" * 60 + '"', '"' + "9" * 100_000 + '"', '"[red]5[/red]"', '"[/]"', '"{value}"', '"%s"',
]  # fmt: skip
NAMES_WRONG = [
    '""', '"   "', "5", "true", "[]", '"a\\u0000b"', '"a\\u001b[31mb"', '"a\\u202eb"', '"a\\u2028b"', '"a\\nb"',
    '"a\\u200bb"', '"\\u0085"', '"' + "长" * 201 + '"', "2026-01-01", '"a\\u009bb"', '"\\u2066x"', '"\\u001b]8;;x\\u0007"',
]  # fmt: skip
LINES_WRONG = [
    "claim_year = 1999", "claim_year = 2101", 'claim_year = "2026"', "claim_year = 2026.0", "claim_year = true",
    "in_zone = 1", 'in_zone = "true"', 'kinds = "manufacturing"', 'kinds = ["Manufacturing"]', "kinds = [1]",
    'kinds = ["制造业"]', 'uscc = "91140100MA0H0000X0"', "uscc = 5", 'uscc = "🏭"', 'filing_date = "2026-13-01"',
    "filing_date = 2026-06-15T10:00:00", 'filing_date = "yesterday"', "filing_date = 20260615", "Name = 1",
    'in_zone = true\n"\\u001b[31m" = 1', '"[bold]x" = 1', '"" = 1', '"a.b" = 1', "x.y.z = 1", "nmae = 'x'",
]  # fmt: skip
TABLES_WRONG = [
    "[investmnet]\nx = 1", '[investment]\nname = "线"', "investment = 5", 'investment = ["a"]', "figures = 1",
    "[figures]\nrevenue = 5", "[figures.x]\nrevenue = 1", "[figures.1990]\nrevenue = 1", "[figures.2025]\nRevenue = 1",
    "[figures.2025]\nrd_talents = 1.5", '[figures.2025]\nrd_talents = "5"', "[figures.2025]\noutstanding_results = 1",
    "[figures.2025]\nfdi_usd = '5元'", "[fx]\nusd_cny = 0", "[fx]\nusd_cny = -7", "[fx]\nusd_cny = 'x'", "[fx]\neur = 1",
    "[kinds]\n2027 = 'manufacturing'", "[kinds]\nx = []", "[[kinds]]\nx = 1", "[[enterprise]]", "[[figures]]\nx = 1",
    "[[investment]]\nyear = 2026\npurposes = []", "[[investment]]\nname = 'x'\nyear = 2026\npurposes = ['x']",
    "[[title]]\nname = 'x'\nyear = 2026\nkind = 'park'", "[[title]]\nname = 'x'\nyear = 2026\nlevel = 'national'",
    "[[contest]]\nname = 'x'\nyear = 2026\nlevel = 'provincial'\nprize = 0", "[[park]]\nname = 'x'\nyear = 2026",
    "[[park]]\nname = 'x'\nyear = 2026\nkind = 'sme'\noccupancy = 1.01",
    "[[park]]\nname = 'x'\nyear = 2026\nkind = 'sme'\noccupancy = '101%'",
    "[[park]]\nname = 'x'\nyear = 2026\nkind = 'sme'\noccupancy = 30",
    "[[certificate]]\nname = 'x'\nyear = 2026\n[[certificate]]\nname = 'x'\nyear = 2026",
    "[[investment]]\nname='x'\nyear=2026\npurposes=[]\nequipment=1\ngreen_equipment=2",
    "[[agreement]]\nname='x'\nuntil=2026-01-01\nfrom=2026-02-01\ncovers=['*']",
    "[[agreement]]\nname='x'\nuntil=2026-01-01\ncovers=['02-capcity']", "[[agreement]]\nname='x'\ncovers=[]",
    "[[agreement]]\nname='x'\nuntil='soon'\ncovers='*'", "[[received]]\nitem='x'\nyear=2025\namount=1",
    "[[received]]\nitem='18-aeo'\nyear=2025", "[[expect]]\nitem='18-aeo'\nyear=2025\namount=-1",
    "[[expect]]\nitem='18-aeo'\nyear=1\namount=1", "[[expect]]\nitem=5\nyear=2026\namount=1",
    "[[expect]]\nitem='18-aeo'\nyear=2026\namount=1\nname='x'", "[[loan]]\nname='x'", "[[bad_loan]]\nname='x'",
    "[[bad_loan]]\nname='x'\nyear=2026\nloss_share=2", "[[guarantee]]\nname='x'\nyear=2026\nmonths=1.5",
]  # fmt: skip
SYNTAX_WRONG = [
    HEAD + "equipment = 2600万", HEAD + "x = “5”", "［enterprise］\nname = '甲'", '[enterprise\nname = "甲"',
    '[enterprise]\nname = "甲', "[enterprise]\nname ＝ '甲'", "[enterprise]\nname = 甲", "{", "[", "}", "=", '"', "'''",
    "[enterprise]\nname = '甲'\nname = '乙'", "[enterprise]\n[enterprise]", "\x00", "\x1b[31m", "﻿", "# nothing", "\n\n",
    "[enterprise]\nname = '\x07'", "[enterprise]\r\rname = 1", "a = [1,", "a = {b = 1", "[a.b.c]\n[a.b]\nc = 1",
    "[enterprise]\nd = 2026-02-30", "[enterprise]\nd = 25:00:00", "[]", "[[]]", "[a]]", "a", "a = ", "a = 1 b = 2",
    '{"enterprise": {"name": "甲", "claim_year": 2026,}}', '{"enterprise": NaN}', '{"a": 1} {"b": 2}',
    '{"enterprise": {"name": "甲", "name": "乙", "claim_year": 2026}}', '{"enterprise": {"name": "\\ud800", "claim_year": 2026}}',
    '{"enterprise": {"name": "甲", "claim_year": Infinity}}', '{"enterprise": {"name": "甲", "claim_year": 1e999}}',
    '{"enterprise": {"name": "甲", "claim_year": ' + "9" * 5000 + "}}", '{"\\ud800": 1}', '{"\\u001b[31m": 1}', "{}",
    "[1, 2]", "5", "null", '"x"', "NaN", '{"enterprise": {"name": "a",\n// x\n"claim_year": 2026}}', '{"a": 1e5', "[" * 5,
    '{"enterprise": {"name": "甲", "claim_year": 2026, "\\ud800": 1, "\\u202e": 2}}', '{"enterprise": {"a": {"b": 1, "b": 2}}, "\\x": 1}',
    '{"enterprise": []}', '{"enterprise": null}', '{"investment": {}}', "{'a': 1}", '{"a" 1}', '{"\\u202e": {}}',
]  # fmt: skip
DEPTH = 10_000
DEEP = {
    "arrays": "a = " + "[" * DEPTH + "]" * DEPTH,
    "open arrays": "a = " + "[" * DEPTH,
    "inline tables": "a = " + "{a = " * DEPTH + "1" + "}" * DEPTH,
    "dotted key": ".".join("a" * DEPTH) + " = 1",
    "table header": "[" + ".".join("a" * DEPTH) + "]\nb = 1",
    "many parts": ".".join("a" * 400_000) + " = 1",
    "quoted parts": ".".join(['""'] * 300_000) + " = 1",
    "inline dotted": "x = { " + ".".join("a" * 100_000) + " = 1 }",
    "json arrays": '{"a": ' + "[" * DEPTH + "]" * DEPTH + "}",
    "json objects": '{"a": ' * DEPTH + "1" + "}" * DEPTH,
    "deep in a known key": HEAD + "x = " + "[" * 500 + "]" * 500,
}
ENCODED = {
    "gbk": HEAD.encode("gbk"),
    "big5": HEAD.encode("big5"),
    "utf-16": HEAD.encode("utf-16"),
    "utf-16-le": HEAD.encode("utf-16-le"),
    "utf-16-be": HEAD.encode("utf-16-be"),
    "utf-32": HEAD.encode("utf-32"),
    "latin-1": '[enterprise]\nname = "é"'.encode("latin-1"),
    "cut": HEAD.encode()[:23],
    "gb18030": HEAD.replace("甲", "㐀🏭").encode("gb18030"),
    "utf-16-le ascii": HEAD.replace("甲", "a").encode("utf-16-le"),
    "utf-16-be ascii": HEAD.replace("甲", "a").encode("utf-16-be"),
    "two boms": "\ufeff\ufeff[enterprise]".encode(),
    "surrogates": HEAD.replace("甲", "\ud83d").encode("utf-8", "surrogatepass"),
    "overlong": b'[enterprise]\nname = "\xc0\xaf"',
    "one nul": HEAD.encode() + b"\x00",
    "pdf": b"%PDF-1.7\n[enterprise]",
    "random": bytes(range(256)) * 20,
    "zeros": bytes(4096),
    "zip": b"PK\x03\x04" + bytes(range(256)),
    "empty": b"",
    "bom": b"\xef\xbb\xbf",
    "blanks": b" \n\t\r\n" * 50,
}


def contents() -> Iterator[tuple[str, bytes]]:
    """About two hundred files, each wrong in one way."""
    for number, value in enumerate(SUMS_WRONG):
        yield f"sum-{number}", (INVESTMENT + value + "\n").encode()
    for number, value in enumerate(NAMES_WRONG):
        yield f"name-{number}", f"[enterprise]\nname = {value}\nclaim_year = 2026\n".encode()
        yield f"entry-{number}", (HEAD + f"[[certificate]]\nname = {value}\nyear = 2026\n").encode()
    for number, line in enumerate(LINES_WRONG):
        head = HEAD if not line.startswith("claim_year") else '[enterprise]\nname = "甲"\n'
        yield f"line-{number}", (head + line + "\n").encode()
    for number, table in enumerate(TABLES_WRONG):
        yield f"table-{number}", (HEAD + table + "\n").encode()
    for number, text in enumerate(SYNTAX_WRONG):
        yield f"syntax-{number}", text.encode()
    for name, text in DEEP.items():
        yield f"deep-{name}", text.encode()
    for name, data in ENCODED.items():
        yield f"encoded-{name}", data
    yield "loan without words", LOAN.encode()
    yield "many errors", (HEAD + "".join(f"k{number} = 1\n" for number in range(20_000))).encode()
    yield "many entries", (HEAD + "[[certificate]]\nname = 'x'\nyear = 1\n" * 5_000).encode()
    yield "one long line", (HEAD + "x = '" + "长" * 500_000 + "'").encode()
    yield "many words", (HEAD + "kinds = [" + "1," * 90_000 + "]").encode()
    yield "too many words", (HEAD + "kinds = [" + "1," * 200_000 + "]").encode()
    yield "blanks before a letter", (HEAD + " " * 1_500_000 + "x").encode()
    yield "quotes", b'"' * 1_500_000
    yield "backslashes", (HEAD + 'x = "' + "\\" * 1_500_000).encode()
    yield (
        "one line of json",
        ('{"enterprise": {' + ",".join(f'"k{n}": 1' for n in range(50_000)) + "}}").encode(),
    )
    yield "brackets", b"[" * 1_500_000


FILES = dict(contents())


def assert_harmless(text: str) -> None:
    """No control or direction character but the end of a line; nothing of a trace."""
    bad = {
        character for character in text if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs")
    }
    assert bad <= {"\n"}
    assert "Traceback" not in text


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("suffix", [".toml"])
def test_a_hostile_file_is_refused(
    name: str, suffix: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"企业{suffix}"
    data = FILES[name]
    if data[:1] == b"{" or name in ("one line of json",):
        path = path.with_suffix(".json")
    path.write_bytes(data)
    # Time of its own: how busy the machine is says nothing about the program.
    start = time.process_time()
    code = run(["estimate", str(path), "--lang", "en"])
    assert time.process_time() - start < SLOWEST_SECONDS
    shown = capfd.readouterr()
    assert code == 65, shown.err[-500:]
    assert shown.out == ""
    assert path.name in shown.err
    assert_harmless(shown.err)
    assert len(shown.err) < 100_000


def unopenable(folder: Path) -> Iterator[Path]:
    yield folder
    yield folder / "absent.toml"
    yield folder / "a.toml" / "b.toml"
    yield Path("/dev/null")
    yield Path("/dev/zero")
    yield folder / ("长" * 200)
    yield folder / "\x1b[31m\u202e.toml"
    yield folder / "[red]x[/red].toml"
    yield folder / "a\nb\r\x07.toml"
    yield folder / "\x1b]8;;https://example.org\x07x"
    yield folder / "\udcff\udc80.toml"
    yield folder / "{name}%s.toml"
    yield folder / ("a/" * 3000)
    yield Path("/proc/self/mem")
    fifo, loop, dangling, plug = (folder / name for name in ("fifo", "loop", "dangling", "plug"))
    os.mkfifo(fifo)
    yield fifo
    loop.symlink_to(loop)
    yield loop
    dangling.symlink_to(folder / "nowhere")
    yield dangling
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(folder)
        server.bind("plug")
    yield plug
    huge = folder / "huge.toml"
    with huge.open("wb") as stream:
        stream.truncate(2 * 1024**3)
    yield huge


def test_what_cannot_be_opened_is_exit_66(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in unopenable(tmp_path):
        code = run(["estimate", str(path), "--lang", "en"])
        shown = capfd.readouterr()
        assert code == 66, (path, shown.err)
        assert shown.out == ""
        assert_harmless(shown.err)
        assert "error" in shown.err
    assert run(["estimate", "a\0b", "--lang", "en"]) == 66


def process(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "calc", *arguments], input=data, capture_output=True, timeout=30, check=False
    )


@pytest.mark.parametrize(
    "name",
    [
        "sum-3",
        "name-6",
        "line-19",
        "syntax-0",
        "deep-arrays",
        "encoded-gbk",
        "encoded-utf-16",
        "encoded-empty",
    ],
)
def test_standard_input_is_refused_alike(name: str) -> None:
    done = process("estimate", "-", data=FILES[name])
    assert done.returncode == 65
    assert done.stdout == b""
    assert_harmless(done.stderr.decode())


def test_endless_standard_input_stops() -> None:
    with Path("/dev/zero").open("rb") as zeros:
        done = subprocess.run(
            [sys.executable, "-m", "calc", "estimate", "-"],
            stdin=zeros,
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 66


VALID = HEAD + "[[certificate]]\nname = {name}\nyear = 2026\n"


def shell(command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line in which ``subsidy`` is the program; its own exit code, not that of a reader."""
    script = f'subsidy() {{ "{sys.executable}" -m calc "$@"; }}\n{command}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=30, check=False)
    for trace in (b"Traceback", b"Exception", b"bug"):
        assert trace not in done.stderr
    return done


@pytest.mark.parametrize("output_format", ["json", "table"])
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("subsidy estimate - --format {0} <&-", 66),
        ("subsidy estimate {1} --format {0} >&-", 73),
        ("subsidy estimate {1} --format {0} >/dev/full", 73),
        ("subsidy estimate {1} --format {0} | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}", 0),
        ("subsidy estimate {1} {1} --format {0} | true; exit ${{PIPESTATUS[0]}}", 0),
        ("subsidy estimate {1}x --format {0} 2>&-", 66),
        ("subsidy estimate {1}x --format {0} 2>/dev/full", 66),
        ("PYTHONIOENCODING=ascii subsidy estimate {1} --format {0}", 0),
        ("PYTHONIOENCODING=gbk subsidy estimate {1} --format {0}", 0),
    ],
)
def test_closed_full_and_narrow_streams(line: str, code: int, output_format: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(VALID.format(name='"é😀甲"'), "utf-8")
    assert shell(line.format(output_format, path)).returncode == code


def test_a_closed_standard_output_is_told() -> None:
    assert "标准输出已关闭" in shell("subsidy estimate x >&-").stderr.decode()


def test_an_interrupt_ends_quietly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "calc", "estimate", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A job in the background ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- no threads here
    )
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    shown = process.communicate(timeout=10)
    assert (shown, process.returncode) == ((b"", b""), 130)


def test_of_several_files_the_good_are_answered(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good, bad, absent = (tmp_path / f"{name}.toml" for name in ("good", "bad", "absent"))
    good.write_text(HEAD, "utf-8")
    bad.write_text("x", "utf-8")
    cases = [
        ((good, bad, absent, good), 65, 2),
        ((absent, good), 66, 1),
        ((good, good), 0, 2),
        ((bad,), 65, 0),
    ]
    for files, code, answers in cases:
        assert run(["estimate", *map(str, files), "--format", "ndjson"]) == code
        shown = capfd.readouterr()
        assert len(shown.out.splitlines()) == answers
        assert all(path.name in shown.err for path in files if path != good)


def test_standard_input_named_twice_is_read_once() -> None:
    done = process("estimate", "-", "-", "--format", "ndjson", data=HEAD.encode())
    assert done.returncode == 65
    assert len(done.stdout.splitlines()) == 1


NAMES_THAT_MEAN_SOMETHING = [
    "=cmd|'/C calc'!A0", "+1+1", "-1", "@SUM(1)", "＝1", "[red]红[/red]", "[/]", "[link=http://x]x[/link]", "{0}", "%s",
    "<script>alert(1)</script>", "a|b", "**a**", "[a](javascript:x)", "`a`", "# a", "&lt;", "\\", "é", "👩‍🏭"[:1], '甲"乙',
]  # fmt: skip


@pytest.mark.parametrize("output_format", ["json", "table", "csv", "markdown", "toml", "ndjson"])
def test_what_a_name_means_elsewhere_is_plain_text_here(
    output_format: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in NAMES_THAT_MEAN_SOMETHING:
        path = tmp_path / "a.json"
        entry = {"name": name, "year": 2026}
        enterprise = {"name": name, "claim_year": 2026}
        path.write_text(json.dumps({"enterprise": enterprise, "certificate": [entry]}), "utf-8")
        assert run(["estimate", str(path), "--format", output_format]) == 0
        shown = capfd.readouterr()
        assert shown.err == ""
        assert_harmless(shown.out.replace("\r\n", "\n"))
        if output_format == "csv":
            cells = [cell for row in csv.reader(io.StringIO(shown.out)) for cell in row]
            assert not [one for one in cells if one.startswith(("=", "+", "-", "@", "＝"))]
        if output_format == "markdown":
            assert "<script" not in shown.out
            assert "**a**" not in shown.out
        if output_format == "table" and name.startswith("["):
            assert name in shown.out


RULES_WRONG = {
    **ENCODED,
    **{f"deep-{name}": text.encode() for name, text in DEEP.items()},
    **{
        f"syntax-{number}": text.encode()
        for number, text in enumerate(SYNTAX_WRONG)
        if text not in ("# nothing", "{}")  # an overlay that changes nothing
    },
    "escape in a title": b'[items.02-capacity]\ntitle = { zh = "\\u001b[31m", en = "x" }',
    "direction in a phrase": b'[items.02-capacity]\nphrase = "\\u202ex"',
    "escape in a key": b'[items]\n"\\u001b[31m" = 1',
}


@pytest.mark.parametrize("name", RULES_WRONG)
def test_hostile_rules_are_refused(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rules = tmp_path / ("细则.json" if RULES_WRONG[name][:1] == b"{" else "细则.toml")
    rules.write_bytes(RULES_WRONG[name])
    code = run(["estimate", "x.toml", "--rules", str(rules), "--lang", "en"])
    shown = capfd.readouterr()
    assert code == 78, shown.err
    assert rules.name in shown.err
    assert_harmless(shown.err)


def test_rules_that_cannot_be_opened_are_exit_66(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.toml", Path("/dev/zero")):
        assert run(["estimate", "x.toml", "--rules", str(path)]) == 66
        assert run(["measures", "--rules", str(path)]) == 66
