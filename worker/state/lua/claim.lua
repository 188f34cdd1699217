-- Claim a run: the first caller wins, and every other one learns that the run exists.
-- KEYS: run, runs (by creation), open (by silence), timeline, birth of the ledger, days of the group, mark of the index
-- ARGV: run id, silent after (ms), keep (s), event JSON, 'claim', this call's own mark, field, value, …
-- Returns 1 when the run is the caller's, be it by an earlier try of this call whose answer got lost; 0 when it was
-- claimed before.
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('HGET', KEYS[1], 'claim') == ARGV[6] and 1 or 0 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('SET', KEYS[5], now, 'NX')
  redis.call('SET', KEYS[7], 1)
end
redis.call('HSET', KEYS[1], unpack(ARGV, 5))
redis.call('HSET', KEYS[1], 'created_ms', now)
redis.call('ZADD', KEYS[2], now, ARGV[1])
if tonumber(ARGV[2]) > 0 then redis.call('ZADD', KEYS[3], now + ARGV[2], ARGV[1]) end
local day, revision = string.match(ARGV[1], ':(%d+%-%d+%-%d+)%.?r?(%d*)$')
revision = tonumber(revision) or 1
if (tonumber(redis.call('HGET', KEYS[6], day)) or 0) < revision then redis.call('HSET', KEYS[6], day, revision) end
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'open' and state ~= 'delivered' then redis.call('ZADD', KEYS[2] .. ':' .. state, now, ARGV[1]) end
redis.call('RPUSH', KEYS[4], now .. ' ' .. ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[4], ARGV[3])
return 1
