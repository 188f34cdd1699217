-- Record who is to get a run. If every record is a refusal (a run that failed and is resumed), all are planned again.
-- KEYS: deliveries of the run, archive of its group    ARGV: keep (s), field of the archive, field, record JSON, …
-- Returns 1 when planned, -1 when the deliveries are in the archive, 0 when some delivery is planned, under way, sent
-- or unknown already.
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then return -1 end
local refused = {}
local found = redis.call('HGETALL', KEYS[1])
for i = 1, #found, 2 do
  local record = cjson.decode(found[i + 1])
  if not record['test'] then
    if record['state'] ~= 'refused' then return 0 end
    refused[#refused + 1] = found[i]
  end
end
for _, field in ipairs(refused) do redis.call('HDEL', KEYS[1], field) end
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
if #ARGV > 2 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return 1
