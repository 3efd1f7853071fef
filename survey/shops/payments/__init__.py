"""What is owed to shoppers: one item a shop, batches for the bank, statements for whoever was paid."""
