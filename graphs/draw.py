"""Write the drawings beside this module: `python -m graphs.draw`. A test keeps them fresh."""

from pathlib import Path

from graphs import one_file, paper_to_code

HERE = Path(__file__).parent


def drawings() -> dict[str, str]:
    """The Mermaid text of each drawing, by file name."""
    return {
        "paper_to_code.mmd": paper_to_code.graph.get_graph().draw_mermaid(),
        "paper_to_code.xray.mmd": paper_to_code.graph.get_graph(xray=True).draw_mermaid(),
        "one_file.mmd": one_file.graph.get_graph().draw_mermaid(),
    }


def main() -> None:
    """Write every drawing."""
    for name, text in drawings().items():
        (HERE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
