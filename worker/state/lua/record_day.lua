-- Keep the figures of a day of a group, unless those of a later revision are kept. Delete days that are too old.
-- KEYS: history
-- ARGV: day (ISO), revision, figures, oldest day to keep (ISO), lifetime of the key (s)
-- A field is a day, its value "<revision> <figures>". Returns 1 when written, 0 when a later revision is kept.
local kept = redis.call('HGET', KEYS[1], ARGV[1])
if kept and tonumber(string.match(kept, '^%d+')) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
for _, day in ipairs(redis.call('HKEYS', KEYS[1])) do
  if day < ARGV[4] then redis.call('HDEL', KEYS[1], day) end
end
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
