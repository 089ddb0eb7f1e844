"""The decisions of the product as pure functions: no database, no request, no clock, no chance."""
