// What http-cache-semantics says of responses: one JSON object a line on stdin, one answer a line on stdout.
//
// In:  {"status": 200, "headers": [["cache-control", "max-age=60"], …], "received": 1700000000, "after": [0, 60]}
// Out: {"storable": true, "lifetime": 60, "conditions": ["if-none-match"],
//       "at": [{"age": 0, "use": "send", "onError": false}, …]}

import { createInterface } from 'node:readline';
import CachePolicy from 'http-cache-semantics';

// Of the lines of these fields Node keeps the first; of others it joins them (the documentation of message.headers).
const FIRST_WINS = new Set(['age', 'etag', 'expires', 'last-modified']);

const REQUEST = { method: 'GET', url: '/a.jpg', headers: { host: 'media.example.com' } };

let now = 0;

class Policy extends CachePolicy {
  now() {
    return now * 1000;
  }
}

function asNodeReads(lines) {
  const headers = {};
  for (const [name, value] of lines) {
    if (!(name in headers)) headers[name] = value;
    else if (!FIRST_WINS.has(name)) headers[name] += `, ${value}`;
  }
  return headers;
}

function use(policy) {
  const { response, revalidation } = policy.evaluateRequest(REQUEST);
  if (!revalidation) return 'send';
  return response ? 'send-and-revalidate' : 'ask';
}

function judge({ status, headers, received, after }) {
  now = received;
  // `immutable` makes nothing fresh (RFC 8246 §2).
  const options = { shared: true, cacheHeuristic: 0.1, immutableMinTimeToLive: 0, ignoreCargoCult: false };
  const policy = new Policy(REQUEST, { status, headers: asNodeReads(headers) }, options);
  const at = after.map((seconds) => {
    now = received + seconds;
    const failed = policy.revalidatedPolicy(REQUEST, { status: 503, headers: {} });
    return { age: policy.age(), use: use(policy), onError: failed.policy === policy };
  });
  const sent = policy.revalidationHeaders(REQUEST);
  const conditions = ['if-none-match', 'if-modified-since'].filter((name) => name in sent);
  return { storable: policy.storable(), lifetime: Math.floor(policy.maxAge()), conditions, at };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(judge(JSON.parse(line)))}\n`);
}
