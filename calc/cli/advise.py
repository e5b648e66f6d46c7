"""``subsidy gaps``: what small change would pay."""

from calc.cli.channel import Channel
from calc.cli.opening import report_unproven
from calc.cli.request import Request
from calc.cli.scene import on_scene
from calc.engine.advice import Scene, find_gaps
from calc.policy.rules import Rules
from calc.present import advice_data
from calc.present.advice_tables import print_gaps
from calc.present.documents import answer_text


def show_gaps(request: Request, channel: Channel) -> int:
    """The least change for each ineligible claim, largest gain first."""

    def act(scene: Scene, _rules: Rules) -> None:
        report_unproven(scene.estimate.is_proven, request.source, channel)
        gaps = find_gaps(scene)
        if request.output_format == "table":
            print_gaps(scene.estimate, gaps, channel.speech, in_yuan=request.in_yuan)
        else:
            channel.write(answer_text(advice_data.gaps_data(scene.estimate, gaps), request.output_format))

    return on_scene(request, channel, act)
