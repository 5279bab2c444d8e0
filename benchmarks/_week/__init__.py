"""A week at a counter, simulated event by event: the same customers and agents, whoever shares out the work.

`world` draws what comes in, `staff` who is there and how they work, `desks` are the ways of sharing out (`comptoir`
calls the product's own decisions), `running` moves the clock, `figures` counts.
"""
