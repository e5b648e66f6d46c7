"""``check``: what is wrong, missing or doubtful in an enterprise file."""

from typing import Annotated

import typer

from calc.cli.delivery import deliver
from calc.cli.options import (
    COMMAND,
    START,
    AdviceFormat,
    AnswerFormat,
    AskedLanguage,
    Output,
    Quiet,
    Rules,
    Year,
    examples,
    format_of,
    words,
)

app = typer.Typer(**COMMAND)


@app.command(
    "check",
    rich_help_panel=START,
    help=words("What is wrong with a file, which figures are missing and what they may be worth."),
    epilog=examples(
        "subsidy check 企业.toml", "subsidy check *.toml --quiet", "subsidy check 企业.toml --format json"
    ),
)
def _check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help=words("Enterprise files, TOML or JSON; - is standard input.")),
    ],
    year: Year = None,
    output_format: AdviceFormat = None,
    rules: Rules = None,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.check import CheckRequest, check_files

    request = CheckRequest(
        files=tuple(files),
        rules=tuple(rules or ()),
        claim_year=year,
        output_format=format_of(output_format, output, AnswerFormat),
    )
    deliver(lambda channel: check_files(request, channel), lang, output=output, quiet=quiet, pages=True)
