-- Asks for each of the paths of a file, one a line, once, and ends: wrk -t1 -s once.lua URL -- FILE. Prints how long
-- that took, by the clock.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } instant; int clock_gettime(int clock, instant *now);")

local MONOTONIC = 1
local requests = {}
-- wrk takes one request beforehand, to look at it.
local asked = -1
local answered = 0
local begun

local function now()
   local instant = ffi.new("instant")
   ffi.C.clock_gettime(MONOTONIC, instant)
   return tonumber(instant.seconds) * 1e6 + tonumber(instant.nanoseconds) / 1e3
end

function init(arguments)
   for path in io.lines(arguments[1]) do
      requests[#requests + 1] = wrk.format(nil, path)
   end
end

function request()
   asked = asked + 1
   if asked == 1 then
      begun = now()
   end
   -- Who is done early asks for the last one again, until all are.
   return requests[math.max(1, math.min(asked, #requests))]
end

function response(status)
   if status ~= 200 then
      io.write("status " .. status .. "\n")
      os.exit(1)
   end
   answered = answered + 1
   if answered == #requests then
      io.write(string.format('\nCOUNTED {"microseconds": %d, "requests": %d}\n', now() - begun, answered))
      io.flush()
      os.exit(0)
   end
end
