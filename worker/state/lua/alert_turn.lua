-- May one more alert go out within the hour?
-- KEYS: alerts of the last hour (sorted set by instant), who sends the summary
-- ARGV: this alert (an id of its own), how many per window, window (ms)
-- Returns 'send', 'summary' (once per window, for the first that is too many) or 'quiet'. The same alert asked again
-- gets the same answer.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 'send' end
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 'send'
end
redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[3])
return redis.call('GET', KEYS[2]) == ARGV[1] and 'summary' or 'quiet'
