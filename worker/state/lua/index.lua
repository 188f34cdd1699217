-- Index a run of a release that had no index.
-- KEYS: run, runs (by creation), days of its group    ARGV: run id
-- Returns 1, or 0 when the run is gone.
local state, created = unpack(redis.call('HMGET', KEYS[1], 'state', 'created_ms'))
if not state then return 0 end
local day, revision = string.match(ARGV[1], ':(%d+%-%d+%-%d+)%.?r?(%d*)$')
revision = tonumber(revision) or 1
if (tonumber(redis.call('HGET', KEYS[3], day)) or 0) < revision then redis.call('HSET', KEYS[3], day, revision) end
if state ~= 'open' and state ~= 'delivered' then redis.call('ZADD', KEYS[2] .. ':' .. state, created, ARGV[1]) end
return 1
