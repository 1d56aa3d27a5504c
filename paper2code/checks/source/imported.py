"""What a name is imported as."""

import ast

from paper2code.checks.source.scopes import Scope


def imported_module(expression: ast.expr, scope: Scope) -> str | None:
    """The dotted name of what a name or attribute is imported as; None for what isn't imported.

    `F` stands for `torch.nn.functional` after `import torch.nn.functional as F`, and so it does after
    `from torch.nn import functional as F`.
    """
    match expression:
        case ast.Attribute(value=value, attr=attr):
            owner = imported_module(value, scope)
            return owner and f"{owner}.{attr}"
        case ast.Name(id=name):
            binding = scope.only(name)
            if binding is None or binding.alias is None:
                return None
            if isinstance(binding.node, ast.ImportFrom):
                is_relative = binding.node.level > 0
                return None if is_relative else f"{binding.node.module}.{binding.alias.name}"
            return binding.alias.name if binding.alias.asname else name
    return None
