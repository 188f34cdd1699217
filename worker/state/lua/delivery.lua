-- Move one delivery from a state to another, by compare-and-set.
-- KEYS: deliveries of the run, archive of its group
-- ARGV: field, expected states (comma-separated, '' for none), new record JSON, keep (s), field of the archive
-- Returns 1 when moved, -1 when the deliveries are in the archive, 0 when its state is another one. Each call's
-- JSON is its own: if it is there, this very call was here before, and its answer got lost.
local record = redis.call('HGET', KEYS[1], ARGV[1])
if record == ARGV[3] then return 1 end
if redis.call('HEXISTS', KEYS[2], ARGV[5]) == 1 then return -1 end
local state = record and cjson.decode(record)['state'] or ''
local expected = ',' .. ARGV[2] .. ','
if not string.find(expected, ',' .. state .. ',', 1, true) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
