"""Frames in, a page out, as values: nothing here writes a file."""
