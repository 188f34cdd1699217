"""`make bench`: the figures that the system promises, beside what they would be otherwise. Measurements, not tests.

__main__    runs all, prints the table, leaves out/bench.json
figures     one figure: value, bound, whether it holds, and what it is compared with
centre      the made-up group of companies: 200 groups in 5 zones
scene       one installation of real programs: Redis, stand-in organisation, workers
mornings    P1 requests per briefing, P2 a morning's duration
bucket      P4 the token bucket; contenders: the processes that contend for it
"""
