-- Write down how a step went and give the lease back; refused when the lease has gone to somebody else meanwhile.
-- KEYS: run, open, timeline, runs (by creation)
-- ARGV: run id, holder, silent after (ms; -1: the run is over), next attempt in (ms; 0: at once), event JSON,
--       field, value, …
-- Returns 1 when written, be it by an earlier try of this call whose answer got lost; 0 when the caller is no longer
-- the holder.
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[2] then
  return redis.call('HGET', KEYS[1], 'settled_by') == ARGV[2] and 1 or 0
end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('HDEL', KEYS[1], 'holder', 'lease_until_ms', 'recoveries:' .. (redis.call('HGET', KEYS[1], 'step') or ''))
redis.call('HSET', KEYS[1], 'next_at_ms', now + ARGV[4], 'settled_by', ARGV[2])
if #ARGV > 5 then redis.call('HSET', KEYS[1], unpack(ARGV, 6)) end
if tonumber(ARGV[3]) < 0 then
  redis.call('HSET', KEYS[1], 'finished_ms', now)
  redis.call('ZREM', KEYS[2], ARGV[1])
  local state, created = unpack(redis.call('HMGET', KEYS[1], 'state', 'created_ms'))
  if state ~= 'delivered' then redis.call('ZADD', KEYS[4] .. ':' .. state, created, ARGV[1]) end
else
  redis.call('ZADD', KEYS[2], now + ARGV[4] + ARGV[3], ARGV[1])
end
redis.call('RPUSH', KEYS[3], now .. ' ' .. ARGV[5])
return 1
