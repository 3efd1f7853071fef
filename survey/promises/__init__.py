"""What we promise, each promise with the check that can find it broken, and what is wrong with a deployment."""
