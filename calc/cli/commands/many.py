"""``batch``: many enterprises at once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from calc.cli.delivery import act_with
from calc.cli.options import (
    COMMAND,
    MANY,
    AskedLanguage,
    Count,
    Counting,
    Quiet,
    Reading,
    Rules,
    Stacking,
    Year,
    examples,
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


class TemplateFormat(StrEnum):
    """How an empty input is written."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class LogFormat(StrEnum):
    """How progress is told."""

    TEXT = "text"
    JSON = "json"


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
        typer.Argument(
            metavar="INPUT",
            help=words(
                "Files and folders of enterprises: TOML, JSON, NDJSON, CSV, XLSX, Parquet, Arrow; "
                "- is standard input."
            ),
        ),
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
    pools: Annotated[
        bool, typer.Option("--pools", help=words("Set what is granted against the budget pools, pro rata."))
    ] = False,
    pool: Annotated[
        list[str] | None,
        typer.Option(
            "--pool",
            metavar="02=5000万",
            help=words("A pool of an item or of a whole measure; may be repeated."),
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="2", min=1, help=words("How many cores work."))
    ] = None,
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
    log: Annotated[
        LogFormat, typer.Option("--log", help=words("How progress is told on standard error."))
    ] = LogFormat.TEXT,
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
        from calc.cli.empty import write_empty

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
