-- A case as the form sends it, with a new key for each request, and the headers of a browser behind a portal. The same for every proxy.
-- Arguments: a number that no other run has, the secret between portal and proxy, the path, and, where no proxy attaches one, a token.
local run, secret, path, token, count, random

local description = "The customer says that the transfer has not arrived after five working days, although the status page shows it as "
  .. "completed. The recipient's bank was asked on Tuesday and cannot find an incoming payment under the reference. Please tell us "
  .. "whether the payment was returned, and if so when the amount will be credited.\\n\\nWhat we have done so far:\\n- checked the "
  .. "recipient's details with the customer\\n- asked for the statement of the account"

function init(arguments)
  run, secret, path, token = tonumber(arguments[1]), arguments[2], arguments[3], arguments[4]
  count = 0
  math.randomseed(run)
  random = math.random
end

function request()
  count = count + 1
  local key = string.format('"%08x-%04x-4%03x-8%03x-%04x%08x"', run, random(0, 65535), random(0, 4095), random(0, 4095), random(0, 65535), count)
  local body = string.format(
    '{"type":"GENERAL_ENQUIRY","subject":"Transfer has not arrived","details":{"transferId":%d,"profileId":14556049,"userId":1234},"description":"%s"}',
    random(10000000, 99999999), description)
  return wrk.format("POST", path, {
    ["Host"] = "portal.example",
    ["Content-Type"] = "application/json",
    ["Accept"] = "*/*",
    ["Accept-Language"] = "en-GB,en;q=0.9",
    ["Cookie"] = "session=0123456789abcdef0123456789abcdef",
    ["Idempotency-Key"] = key,
    ["Origin"] = "https://portal.example",
    ["Referer"] = "https://portal.example/customers/1234",
    ["Sec-Fetch-Site"] = "same-origin",
    ["Sec-Fetch-Mode"] = "cors",
    ["Sec-Fetch-Dest"] = "empty",
    ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
    ["X-Partner-Case-Form"] = "1",
    ["X-Staff-Id"] = "agent-" .. random(1, 50),
    ["X-Portal-Secret"] = secret,
    ["Authorization"] = token and "Bearer " .. token,
  }, body)
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"micros":%d,"errors":{"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d},"mean":%.1f,"p50":%d,"p90":%d,"p99":%d,"p999":%d,"max":%d}\n',
    summary.requests, summary.duration, e.connect, e.read, e.write, e.timeout, e.status,
    latency.mean, latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9), latency.max))
end
