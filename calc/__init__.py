"""What an enterprise can claim under a policy, and the combination that pays most.

The Python API: ``estimate(load_enterprise("企业.toml"))``.  Nothing is imported before it is used.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from calc.engine.combine.problem import Stacking
    from calc.engine.estimate import Estimate
    from calc.engine.evaluate import Count
    from calc.enterprise.enterprise import Enterprise
    from calc.policy.rules import Rules

__version__ = "0.3.1"
__all__ = ["__version__", "estimate", "estimate_frame", "load_enterprise", "load_rules"]


def load_rules(*sources: str) -> "Rules":
    """The packaged rules; with ``sources``, those files replacing them or laid over them in turn.

    Raises ``calc.enterprise.problems.InputError`` with every problem of the rules.
    """
    from calc.policy.loader import load_rules as load

    return load(sources)


def load_enterprise(
    source: str, rules: "Rules | None" = None, *, claim_year: int | None = None
) -> "Enterprise":
    """Read one enterprise file, TOML or JSON; ``claim_year`` wins over the file's own.

    Raises ``calc.enterprise.problems.InputError`` with every problem of the file.
    """
    from calc.enterprise.loader import load_enterprise as load
    from calc.policy.loader import packaged_rules

    rules = rules or packaged_rules()
    return load(source, rules.vocabulary, rules.item_ids, claim_year=claim_year).enterprise


def estimate(
    enterprise: "Enterprise",
    rules: "Rules | None" = None,
    *,
    stacking: "Stacking" = "subject",
    count: "Count" = "ratio",
) -> "Estimate":
    """Estimate one enterprise in its claim year; all sums are exact, in whole yuan.

    ``stacking`` is the reading of the closing clause (strict, subject, expense, none), ``count`` which grades
    count (stated, ratio, ceiling).
    """
    from calc.engine.estimate import estimate as estimate_under
    from calc.policy.loader import packaged_rules

    return estimate_under(enterprise, rules or packaged_rules(), stacking=stacking, count=count)


def estimate_frame(  # noqa: PLR0913 -- the options of the command
    frame: "Any",
    rules: "Rules | None" = None,
    *,
    stacking: "Stacking" = "subject",
    count: "Count" = "ratio",
    claim_year: int | None = None,
    long: bool = False,
) -> "Any":
    """Estimate every row of a data frame: polars, pandas or Arrow in, the same kind out.

    The columns are those of a batch's inputs, nested or dotted (``figures.2025.revenue``), and of its
    answers: a row for each enterprise or, where ``long``, for each of its claims, in whole yuan.  A row that
    is wrong has the status ``error`` and says why.  ``claim_year`` wins over the rows' own.

    Needs the extra ``batch``.  Raises ``calc.enterprise.problems.InputError`` with all columns that mean
    nothing.
    """
    from functools import partial

    from calc.batch.answers import Question
    from calc.batch.frame import answer_frame
    from calc.policy.loader import packaged_rules
    from calc.present.words.batch import row_says

    question = Question(rules or packaged_rules(), stacking, count, claim_year, long)
    return answer_frame(frame, question, partial(row_says, "en"))
