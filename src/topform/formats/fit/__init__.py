"""The Flexible and Interoperable Data Transfer format: what most watches and bike computers write."""
