"""What the tariff is in the price: the reporters' P1020 duty series, its scenarios, and measures beside it."""
