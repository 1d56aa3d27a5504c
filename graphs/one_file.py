"""What happens to a single file. Served alone it is for looking at: its input comes from the whole machine."""

from paper2code import build_file_graph

graph = build_file_graph()
