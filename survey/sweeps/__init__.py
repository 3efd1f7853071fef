"""What goes when its time is over, for all areas of mystery shops: one list of sweeps, one nightly job."""
