-- Record that operations know of a run's end, unless the run has another end by now, or is open again.
-- KEYS: run    ARGV: state, finished (ms, '' if the run has no such instant)
local ending = redis.call('HMGET', KEYS[1], 'state', 'finished_ms')
if ending[1] == ARGV[1] and tonumber(ending[2] or '') == tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'alerted', 1)
end
