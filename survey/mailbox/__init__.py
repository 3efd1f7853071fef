"""/dev/mailbox: what a deployment without a relay has sent, to be read by whoever builds or tries the product."""
