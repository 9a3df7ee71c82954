#!/usr/bin/env bash
# curl against the local Workers AI. `run` says in the environment where it is.
set -euo pipefail

api=$WORKERS_AI_BASE_URL/client/v4/accounts/$CLOUDFLARE_ACCOUNT_ID
llama=@cf/meta/llama-3.3-70b-instruct-fp8-fast
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The token goes in by a file, not by an argument that others can list.
printf 'header = "Authorization: Bearer %s"\nsilent\nshow-error\n' "$CLOUDFLARE_API_TOKEN" >"$work/curlrc"
send() { curl --config "$work/curlrc" --noproxy '*' --max-time 30 "$@"; }
call() { send -H 'Content-Type: application/json' "$@"; }
status() { call -o "$work/body" -w '%{http_code}' "$@"; }
holds() { # WHAT, TEXT, the PART that must be in it
  case $2 in
  *"$3"*) echo "ok curl: $1" ;;
  *) printf 'not ok curl: %s: no %s in %s\n' "$1" "$3" "$2" >&2 && exit 1 ;;
  esac
}

holds "a whole answer" "$(call "$api/ai/run/$llama" -d '{"prompt":"Why is the sky blue?"}')" 'Why is the sky blue'
stream=$(call -N "$api/ai/run/$llama" -d '{"prompt":"Why is the sky blue?","stream":true}')
holds "a stream" "$stream" 'data: {'
holds "the stream's end" "$stream" 'data: [DONE]'
holds "the route of every model" "$(call "$api/ai/run" -d "{\"model\":\"$llama\",\"input\":{\"prompt\":\"hello\"}}")" hello

call "$api/ai/run/@cf/black-forest-labs/flux-1-schnell" -d '{"prompt":"a lighthouse","steps":4}' >"$work/picture.json"
holds "a picture" "$(sed 's/.*"image":"\([^"]*\)".*/\1/' "$work/picture.json" | base64 -d | head -c 3 | od -An -tx1)" 'ff d8 ff'
call "$api/ai/run/@cf/deepgram/aura-1" -d '{"text":"The tide comes in at six."}' -D "$work/head" -o "$work/speech"
holds "speech as bytes" "$(tr '[:upper:]' '[:lower:]' <"$work/head")" 'content-type: audio/'
holds "speech to text" "$(send "$api/ai/run/@cf/openai/whisper" -H 'Content-Type: audio/wav' --data-binary "@$work/speech")" '"text"'

holds "embeddings" "$(call "$api/ai/v1/embeddings" -d '{"model":"@cf/baai/bge-base-en-v1.5","input":"hello"}')" '"embedding"'
holds "models" "$(call "$api/ai/models/search?search=flux-1")" flux-1-schnell
printf '<h1>Tides</h1>' >"$work/tides.html"
converted=$(send "$api/ai/tomarkdown" -F "files=@$work/tides.html;type=text/html")
holds "documents" "$converted" Tides

holds "a refused input" "$(status "$api/ai/run/$llama" -d '{"prompt":""}') $(cat "$work/body")" '400 '
holds "its code" "$(cat "$work/body")" '"code":5006'
holds "a wrong token" "$(curl -sS --noproxy '*' -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer wrong' "$api/ai/run/$llama" -d '{}')" 401

for wanted in MISS HIT; do
  call "$WORKERS_AI_BASE_URL/v1/$CLOUDFLARE_ACCOUNT_ID/shop/workers-ai/run/$llama" -H 'cf-aig-cache-ttl: 60' \
    -d '{"prompt":"cached"}' -D "$work/head" -o /dev/null
  holds "a gateway's cache" "$(tr '[:upper:]' '[:lower:]' <"$work/head")" "cf-aig-cache-status: ${wanted,,}"
done

failing="{\"provider\":\"workers-ai\",\"endpoint\":\"$llama\",\"headers\":{\"x-sim-fault\":\"latency=2000\"}"
failing="$failing,\"query\":{\"prompt\":\"hello\"},\"config\":{\"requestTimeout\":50,\"maxAttempts\":2}}"
answering="{\"provider\":\"workers-ai\",\"endpoint\":\"run/$llama\",\"query\":{\"prompt\":\"hello\"}}"
universal=$WORKERS_AI_BASE_URL/v1/$CLOUDFLARE_ACCOUNT_ID/shop
call "$universal" -d "[$failing,$answering]" -D "$work/head" -o /dev/null
holds "a gateway's fallback" "$(tr '[:upper:]' '[:lower:]' <"$work/head")" 'cf-aig-step: 1'
holds "a gateway's timeout" "$(status "$universal" -d "[$failing]") $(cat "$work/body")" '408 '
