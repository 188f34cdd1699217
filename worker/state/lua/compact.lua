-- Keep of a run that ended long ago only what is still read, and move its timeline and deliveries to the archive.
-- KEYS: run, timeline, deliveries, archive of the group
-- ARGV: how many elements the timeline has, hash of the deliveries, field of the archive, what it gets, keep (s),
--       the run's day (ISO), fields to leave out, …
-- Returns 1, or 0 when the run is open or gone, or its timeline or deliveries have changed.
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'open' or redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[1]) then return 0 end
local deliveries = redis.call('HGETALL', KEYS[3])
local digests = {}
for i = 1, #deliveries, 2 do digests[#digests + 1] = redis.sha1hex(deliveries[i] .. '\n' .. deliveries[i + 1]) end
table.sort(digests) -- hexadecimal digits are in the same order in every locale
if redis.sha1hex(table.concat(digests)) ~= ARGV[2] then return 0 end
local left_out = {}
for i = 7, #ARGV do left_out[ARGV[i]] = true end
if state == 'failed' then left_out['job'], left_out['job_started_at'] = nil, nil end -- it may be resumed
if redis.call('HGET', KEYS[1], 'briefed_day') == ARGV[6] then left_out['briefed_day'] = true end
local lifetime = redis.call('PTTL', KEYS[1])
local fields = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3]) -- a hash that was large once stays in its large form until it is deleted
for i = 1, #fields, 2 do
  local name, value = fields[i], fields[i + 1]
  if value ~= '' and not left_out[name] and string.sub(name, 1, 11) ~= 'recoveries:' then
    redis.call('HSET', KEYS[1], name, value)
  end
end
redis.call('HSET', KEYS[4], ARGV[3], ARGV[4])
redis.call('EXPIRE', KEYS[4], ARGV[5])
if lifetime > 0 then redis.call('PEXPIRE', KEYS[1], lifetime) end
return 1
