"""What happens to a single file. Served to be looked at: its input comes from the whole machine."""

from paper2code import build_file_graph

graph = build_file_graph()
