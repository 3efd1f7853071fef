"""Mail: an outbox in the database, the envelope that every message wears, and the way to the relay."""
