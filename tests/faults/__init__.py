"""What goes wrong outside of this program, and what becomes of a run that meets it: `make faults`."""
