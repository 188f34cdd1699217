-- Keep of a run that ended long ago only what is still read.
-- KEYS: run, timeline, deliveries
-- ARGV: how many elements the timeline has, its compact form, the run's day (ISO), fields to leave out, …
-- Returns 1, or 0 when the run is open or gone, or its timeline has changed.
local state = redis.call('HGET', KEYS[1], 'state')
if not state or state == 'open' or redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[1]) then return 0 end
local left_out = {}
for i = 4, #ARGV do left_out[ARGV[i]] = true end
if state == 'failed' then left_out['job'], left_out['job_started_at'] = nil, nil end -- it may be resumed
if redis.call('HGET', KEYS[1], 'briefed_day') == ARGV[3] then left_out['briefed_day'] = true end
local lifetime = redis.call('PTTL', KEYS[1])
local fields = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1], KEYS[2]) -- a hash that was large once stays in its large form until it is deleted
for i = 1, #fields, 2 do
  local name, value = fields[i], fields[i + 1]
  if value ~= '' and not left_out[name] and string.sub(name, 1, 11) ~= 'recoveries:' then
    redis.call('HSET', KEYS[1], name, value)
  end
end
redis.call('RPUSH', KEYS[2], ARGV[2])
local deliveries = redis.call('HGETALL', KEYS[3])
for i = 1, #deliveries, 2 do -- the call that moved a delivery needs its mark only to repeat itself
  local record = cjson.decode(deliveries[i + 1])
  record['moved_by'] = nil
  redis.call('HSET', KEYS[3], deliveries[i], cjson.encode(record))
end
if lifetime > 0 then
  redis.call('PEXPIRE', KEYS[1], lifetime)
  redis.call('PEXPIRE', KEYS[2], lifetime)
end
return 1
