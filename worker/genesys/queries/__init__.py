"""The default source: analytics queries.

source      `QueriesSource`: `Order` in, `Rows` out
aggregates  bodies of the queries, and rows from their answers
agents      the group's agents, with times and adherence
past        figures of earlier days, for a group without history
"""
