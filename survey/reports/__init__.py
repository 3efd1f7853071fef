"""What a client reads: the release plane alone, within the viewer's own part of the tree."""
