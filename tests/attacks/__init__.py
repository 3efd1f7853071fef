"""Attacks on what is published, each beside a control that must succeed when the defence is taken away."""
