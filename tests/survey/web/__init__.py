"""Tests of the web kernel."""
