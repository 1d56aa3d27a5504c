"""The whole machine, as `langgraph dev` serves it: settings come as the runtime context of each run."""

from paper2code import build_graph

graph = build_graph()
