"""What a client does about a report of a shop: contest an answer, and put right what was wrong."""
