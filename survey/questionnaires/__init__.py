"""Questionnaires: the builder, their versions, question types, logic and preview."""
