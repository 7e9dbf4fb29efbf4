"""Trade of the world out of the store: what reporters declare, both accounts of a flow, who has reported."""
