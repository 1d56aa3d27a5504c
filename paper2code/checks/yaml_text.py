"""YAML as Python programs will read it, with one way to fail."""

import re
from collections.abc import Iterator

import yaml

_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*\.?\d*|\.\d+)[eE][-+]?\d+")


def parse_yaml(text: str) -> object:
    """What `yaml.safe_load` makes of a text.

    Raises:
        ValueError: PyYAML can't read it; the text of the error is one line and names the line.
    """
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ValueError(f"{error.problem or 'not YAML'}{line}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split()) or "nested too deeply") from error


def numbers_read_as_text(text: str) -> Iterator[tuple[str, int]]:
    """Plain scalars that a person reads as a number and PyYAML as text, such as `1e-4`, with their lines.

    PyYAML follows YAML 1.1, where a number with an exponent needs a dot and the exponent a sign: `1.0e-4`.

    Args:
        text: What `parse_yaml` can read.
    """
    for node in _scalars(yaml.compose(text, Loader=yaml.SafeLoader), set()):
        is_plain_text = node.tag == "tag:yaml.org,2002:str" and node.style is None
        if is_plain_text and _NUMBER.fullmatch(node.value):
            yield node.value, node.start_mark.line + 1


def _scalars(node: yaml.Node | None, seen: set[int]) -> Iterator[yaml.ScalarNode]:
    """Every scalar once, however often aliases lead to it."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _scalars(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _scalars(value, seen)


def line_of_key(text: str, dotted: str) -> int:
    r"""The line on which a key of a block mapping stands; 0 where it isn't found.

    >>> line_of_key("train:\n  lr: 0.1\n", "train.lr")
    2
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 0
    for part in dotted.split("."):
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == part), None)
        if found is None:
            return 0
        line, node = found[0].start_mark.line + 1, found[1]
    return line
