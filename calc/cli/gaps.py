"""``subsidy gaps``: what small change would pay."""

from calc.cli.channel import Channel
from calc.cli.opening import report_unproven
from calc.cli.request import Request
from calc.cli.scene import on_scene
from calc.engine.advice import Scene, find_gaps
from calc.policy.rules import Rules
from calc.present.data import advice as advice_data
from calc.present.data.documents import answer_text
from calc.present.views.gaps import print_gaps


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
