"""Commands to copy: whatever a file is called, the shell gives the command that very name."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.present.safe import shell_file, shell_word


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("企业.toml", "企业.toml"),
        ("我的 客户.toml", "'我的 客户.toml'"),
        ("（新）.toml", "'（新）.toml'"),
        ("-x.toml", "./-x.toml"),
        ("-", "-"),
        ("$(rm x).toml", "'$(rm x).toml'"),
        ("a\nb.toml", "$'a\\U0000000ab.toml'"),
    ],
)
def test_a_name_is_quoted_only_where_it_has_to_be(name: str, shown: str) -> None:
    assert shell_file(name) == shown


def test_a_name_is_quoted_for_both_shells_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calc.present.safe.os.name", "nt")
    assert (shell_word("我的 客户.toml"), shell_word("企业.toml")) == ('"我的 客户.toml"', "企业.toml")


@settings(max_examples=25, deadline=None)
@given(
    st.text(
        st.sampled_from("ab企 业'\"\\$`!*?[]#~&;|<>(){}-\n\t\r\x1b\u202e\u2028é=,^%"), min_size=1, max_size=12
    )
)
def test_a_shell_reads_the_very_name(name: str) -> None:
    told = subprocess.run(
        ["bash", "-c", f"printf '%s' {shell_word(name)}"],
        capture_output=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        check=True,
    )
    assert told.stdout.decode() == name
