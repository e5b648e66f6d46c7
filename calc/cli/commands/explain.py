"""``explain``: why."""

from typing import Annotated

import typer

from calc.cli.delivery import deliver
from calc.cli.options import (
    ANSWER,
    COMMAND,
    AdviceFormat,
    AnswerFormat,
    AskedLanguage,
    Count,
    Counting,
    File,
    Output,
    Quiet,
    Reading,
    Rules,
    Stacking,
    Year,
    Yuan,
    complete_items,
    examples,
    format_of,
    words,
)
from calc.cli.request import request_of

app = typer.Typer(**COMMAND)


@app.command(
    "explain",
    rich_help_panel=ANSWER,
    help=words("Why each sum is what it is, and why the combination took or dropped a claim."),
    epilog=examples(
        "subsidy explain 企业.toml",
        "subsidy explain 企业.toml 02-capacity 25",
        "subsidy explain 企业.toml --combination",
        "subsidy explain 企业.toml --combination --stacking expense",
    ),
)
def _explain(
    file: File,
    items: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ITEM",
            help=words(
                "Items in full, as 02-capacity, or 25 for all of a measure; without it, all in brief."
            ),
            autocompletion=complete_items,
        ),
    ] = None,
    combination: Annotated[
        bool,
        typer.Option(
            "--combination",
            help=words("Show the whole choice: conflicts, alternatives, the next best combination."),
        ),
    ] = False,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: AdviceFormat = None,
    rules: Rules = None,
    yuan: Yuan = False,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.explain import ExplainOptions, explain_file

    written = format_of(output_format, output, AnswerFormat)
    request = request_of([file], rules, year, stacking, count, written, yuan=yuan)
    options = ExplainOptions(tuple(items or ()), combination)
    deliver(
        lambda channel: explain_file(request, options, channel), lang, output=output, quiet=quiet, pages=True
    )
