"""Reviews: the editors' queue, one report beside its evidence, every change with its reason, and the decision."""
