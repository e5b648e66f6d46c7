"""``estimate``: what an enterprise can claim."""

from typing import Annotated

import typer

from calc.cli.delivery import deliver
from calc.cli.options import (
    ANSWER,
    COMMAND,
    AskedLanguage,
    Count,
    Counting,
    Format,
    Output,
    Quiet,
    Reading,
    Rules,
    Stacking,
    Year,
    Yuan,
    examples,
    format_of,
    words,
)
from calc.cli.request import request_of

app = typer.Typer(**COMMAND)


@app.command(
    "estimate",
    rich_help_panel=ANSWER,
    help=words("Every award the enterprise can claim, and the combination that pays most."),
    epilog=examples(
        "subsidy estimate 企业.toml",
        "subsidy estimate 企业.toml --stacking expense --count ceiling",
        "subsidy estimate *.toml --format ndjson -o 结果.ndjson",
        "subsidy estimate 企业.toml --rules 细则.toml",
        "subsidy estimate 企业.toml --watch",
    ),
)
def _estimate(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help=words("Enterprise files, TOML or JSON; - is standard input.")),
    ],
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: Annotated[
        Format | None, typer.Option("--format", help=words("How the answer is written."))
    ] = None,
    rules: Rules = None,
    yuan: Yuan = False,
    watch: Annotated[
        bool, typer.Option("--watch", help=words("Answer anew whenever a file is saved."))
    ] = False,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.estimate import estimate_files

    written = format_of(output_format, output, Format)
    request = request_of(files, rules, year, stacking, count, written, yuan=yuan)
    deliver(
        lambda channel: estimate_files(request, channel),
        lang,
        output=output,
        quiet=quiet,
        pages=True,
        watched=(*files, *request.rules) if watch else (),
    )
