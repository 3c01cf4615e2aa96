"""Sensors of a plant under watch, with faults injected by hand."""
