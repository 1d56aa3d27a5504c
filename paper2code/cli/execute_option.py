"""`--execute`, `--execute=unsafe`, `--no-execute`: one option whose value may be left out."""

from typing import Any, Literal

from paper2code.cli.help_layout import GroupedHelp

Execution = Literal["sandbox", "unsafe", "no"]
"""What the caller says of running generated code, if anything."""

_SPELLED_OUT: dict[str, str] = {"--execute": "--execute=sandbox", "--no-execute": "--execute=no"}


class WithExecute(GroupedHelp):
    """A command with the option `--execute`, which always has a value once it is spelled out.

    Click knows options whose value may be left out, but takes the next word for it: in `--execute paper.pdf`
    that would be the paper.
    """

    # As in `GroupedHelp`, click's own classes have no public name.
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; what stands behind `--` is none of the options."""
        end = args.index("--") if "--" in args else len(args)
        spelled_out = [_SPELLED_OUT.get(argument, argument) for argument in args[:end]]
        return super().parse_args(ctx, spelled_out + args[end:])
