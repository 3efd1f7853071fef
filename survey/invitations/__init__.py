"""Invitations: launching a study, what is sent to each of its people, reminders, and the log of what was sent."""
