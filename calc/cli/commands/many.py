"""``batch`` and ``budget``: many enterprises at once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from calc.cli.delivery import act_with, deliver
from calc.cli.options import (
    COMMAND,
    MANY,
    AskedLanguage,
    Count,
    Counting,
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

app = typer.Typer(**COMMAND)


class BatchFormat(StrEnum):
    """How the rows are written."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    ARROW = "arrow"
    XLSX = "xlsx"


class BudgetFormat(StrEnum):
    """How a budget is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    XLSX = "xlsx"
    HTML = "html"


class TemplateFormat(StrEnum):
    """How an empty input is written."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class LogFormat(StrEnum):
    """How progress is told."""

    TEXT = "text"
    JSON = "json"


Pools = Annotated[
    bool, typer.Option("--pools", help=words("Set what is granted against the budget pools, pro rata."))
]
NamedPools = Annotated[
    list[str] | None,
    typer.Option(
        "--pool",
        metavar="02=5000万",
        help=words("A pool of an item or of a whole measure; may be repeated."),
    ),
]
Jobs = Annotated[int | None, typer.Option("--jobs", metavar="2", min=1, help=words("How many cores work."))]
Log = Annotated[LogFormat, typer.Option("--log", help=words("How progress is told on standard error."))]
INPUT_HELP = words(
    "Files and folders of enterprises: TOML, JSON, NDJSON, CSV, XLSX, Parquet, Arrow; - is standard input."
)


@app.command(
    "batch",
    rich_help_panel=MANY,
    help=words("A row for each of many enterprises: its total under each reading, what each item pays."),
    epilog=examples(
        "subsidy batch 名单.xlsx -o 结果.xlsx",
        "subsidy batch 企业/ 名单.ndjson.gz -o 结果.parquet --pools",
        "subsidy batch 名单.csv -o 结果.csv --resume",
        "cat 名单.ndjson | subsidy batch - --long > 明细.ndjson",
        "subsidy batch s3://bucket/名单/ -o s3://bucket/结果/ --cluster tcp://10.0.0.5:8786",
        "subsidy batch --template xlsx -o 名单.xlsx",
    ),
)
def _batch(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT", help=INPUT_HELP),
    ] = None,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    rules: Rules = None,
    output_format: Annotated[
        BatchFormat | None,
        typer.Option("--format", help=words("How the rows are written; else as the file's ending says.")),
    ] = None,
    long: Annotated[bool, typer.Option("--long", help=words("A row for each claim instead."))] = False,
    pools: Pools = False,
    pool: NamedPools = None,
    jobs: Jobs = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help=words("Work on a Dask cluster: the address of its scheduler, or local for this machine."),
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=words("Go on from what an interrupted run completed."))
    ] = False,
    template: Annotated[
        TemplateFormat | None,
        typer.Option("--template", help=words("Write an empty input to fill in, and nothing else.")),
    ] = None,
    log: Log = LogFormat.TEXT,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=words("Write the rows to this file, or into this folder; what is done of them is kept."),
        ),
    ] = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    if template is not None:
        from calc.cli.empty import refuse_inputs, write_empty

        if inputs:
            act_with(refuse_inputs, lang, quiet)
        file = None if output is None else Path(output)
        act_with(lambda channel: write_empty(template.value, file, rules or (), year, channel), lang, quiet)
    from calc.cli.many import BatchRequest, run_batch

    request = BatchRequest(
        inputs=tuple(inputs or ()),
        rules=tuple(rules or ()),
        claim_year=year,
        stacking=stacking.value,
        count=count.value,
        asked_format=None if output_format is None else output_format.value,
        output=output,
        is_long=long,
        has_pools=pools or bool(pool),
        pools=tuple(pool or ()),
        jobs=jobs,
        cluster=cluster,
        resume=resume,
        is_logged=log is LogFormat.JSON,
    )
    act_with(lambda channel: run_batch(request, channel), lang, quiet)


@app.command(
    "budget",
    rich_help_panel=MANY,
    help=words("What a whole portfolio would cost, and what other rules would change of it."),
    epilog=examples(
        "subsidy budget 名单.xlsx",
        "subsidy budget 企业/ 名单.ndjson.gz --pools -o 预算.xlsx",
        "subsidy budget 名单.csv --against 实施细则.toml -o 对比.html",
        "subsidy budget 名单.parquet --format json",
    ),
)
def _budget(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help=INPUT_HELP)],
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="OVERLAY",
            help=words("An overlay over these rules, or other rules, to compare with; may be repeated."),
        ),
    ] = None,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    rules: Rules = None,
    pools: Pools = False,
    pool: NamedPools = None,
    output_format: Annotated[
        BudgetFormat | None,
        typer.Option("--format", help=words("How the budget is written; else as the file's ending says.")),
    ] = None,
    yuan: Yuan = False,
    jobs: Jobs = None,
    log: Log = LogFormat.TEXT,
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.budget import BudgetRequest, run_budget

    request = BudgetRequest(
        inputs=tuple(inputs),
        rules=tuple(rules or ()),
        against=tuple(against or ()),
        claim_year=year,
        stacking=stacking.value,
        count=count.value,
        written=format_of(output_format, output, BudgetFormat),
        output=output,
        in_yuan=yuan,
        has_pools=pools or bool(pool),
        pools=tuple(pool or ()),
        jobs=jobs,
        is_logged=log is LogFormat.JSON,
    )
    deliver(lambda channel: run_budget(request, channel), lang, output=output, quiet=quiet, pages=True)
