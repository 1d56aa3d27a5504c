"""Which expressions are evidently instances of a class of the repository."""

import ast
from collections.abc import Iterable, Iterator

from paper2code.checks.source.classes import own_methods
from paper2code.checks.source.definitions import Defined, Definitions
from paper2code.checks.source.scopes import Binding, Scope

_DEEPEST = 5
_RETURN_SELF = {"cpu", "cuda", "double", "eval", "float", "half", "requires_grad_", "to", "train"}
"""Methods by which a module of PyTorch's returns itself."""
_Assigned = dict[tuple[ast.ClassDef | None, str], list[ast.expr | None]]


class Instances:
    """What a draft's variables and attributes hold, where a single assignment or an annotation says it."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._bases = {
            base.id if isinstance(base, ast.Name) else getattr(base, "attr", "")
            for node in definitions.scopes.nodes
            if isinstance(node, ast.ClassDef)
            for base in node.bases
        }
        self._made = {
            node.func.id
            for node in definitions.scopes.nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        self._told_apart = set(_told_apart(definitions.scopes.nodes))
        self._on_self = self._assigned_to_self()

    def class_of(self, expression: ast.expr, scope: Scope, left: int = _DEEPEST) -> Defined | None:
        """The class of the repository that an expression is an instance of, if that is evident."""
        match expression:
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if left and attr in _RETURN_SELF:
                owner = self.class_of(value, scope, left - 1)
                return owner if owner and attr not in own_methods(owner.node) else None
            case ast.Call(func=function):
                return self._class(function, scope)
            case ast.Name(id=name) if left:
                found = scope.lookup(name)
                is_single = found is not None and len(found[1]) == 1
                return self._bound(found[1][0], found[0], left) if found and is_single else None
            case ast.Attribute(value=value, attr=attr) if left and self.is_self(value, scope):
                assigned = self._on_self.get((scope.enclosing_class, attr), [])
                held = assigned[0] if len(assigned) == 1 else None
                return (
                    self.class_of(held, self.definitions.scopes.of[held], left - 1)
                    if held is not None
                    else None
                )
        return None

    def is_self(self, expression: ast.expr, scope: Scope) -> bool:
        """Whether an expression is the instance whose method it stands in."""
        binding = scope.only(expression.id) if isinstance(expression, ast.Name) else None
        return binding is not None and self._owner(binding) is not None

    def may_be_mixed_in(self, owner: Defined) -> bool:
        """Whether a class may rely on members that its subclasses bring."""
        name = owner.node.name
        if name in self._bases | self.definitions.around.extended:
            return True
        if name not in self._made and "__init__" not in own_methods(owner.node):
            return True
        is_named_so = any(word in name for word in ("Mixin", "Base", "Abstract", "Protocol", "Interface"))
        has_abstract = any(
            isinstance(node, ast.Name | ast.Attribute)
            and getattr(node, "id", getattr(node, "attr", ""))
            in {"ABC", "ABCMeta", "Protocol", "abstractmethod"}
            for node in ast.walk(owner.node)
        )
        return is_named_so or has_abstract

    def only_base(self, scope: Scope) -> Defined | None:
        """The single base of the class around, where the repository defines it."""
        owner = scope.enclosing_class
        if owner is None or len(owner.bases) != 1:
            return None
        return self._class(owner.bases[0], self.definitions.scopes.of[owner])

    def _class(self, expression: ast.expr, scope: Scope) -> Defined | None:
        meaning = self.definitions.meaning(expression, scope)
        is_class = isinstance(meaning, Defined) and isinstance(meaning.node, ast.ClassDef)
        return meaning if is_class and isinstance(meaning, Defined) else None

    def _bound(self, binding: Binding, scope: Scope, left: int) -> Defined | None:
        if binding.value is not None:
            return self.class_of(binding.value, scope, left - 1)
        owner = self._owner(binding)
        if owner is not None:
            return Defined(self.definitions.around.path, owner)
        if isinstance(binding.node, ast.arg) and binding.node.annotation is not None:
            return self._annotated(binding.node, scope)
        return None

    def _annotated(self, argument: ast.arg, scope: Scope) -> Defined | None:
        arguments = getattr(scope.node, "args", None)
        is_packed = arguments is None or argument in (arguments.vararg, arguments.kwarg)
        if is_packed or argument.arg in self._told_apart:
            return None
        annotation = argument.annotation
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            if not annotation.value.isidentifier():
                return None
            annotation = ast.Name(annotation.value, ast.Load())
        return self._class(annotation, scope.parent) if annotation and scope.parent else None

    def _owner(self, binding: Binding) -> ast.ClassDef | None:
        """The class if the binding is the `self` of one of its methods."""
        if not isinstance(binding.node, ast.arg):
            return None
        inner = self.definitions.scopes.of[binding.node]
        function, outer = inner.node, inner.parent
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or outer is None:
            return None
        named = [*function.args.posonlyargs, *function.args.args]
        decorators = {ast.unparse(decorator) for decorator in function.decorator_list}
        is_first = bool(named) and named[0] is binding.node
        is_method = isinstance(outer.node, ast.ClassDef) and not decorators & {"staticmethod", "classmethod"}
        is_plain = function.name not in {"__new__", "__init_subclass__", "__class_getitem__"}
        return (
            outer.node
            if is_first and is_method and is_plain and isinstance(outer.node, ast.ClassDef)
            else None
        )

    def _assigned_to_self(self) -> _Assigned:
        """All that is assigned to attributes of the instances, by class; None for what isn't plain."""
        found: _Assigned = {}
        values: dict[ast.AST, ast.expr | None] = {}
        for node, scope in self.definitions.scopes:
            match node:
                case (
                    ast.Assign(targets=[ast.Attribute() as target], value=value)
                    | ast.AnnAssign(target=ast.Attribute() as target, value=value)
                ):
                    values[target] = value
                case ast.Attribute(value=owner_name, attr=attr, ctx=ast.Store() | ast.Del()):
                    owner = scope.enclosing_class
                    if owner is not None and isinstance(owner_name, ast.Name):
                        found.setdefault((owner, attr), []).append(values.get(node))
        return found


def _told_apart(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Variables that the file itself asks for their class, so that an annotation doesn't say all of it."""
    for node in nodes:
        match node:
            case ast.Call(
                func=ast.Name(id="isinstance" | "hasattr" | "getattr"), args=[ast.Name(id=name), *_]
            ):
                yield name
            case ast.Match(subject=ast.Name(id=name)):
                yield name
