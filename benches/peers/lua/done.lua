-- The end of each load: prints what wrk counted as one line that benches/peers reads. Microseconds and bytes.
function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\nCOUNTED {"microseconds": %d, "requests": %d, "bytes": %d, "status": %d, "broken": %d, "p50": %d, "p99": %d}\n',
      summary.duration, summary.requests, summary.bytes, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50), latency:percentile(99)))
end
