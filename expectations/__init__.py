"""Contracts of what comes in and goes out, the errors users see, and the quality gate."""
