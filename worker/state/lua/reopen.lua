-- Open a run that has ended at its last step again, for deliveries that were planned again.
-- KEYS: run, open, timeline, runs (by creation)    ARGV: run id, silent after (ms), event JSON, step
-- Returns 1, or 0 when the run is open or unknown.
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'open' then return 0 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('HSET', KEYS[1], 'state', 'open', 'step', ARGV[4], 'attempts', 0, 'polls', 0, 'next_at_ms', 0)
redis.call('HDEL', KEYS[1], 'recoveries:' .. ARGV[4], 'holder', 'lease_until_ms', 'finished_ms', 'code', 'sentence', 'alerted')
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
redis.call('ZREM', KEYS[4] .. ':' .. state, ARGV[1])
redis.call('RPUSH', KEYS[3], now .. ' ' .. ARGV[3])
return 1
