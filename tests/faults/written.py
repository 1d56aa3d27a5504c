"""Faults of what a model writes: JSON and fences that are nearly right, and answers that are none."""

import json
import re
from typing import Any

from paper2code.testing import ToyProject
from tests.faults.fault import (
    ARTIFACTS,
    FEW,
    FILES,
    SOME,
    Asked,
    Fault,
    edited,
    replied,
    restructured,
    rewritten,
)
from tests.faults.project import TOY
from tests.models.server import Answer, Reply

_THINKING = "<think>\nLet me sketch it first:\n```python\nx = 1\n```\nThat is enough.\n</think>\n\n"
_FIVE_MEGABYTES = 5_000_000
_PROSE = "Let me think about it. " * (_FIVE_MEGABYTES // 23)
_ITEM = re.compile(r'(["}\]],?)$', re.MULTILINE)


# ------------------------------------------------------------------ JSON


def _commented(mark: str) -> Any:
    return edited(lambda text: _ITEM.sub(rf"\1  {mark} as asked", text))


def _behind_lists(text: str) -> str:
    return re.sub(r"\],$", "],  # in dependency order", text, flags=re.MULTILINE)


def _trailing_comma(closing: str) -> Any:
    return edited(lambda text: re.sub(rf"([^\s,\[{{])(\s*){re.escape(closing)}", rf"\1,\2{closing}", text))


def _with_text(asked: Asked, written: str) -> Answer:
    """The artifact, its first string with these characters of JSON at its end."""
    if asked.stage.name == "config":  # whose first string is a whole file
        return json.dumps({**asked.value, "note": "@"}, indent=2).replace("@", written)
    return re.sub(r'(": "[^"\n]*)"', lambda found: f'{found[1]}{written}"', asked.text, count=1)


def _in_title_case(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.replace("_", " ").title(): _in_title_case(item) for key, item in value.items()}
    return [_in_title_case(item) for item in value] if isinstance(value, list) else value


def _first_key_renamed(value: dict[str, Any]) -> dict[str, Any]:
    first, *others = value
    return {first.title(): value[first]} | {key: value[key] for key in others}


JSON = (
    Fault("json-comment-hash", _commented("#"), ARTIFACTS, ("always",)),
    Fault("json-comment-slash", _commented("//"), ARTIFACTS, ("always",)),
    Fault("json-comment-bracket", edited(_behind_lists), ARTIFACTS, ("always",)),
    Fault("json-comma-list", _trailing_comma("]"), ARTIFACTS, ("always",)),
    Fault("json-comma-object", _trailing_comma("}"), ARTIFACTS, ("always",)),
    Fault("json-fence", edited(lambda t: f"Here it is:\n\n```json\n{t}\n```\n\nTell me if you want changes."),
          ARTIFACTS, ("always",)),
    Fault("json-fence-content", edited(lambda t: f"[CONTENT]\n```json\n{t}\n```\n[/CONTENT]"),
          ARTIFACTS, ("always",)),
    Fault("json-quoted-hash", lambda asked: _with_text(asked, r" Splits \"a b\", # by spaces."),
          ARTIFACTS, ("always",)),
    Fault("json-newline", lambda asked: _with_text(asked, " First line.\nSecond line."),
          ARTIFACTS, ("always",)),
    Fault("json-nan", restructured(lambda v: {**v, "score": float("nan")}), ARTIFACTS, ("always",)),
    Fault("json-nan-inside", edited(lambda t: re.sub(r": (\d+(?:\.\d+)?|true)\b", ": NaN", t)),
          ("architect", "reviewer")),
    Fault("json-too-deep", edited(lambda t: "[" * 100_000 + t), ("planner", "reviewer")),
    Fault("json-a-number", edited(lambda _: "42"), ("planner", "reviewer")),
    Fault("json-is-a-string", edited(json.dumps), ARTIFACTS, ("always",)),
    Fault("key-case", restructured(_in_title_case), ARTIFACTS, ("always",)),
    Fault("key-case-task", restructured(_first_key_renamed), ARTIFACTS, ("always",)),
    Fault("keys-in-german", restructured(lambda v: {f"{key}_auf_deutsch": v[key] for key in v}), ARTIFACTS),
)  # fmt: skip


# ------------------------------------------------------------------ the list of files


def planning(path: str) -> Any:
    """A fault that names a further file in a list of files, which owns nothing."""

    def add(value: dict[str, Any]) -> None:
        alone = ToyProject({path: []})
        is_design = "interface" in value["files"][0]
        entry = alone.architecture().files[0] if is_design else alone.dependencies().files[0]
        extra = entry.model_dump(mode="json") | ({"requirements": []} if is_design else {})
        value["files"].insert(1, extra)

    return restructured(add)


_LISTS = ("architect", "dependencies")

LISTS = (
    Fault("task-extra", planning("extra_module.py"), _LISTS),
    Fault("task-missing", restructured(lambda v: v["files"].pop()), _LISTS),
    Fault("task-dup", restructured(lambda v: v["files"].append(v["files"][0])), _LISTS),
    Fault("task-config", planning("config.yaml"), _LISTS),
    Fault("task-readme", planning("README.md"), _LISTS),
    Fault("injection-obey", planning("notes/extra.py"), _LISTS),
    Fault("injection-obey-code",
          rewritten(lambda t: f"{t}\n\nnotes/extra.py\n```python\nEXTRA = 1\n```"), FILES),
)  # fmt: skip


# ------------------------------------------------------------------ any text


def _cut(asked: Asked) -> Answer:
    return Reply(asked.text[: int(len(asked.text) * 0.6)], "length")


def _cut_unnoticed(asked: Asked) -> Answer:
    return asked.text[: int(len(asked.text) * 0.6)]


def _of_another(asked: Asked) -> Answer:
    """What the model answers to another agent."""
    return (
        TOY.code("data.py")
        if asked.stage.form == "artifact"
        else asked.model.project.plan().model_dump_json()
    )


def _with_surrogate(asked: Asked) -> Answer:
    if asked.stage.form == "artifact":
        return _with_text(asked, r" \ud83d")
    return re.sub(r"^(def .*)$", '\\1\n    """\ud83d"""', asked.whole, count=1, flags=re.MULTILINE)


def _of_the_other_file(asked: Asked) -> Answer:
    """What the model answers about the other file at the same time."""
    other = next(iter(asked.model.project.imports))
    match asked.stage.name:
        case "reviewer":
            return asked.model.project.review(other).model_dump_json()
        case "tester":
            return asked.model.project.tests(other)
        case _:
            return asked.model.project.code(other)


TEXT = (
    Fault("truncated", _cut),
    Fault("truncated-unsaid", _cut_unnoticed),
    Fault("empty", edited(lambda _: "")),
    Fault("null", replied(text=None)),
    Fault("refusal", edited(lambda _: "I'm sorry, but I can't help with that request.")),
    Fault("refusal-field", replied(text=None, refusal="I can't help with that."), SOME),
    Fault("content-filter", replied(text=None, finish_reason="content_filter"), SOME),
    Fault("content-filter-cut", lambda a: Reply(a.text[:40], "content_filter"), SOME),
    Fault("think", edited(lambda t: _THINKING + t)),
    Fault("think-no-end", edited(lambda t: f"<think>\nIt could be this:\n{t}"), SOME),
    Fault("bom", edited(lambda t: f"\ufeff{t}"), often=("always",)),
    Fault("crlf", edited(lambda t: t.replace("\n", "\r\n")), often=("always",)),
    Fault("nul", edited(lambda t: t.replace("\n", "\0\n")), often=("always",)),
    Fault("lone-surrogate", _with_surrogate, often=("always",)),
    Fault("another-language", edited(lambda _: "好的，我会按照您的要求完成这个任务。" * 20), SOME),
    Fault("words-in-chinese", rewritten(lambda t: f"以下是您要的答案：\n\n{t}\n\n谢谢！"),
          often=("always",)),
    Fault("another-role", _of_another, SOME),
    Fault("another-file", _of_the_other_file, ("tester", "coder", "coder again", "reviewer")),
    Fault("twice", rewritten(lambda t: f"{t}\n\n{t}"), often=("always",)),
    Fault("5-MB-cut", lambda a: Reply(_PROSE, "length"), SOME, steady=FEW),
    Fault("5-MB-of-prose", edited(lambda _: _PROSE), SOME, steady=FEW),
    Fault("5-MB-before", edited(lambda t: f"{_PROSE}\n\n{t}"), SOME, steady=FEW),
    Fault("5-MB-of-brackets", edited(lambda _: '{"a": [' * (_FIVE_MEGABYTES // 7)), SOME, steady=FEW),
    Fault("5-MB-of-fences", edited(lambda _: "```\nx = 1\n```\n" * (_FIVE_MEGABYTES // 14)), SOME,
          steady=FEW),
    Fault("5-MB-on-one-line", edited(lambda t: t + " " + "x" * _FIVE_MEGABYTES), SOME, steady=FEW),
    Fault("5-MB-of-blanks", edited(lambda t: t + "\n" * _FIVE_MEGABYTES), SOME, steady=FEW),
)  # fmt: skip


# ------------------------------------------------------------------ config.yaml and code


def _yaml(form: str) -> Any:
    return lambda asked: form.format(asked.value["yaml"].strip())


def _yaml_fenced(value: dict[str, Any]) -> None:
    value["yaml"] = f"```yaml\n{value['yaml']}```\n"


def _bare(text: str) -> str:
    """The code without its fence, and without the path above it."""
    return re.sub(r"\A.*?```python\n|\n```.*\Z", "", text, flags=re.DOTALL)


def _with_docstring(pad: str) -> Any:
    quoted = f'    """Its number.\n\n{pad}```python\n{pad}number = value()\n{pad}```\n    """'
    return rewritten(lambda t: re.sub(r"^def .*$", rf"\g<0>\n{quoted}", t, count=1, flags=re.MULTILINE))


def _indented(text: str) -> str:
    return "1. The file:\n\n" + "\n".join(f"   {line}" for line in text.split("\n"))


CONFIG = (
    Fault("yaml-nofence", _yaml("{}"), ("config",)),
    Fault("yaml-yml", _yaml("```yml\n{}\n```"), ("config",)),
    Fault("yaml-fenced-inside", restructured(_yaml_fenced), ("config",)),
    Fault("yaml-broken", restructured(lambda v: v.update(yaml="a: [1\nb: {")), ("config",)),
)

CODE = (
    Fault("code-nofence", rewritten(_bare), FILES, ("always",)),
    Fault("code-nofence-prose", rewritten(lambda t: f"Here is the complete file.\n\n{_bare(t)}"), FILES),
    Fault("code-two-fences", rewritten(lambda t: f"First:\n\n```bash\npip install numpy\n```\n\n{t}"),
          FILES, ("always",)),
    Fault("code-two-fences-after", rewritten(lambda t: f"{t}\n\nUsage:\n\n```python\nprint('usage')\n```"),
          FILES, ("always",)),
    Fault("code-nested-fence", _with_docstring(""), FILES, ("always",)),
    Fault("code-nested-fence-indented", _with_docstring("        "), FILES, ("always",)),
    Fault("code-indented-fence", rewritten(_indented), FILES, ("always",)),
)  # fmt: skip

WRITTEN = (*JSON, *LISTS, *TEXT, *CONFIG, *CODE)
