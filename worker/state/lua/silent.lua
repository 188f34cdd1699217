-- The runs that went silent: their step should have moved by now. Each is handed out once per grace period, which is shorter for a step
-- that a worker began: its message goes to the front of the queue.
-- KEYS: open    ARGV: grace (ms), how many at most, prefix of the runs' keys, grace of a begun step (ms), the longest time
--                that a step is quiet (ms)
-- Returns run id, 1 if a worker has begun the step and 0 if none has, …
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local silent = {}
local function wait_again(run_id)
  local is_begun = redis.call('HEXISTS', ARGV[3] .. run_id, 'holder')
  redis.call('ZADD', KEYS[1], now + (is_begun == 1 and ARGV[4] or ARGV[1]), run_id)
  return is_begun
end
-- A run further ahead than the longest time waits since before the clock was set back. It gets a grace period from now.
local farthest = string.format('(%.0f', now + ARGV[5])
for _, run_id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], farthest, '+inf', 'LIMIT', 0, ARGV[2])) do wait_again(run_id) end
for _, run_id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  silent[#silent + 1] = run_id
  silent[#silent + 1] = wait_again(run_id)
end
return silent
