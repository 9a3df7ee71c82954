"""Python's clients against the local Workers AI. `run` says in the environment where it is."""

import json
import os

import openai
from cloudflare import APIStatusError, Cloudflare

BASE = os.environ["WORKERS_AI_BASE_URL"]
ACCOUNT = os.environ["CLOUDFLARE_ACCOUNT_ID"]
TOKEN = os.environ["CLOUDFLARE_API_TOKEN"]
LLAMA = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
MESSAGES = [{"role": "user", "content": "Why is the sky blue?"}]
PARAMETERS = {
    "type": "object",
    "properties": {"place": {"type": "string", "description": "a town"}},
    "required": ["place"],
}

ai = openai.OpenAI(api_key=TOKEN, base_url=f"{BASE}/client/v4/accounts/{ACCOUNT}/ai/v1")
cloudflare = Cloudflare(api_token=TOKEN, base_url=f"{BASE}/client/v4")


def equal(found, wanted):
    if found != wanted:
        raise AssertionError(f"{found!r} is not {wanted!r}")


def holds(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text!r}")


def fails(kind, status, call):
    try:
        call()
    except kind as error:
        equal(error.status_code, status)
    else:
        raise AssertionError(f"it should have failed with {status}")


def openai_chat():
    whole = ai.chat.completions.create(model=LLAMA, messages=MESSAGES)
    holds(whole.choices[0].message.content, "Why is the sky blue")
    text, usage = "", None
    options = {"include_usage": True}
    for chunk in ai.chat.completions.create(model=LLAMA, messages=MESSAGES, stream=True, stream_options=options):
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
        usage = chunk.usage or usage
    equal(text, whole.choices[0].message.content)
    equal(usage, whole.usage)


def openai_tools():
    function = {"name": "weather", "description": "The weather at a place", "parameters": PARAMETERS}
    question = {"role": "user", "content": "How is the weather in Lisbon?"}
    tools = [{"type": "function", "function": function}]
    first = ai.chat.completions.create(model=LLAMA, messages=[question], tools=tools).choices[0].message
    call = first.tool_calls[0]
    equal((call.function.name, json.loads(call.function.arguments)), ("weather", {"place": "Lisbon"}))
    result = {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}
    messages = [question, first.model_dump(exclude_none=True), result]
    second = ai.chat.completions.create(model=LLAMA, messages=messages, tools=tools)
    holds(second.choices[0].message.content, "21 degrees")


def openai_embeddings_and_responses():
    vectors = ai.embeddings.create(model="@cf/baai/bge-base-en-v1.5", input=["a", "b"])
    equal([len(item.embedding) for item in vectors.data], [768, 768])
    response = ai.responses.create(model="@cf/openai/gpt-oss-20b", input="hello")
    holds(response.output_text, "hello")


def openai_errors():
    fails(openai.BadRequestError, 400, lambda: ai.chat.completions.create(model="@cf/nobody/nothing", messages=MESSAGES))
    wrong = ai.with_options(api_key="wrong", max_retries=0)
    fails(openai.AuthenticationError, 401, lambda: wrong.chat.completions.create(model=LLAMA, messages=MESSAGES))


def cloudflare_run():
    answer = cloudflare.ai.run(LLAMA, account_id=ACCOUNT, messages=MESSAGES)
    answer = answer if isinstance(answer, dict) else answer.model_dump()
    holds(answer["response"], "Why is the sky blue")
    fails(APIStatusError, 400, lambda: cloudflare.ai.run(LLAMA, account_id=ACCOUNT, prompt=""))


def cloudflare_models():
    found = next(iter(cloudflare.ai.models.list(account_id=ACCOUNT, search="flux-1")))
    found = found if isinstance(found, dict) else found.model_dump()
    equal(found["name"], "@cf/black-forest-labs/flux-1-schnell")
    schema = cloudflare.ai.models.schema.get(account_id=ACCOUNT, model=found["name"])
    schema = schema if isinstance(schema, dict) else schema.model_dump()
    equal(schema["input"]["required"], ["prompt"])


for test in [
    openai_chat,
    openai_tools,
    openai_embeddings_and_responses,
    openai_errors,
    cloudflare_run,
    cloudflare_models,
]:
    test()
    print(f"ok {test.__name__}")
