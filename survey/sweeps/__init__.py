"""What goes when its time is over, for all areas: one list of sweeps, one nightly job."""
