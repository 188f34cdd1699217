-- Open a failed run again at the step where it failed, or a missed one at its first.
-- KEYS: run, open, timeline, runs (by creation)    ARGV: run id, silent after (ms), event JSON, step to go back to ('' to stay)
-- Returns the step, or false when the run is neither.
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'failed' and state ~= 'missed' then return false end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('HSET', KEYS[1], 'state', 'open', 'attempts', 0, 'polls', 0, 'next_at_ms', 0)
redis.call('HDEL', KEYS[1], 'recoveries:' .. redis.call('HGET', KEYS[1], 'step'))
redis.call('HDEL', KEYS[1], 'holder', 'lease_until_ms', 'finished_ms', 'code', 'sentence', 'alerted', 'job_started_at')
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'step', ARGV[4], 'job', '') end
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
redis.call('ZREM', KEYS[4] .. ':' .. state, ARGV[1])
redis.call('RPUSH', KEYS[3], now .. ' ' .. ARGV[3])
return redis.call('HGET', KEYS[1], 'step')
