-- Asks for the paths of a file, one a line, in random order: wrk -s random.lua URL -- FILE
dofile("benches/peers/lua/done.lua")

local requests = {}

function init(arguments)
   math.randomseed(1)
   for path in io.lines(arguments[1]) do
      requests[#requests + 1] = wrk.format(nil, path)
   end
end

function request()
   return requests[math.random(#requests)]
end
