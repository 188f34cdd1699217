"""The OAuth access token of each client, shared by all workers and renewed by one of them."""
