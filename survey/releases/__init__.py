"""What leaves: a closed study becomes numbers of many people in the release plane, the only thing a client can read."""
