"""The whole machine with a pause: a researcher sees plan and design before a file is written.

Resume with `Command(resume={"approve": True})`, or `{"approve": False, "remark": "..."}` to send it back.
"""

from paper2code import Context, build_graph

graph = build_graph(context=Context(approve=True))
