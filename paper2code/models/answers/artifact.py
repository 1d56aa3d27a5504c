"""An artifact out of the JSON of an answer."""

import json
import re
from collections.abc import Mapping
from types import UnionType
from typing import Annotated, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.json_text import ESCAPE, Document, documents
from paper2code.models.answers.text import plain, well_formed

MAX_PROBLEMS = 12

T = TypeVar("T", bound=BaseModel)


def read_artifact(text: str, schema: type[T]) -> T:
    """Read an artifact from a model's answer.

    What stands around the JSON does not matter, nor do thinking, comments, trailing commas, the case of keys,
    LaTeX whose backslashes are not escaped, or one list or object too many around the whole.

    Args:
        text: The answer.
        schema: The artifact that was asked for.

    Raises:
        AnswerFault: The answer is cut, empty, no JSON, or does not fit the schema.
    """
    fault = AnswerFault("The answer holds no JSON object. Send one, in the form asked for, and nothing else.")
    for number, document in enumerate(documents(plain(text))):
        try:
            return _artifact(document, schema)
        except AnswerFault as problem:
            if document.problem:
                raise
            fault = problem if number == 0 else fault
    raise fault


def _artifact(document: Document, schema: type[T]) -> T:
    unknown: list[str] = []
    value = _fitted(_core(document.value(), schema), schema, unknown)
    if document.problem and unknown:
        # Where quotes went astray, json-repair takes pieces of sentences for keys.
        raise AnswerFault(f"The JSON is not valid ({document.problem}). {ESCAPE}")
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        raise AnswerFault(_told(error)) from None


def _core(value: object, schema: type[BaseModel], depth: int = 0) -> dict[str, object]:
    """The object that has the artifact's keys, out of a list, an object or a string around it."""
    if isinstance(value, str) and depth < 3:
        return _core(_decoded(value), schema, depth + 1)
    if isinstance(value, list) and len(value) == 1 and depth < 3:
        return _core(value[0], schema, depth + 1)
    if isinstance(value, list) and value:
        raise AnswerFault(f"The answer is a list of {len(value)}. Send one JSON object.")
    if not isinstance(value, dict) or not value:
        raise AnswerFault("The answer is empty. Send one JSON object with all keys of the form asked for.")
    names = _names(schema)
    if any(_canonical(key) in names for key in value):
        return value
    inner: list[dict[str, object]] = []
    for part in value.values() if depth < 3 else ():
        try:
            inner.append(_core(part, schema, depth + 1))
        except AnswerFault:
            continue
    if len(inner) != 1:
        raise AnswerFault(f"The object has none of the keys asked for: {', '.join(names.values())}.")
    return inner[0]


def _fitted(value: object, kind: object, unknown: list[str]) -> object:
    """The value with the keys that its type has, and with sound text; `unknown` collects other keys."""
    kind = _plain_type(kind, value)
    origin = get_origin(kind)
    is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
    if isinstance(value, str) and (is_model or origin in (list, tuple)):
        value = _decoded(value)
    if isinstance(value, str):
        return _latex_restored(well_formed(value))
    if isinstance(value, list) and origin in (list, tuple):
        return [_fitted(item, get_args(kind)[0], unknown) for item in value]
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, BaseModel):
        return _with_names(value, kind, unknown)
    return value


def _with_names(value: Mapping[str, object], model: type[BaseModel], unknown: list[str]) -> dict[str, object]:
    names = _names(model)
    result: dict[str, object] = {}
    for key, item in value.items():
        name = key if key in model.model_fields else names.get(_canonical(key), key)
        if name not in model.model_fields:
            unknown.append(key)
        elif key == name or name not in value:
            result[name] = _fitted(item, model.model_fields[name].annotation, unknown)
    return result


def _plain_type(kind: object, value: object) -> object:
    """The type without `Annotated`, and of a union the part that such a value can be."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) not in (Union, UnionType):
        return kind
    parts = [_plain_type(part, value) for part in get_args(kind) if part is not type(None)]
    for part in parts:
        is_model = isinstance(part, type) and issubclass(part, BaseModel)
        if (isinstance(value, dict) and is_model) or (
            isinstance(value, list) and get_origin(part) in (list, tuple)
        ):
            return part
    return parts[0]


def _decoded(text: str) -> object:
    """The value of JSON inside a string, or the string."""
    if text.lstrip().startswith(("{", "[")):
        try:
            value: object = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            return text
        return value
    return text


def _names(model: type[BaseModel]) -> dict[str, str]:
    return {_canonical(name): name for name in model.model_fields}


def _canonical(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key.lower())


_LATEX = re.compile(
    "(?P<b>\b)|(?P<f>\f)"
    r"|(?P<n>\n)(?=abla\b)"
    r"|(?P<r>\r)(?=(?:ho|angle|ight|floor|ceil)\b|m\{)"
    r"|(?P<t>\t)(?=(?:heta|au|imes|ilde|op|frac|riangle)\b|ext\w*\{)"
)


def _latex_restored(text: str) -> str:
    r"""The text with the LaTeX commands that JSON took for escapes: `"\beta"` is a backspace and `eta`.

    A backspace and a form feed are never meant; the others only where a command's name goes on behind them.
    """
    return _LATEX.sub(lambda match: f"\\{match.lastgroup}", text)


def _told(error: ValidationError) -> str:
    """The problems, numbered, as a model can mend them."""
    told = error.errors(include_url=False, include_context=False)
    parents = {problem["loc"][:end] for problem in told for end in range(len(problem["loc"]))}
    # pydantic counts only sound items, and so finds a list too short for each item that is not.
    problems = [each for each in told if each["type"] != "too_short" or each["loc"] not in parents]
    lines = [
        f"{number}. {_place(problem['loc'])}: {problem['msg']}{_got(problem['type'], problem['input'])}"
        for number, problem in enumerate(problems[:MAX_PROBLEMS], start=1)
    ]
    if len(problems) > MAX_PROBLEMS:
        lines.append(f"and {len(problems) - MAX_PROBLEMS} more of the kind.")
    return "The answer does not have the form asked for:\n" + "\n".join(lines)


def _place(location: tuple[int | str, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return path.lstrip(".") or "the whole"


def _got(kind: str, value: object) -> str:
    if kind in ("missing", "value_error") or isinstance(value, dict | list | tuple):
        return ""
    shown = " ".join(repr(value).split())
    return f" (it is {shown if len(shown) <= 60 else shown[:57] + '...'})"
