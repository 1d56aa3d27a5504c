"""Help without boxes: the options under their headings."""

from typing import Any

from typer.core import TyperCommand

_OTHER = "Options"


class GroupedHelp(TyperCommand):
    """A command whose help lists its options by subject, in the order in which they were declared."""

    # Typer carries click under a private name of its own, so the two classes have no name that we could use.
    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options."""
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], _OTHER: []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            is_argument = parameter.param_type_name == "argument"
            # A value that may be left out is joined to its option, as it has to be when it is given.
            record = (record[0].replace(" [=", "[="), record[1])
            heading = getattr(parameter, "rich_help_panel", None) or ("Arguments" if is_argument else _OTHER)
            sections.setdefault(heading, []).append(record)
        for heading, records in sections.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)
