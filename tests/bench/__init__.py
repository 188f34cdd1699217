"""`make bench`: the figures that the system promises, beside what they would be otherwise. Measurements, not tests.

__main__    runs all, prints the table, leaves out/bench.json
figures     one figure: value, bound, whether it holds, and what it is compared with
centre      the made-up group of companies: 200 groups in 5 zones
scene       one installation of real programs: Redis, stand-in organisation, workers
mornings    P1 requests per briefing, P2 a morning's duration
render      P3 pages and workbook, beside others that print the same; printing: the makers of documents
bucket      P4 the token bucket; contenders: the processes that contend for it

A figure that misses its bound, or a comparison for which something is missing on this machine, fails the run.
"""
