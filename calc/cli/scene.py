"""Opens the file that advice is about: an estimate from which changes start."""

from collections.abc import Callable

from calc.cli.channel import Channel
from calc.cli.opening import estimated, on_file
from calc.cli.request import Request
from calc.engine.advice import Scene
from calc.enterprise.documents import Document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.policy.rules import Rules


def on_scene(request: Request, channel: Channel, act: Callable[[Scene, Rules], None]) -> int:
    """Let a command act on the file it was given; the exit code, with all problems reported."""

    def on_document(document: Document, enterprise: Enterprise, rules: Rules) -> None:
        def read(changed: Document) -> Enterprise:
            found = enterprise_from(changed, rules.vocabulary, rules.item_ids, claim_year=request.claim_year)
            return found.enterprise

        answer = estimated(enterprise, rules, request)
        act(Scene(document, answer, read, lambda one: estimated(one, rules, request)), rules)

    return on_file(request, channel, on_document)
