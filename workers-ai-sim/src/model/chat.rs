//! Chat models: they echo the question, follow the requested JSON schema, and call the tools they are offered.

use serde_json::{Map, Value, json};
use workers_ai_catalog::Capability;

use super::{
    ModelSpec, example, given, input::decode_bytes, media::embedded_text, number_of, similarity::similarity, text_of,
};

/// The API whose shape an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The service's own: `response` and `tool_calls`.
    Native,
    /// Chat completions: `choices`.
    OpenAi,
    /// The Responses API: `output`.
    Responses,
}

/// A chat model's answer.
#[derive(Debug, Clone)]
pub(crate) struct Completion {
    pub(crate) style: Style,
    pub(crate) model: String,
    pub(crate) text: String,
    /// The answer in JSON mode, which is an object in the native style.
    pub(crate) object: Option<Value>,
    pub(crate) reasoning: Option<String>,
    pub(crate) tool_calls: Vec<(String, Value)>,
    pub(crate) truncated: bool,
    pub(crate) prompt_tokens: usize,
    /// The number of tokens of the answer, where a scripted one says it.
    pub(crate) own_tokens: Option<usize>,
    /// A scripted answer, which is sent as it is in its own style.
    pub(crate) given: Option<Value>,
}

/// Estimates the number of tokens of a text.
pub(crate) fn count_tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4).max(1)
}

/// Splits a text into words, each with the space before it.
pub(crate) fn pieces(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    starts.retain(|at| *at > 0);
    let ends = starts.iter().copied().chain([text.len()]);
    let starts = [0].into_iter().chain(starts.iter().copied());
    starts.zip(ends).map(|(start, end)| &text[start..end]).filter(|piece| !piece.is_empty()).collect()
}

/// Returns the style in which a model answers an input.
fn style_of(spec: &ModelSpec, input: &Value) -> Style {
    if input.get("input").is_some() {
        Style::Responses
    } else if spec.output_with("response").is_some() {
        Style::Native
    } else if spec.output_with("choices").is_some() || spec.id.contains("gpt-oss") {
        Style::OpenAi
    } else {
        Style::Native
    }
}

/// Answers a validated input.
pub(crate) fn complete(spec: &ModelSpec, input: &Value) -> Completion {
    let conversation = Conversation::from_input(input);
    let mut completion = Completion::empty(spec, input, &conversation);
    completion.tool_calls = conversation.tool_calls(input);
    let style = completion.style;
    if completion.tool_calls.is_empty() {
        if spec.id.contains("llama-guard") {
            "safe".clone_into(&mut completion.text);
        } else if let Some(object) = conversation.json_answer(input) {
            completion.text = object.to_string();
            completion.object = (style == Style::Native).then_some(object);
        } else {
            completion.text = conversation.reply();
            let limit = number_of(input, "max_tokens").or_else(|| number_of(input, "max_completion_tokens"));
            let max = limit.and_then(|max| usize::try_from(max).ok()).unwrap_or(256);
            if count_tokens(&completion.text) > max {
                completion.text = completion.text.chars().take(max * 4).collect();
                completion.truncated = true;
            }
        }
    }
    if spec.supports(Capability::Reasoning) && style != Style::Native {
        completion.reasoning = Some(format!("The question is {:?}.", conversation.question));
    }
    completion
}

/// A conversation, independent of the API it was sent to.
struct Conversation {
    question: String,
    /// The last result of a tool.
    tool_result: Option<String>,
    /// The system messages and the earlier messages.
    context: String,
    everything: String,
    images: Vec<String>,
}

impl Conversation {
    fn from_input(input: &Value) -> Self {
        let mut conversation = Self {
            question: text_of(input, &["prompt", "input"]).to_owned(),
            tool_result: None,
            context: text_of(input, &["instructions", "system"]).to_owned(),
            everything: String::new(),
            images: Vec::new(),
        };
        let messages = ["messages", "input"].iter().find_map(|name| input.get(name)?.as_array());
        for message in messages.into_iter().flatten() {
            // Tool results have no role in the Responses API.
            let returned = message.get("type").is_some_and(|of| of == "function_call_output");
            let text = conversation.text(message.get(if returned { "output" } else { "content" }));
            match message.get("role").and_then(Value::as_str) {
                _ if returned => conversation.tool_result = Some(text),
                Some("tool") => conversation.tool_result = Some(text),
                Some("user") => {
                    if !conversation.question.is_empty() {
                        let before = std::mem::take(&mut conversation.question);
                        conversation.context.push_str(&before);
                        conversation.context.push('\n');
                    }
                    conversation.question = text;
                    conversation.tool_result = None;
                }
                _ => {
                    conversation.context.push_str(&text);
                    conversation.context.push('\n');
                }
            }
        }
        if let Some(bytes) = input.get("image").and_then(decode_bytes) {
            conversation.images.push(embedded_text(&bytes).unwrap_or_else(|| format!("{} bytes", bytes.len())));
        }
        conversation.everything = format!(
            "{}{}{}",
            conversation.context,
            conversation.question,
            conversation.tool_result.as_deref().unwrap_or_default()
        );
        conversation
    }

    /// Returns the text of a message's content and collects its images.
    fn text(&mut self, content: Option<&Value>) -> String {
        match content {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => {
                for url in parts.iter().filter_map(|part| part.pointer("/image_url/url")) {
                    let seen = decode_bytes(url).and_then(|bytes| embedded_text(&bytes));
                    self.images.push(seen.unwrap_or_else(|| "something I do not recognize".to_owned()));
                }
                parts.iter().filter_map(|part| part.get("text")?.as_str()).collect::<Vec<_>>().join("\n")
            }
            _ => String::new(),
        }
    }

    /// Returns the tool calls: one per question, of the tool that fits it best.
    fn tool_calls(&self, input: &Value) -> Vec<(String, Value)> {
        let tools: Vec<&Value> = input.get("tools").and_then(Value::as_array).into_iter().flatten().collect();
        let choice = input.get("tool_choice");
        if tools.is_empty() || self.tool_result.is_some() || choice.is_some_and(|choice| choice == "none") {
            return Vec::new();
        }
        let function = |tool: &Value| tool.get("function").unwrap_or(tool).clone();
        let name = |tool: &Value| text_of(tool, &["name"]).to_owned();
        let forced =
            choice.and_then(|choice| choice.pointer("/function/name").or_else(|| choice.get("name"))?.as_str());
        // Tools without a name are the service's own.
        let named = tools.into_iter().map(function).filter(|tool| !name(tool).is_empty());
        let functions = named.filter(|tool| forced.is_none_or(|forced| name(tool) == forced));
        let fit = |tool: &Value| {
            let words = format!("{} {}", name(tool).replace(['_', '-'], " "), text_of(tool, &["description"]));
            similarity(&self.question, &words)
        };
        let Some(best) = functions.max_by(|a, b| fit(a).total_cmp(&fit(b))) else { return Vec::new() };
        let subject = self.question.trim_end_matches(['?', '.', '!']).rsplit(' ').next().unwrap_or_default();
        let parameters = best.get("parameters").cloned().unwrap_or_else(|| json!({ "type": "object" }));
        vec![(name(&best), required_only(&example::from_schema(&parameters, subject), &parameters))]
    }

    /// Returns the answer as an object, if the input asks for JSON.
    fn json_answer(&self, input: &Value) -> Option<Value> {
        let format = input.get("response_format").or_else(|| input.pointer("/text/format"))?;
        match text_of(format, &["type"]) {
            "json_object" => Some(json!({ "answer": self.reply() })),
            "json_schema" => {
                let given = format.get("json_schema").unwrap_or(format);
                let schema = given.get("schema").filter(|schema| schema.is_object()).unwrap_or(given);
                Some(example::from_schema(schema, &self.question))
            }
            _ => None,
        }
    }

    fn reply(&self) -> String {
        if let Some(result) = &self.tool_result {
            return format!("The tool returned: {result}");
        }
        let mut reply = String::new();
        if !self.images.is_empty() {
            reply = format!("I see {}. ", self.images.join(" and "));
        }
        let fits = |line: &&str| similarity(&self.question, line);
        let lines = self.context.split_inclusive(['.', '\n']).map(str::trim).filter(|line| line.len() > 20);
        let best = lines.max_by(|a, b| fits(a).total_cmp(&fits(b))).filter(|line| fits(line) > 0.25);
        let question = &self.question;
        reply
            + &match best {
                Some(line) => format!("{line} This is what the context says about: {question}"),
                None => format!(
                    "You asked: {question} I am a local stand-in for Workers AI without a model, so I can only echo your question."
                ),
            }
    }
}

/// Reduces an example to the required members, if there are any.
fn required_only(example: &Value, schema: &Value) -> Value {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    match example {
        Value::Object(members) if !required.is_empty() => {
            let kept = members.iter().filter(|(name, _)| required.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

impl Completion {
    fn empty(spec: &ModelSpec, input: &Value, conversation: &Conversation) -> Self {
        Self {
            style: style_of(spec, input),
            model: spec.id.clone(),
            text: String::new(),
            object: None,
            reasoning: None,
            tool_calls: Vec::new(),
            truncated: false,
            prompt_tokens: count_tokens(&conversation.everything),
            own_tokens: None,
            given: None,
        }
    }

    /// Returns the answer to an input that says a text.
    pub(crate) fn said(spec: &ModelSpec, input: &Value, text: String) -> Self {
        let empty = Self::empty(spec, input, &Conversation::from_input(input));
        // In JSON mode, the native style has the value itself.
        let asks_for_json = input.get("response_format").is_some() && empty.style == Style::Native;
        let object = serde_json::from_str(&text).ok().filter(|_| asks_for_json);
        Self { text, object, ..empty }
    }

    /// Returns the answer to an input that a JSON document is, in any style.
    pub(crate) fn given(spec: &ModelSpec, input: &Value, given: &Value) -> Option<Self> {
        let empty = Self::empty(spec, input, &Conversation::from_input(input));
        let said = given::read(given)?;
        let tokens = |names: [&str; 2]| {
            let count = names.iter().find_map(|name| given.get("usage")?.get(*name)?.as_u64());
            count.and_then(|count| usize::try_from(count).ok())
        };
        Some(Self {
            prompt_tokens: tokens(["prompt_tokens", "input_tokens"]).unwrap_or(empty.prompt_tokens),
            own_tokens: tokens(["completion_tokens", "output_tokens"]),
            style: said.style,
            text: said.text,
            object: said.object,
            reasoning: said.reasoning,
            tool_calls: said.tool_calls,
            truncated: said.truncated,
            given: Some(given.clone()),
            ..empty
        })
    }

    /// Returns the same answer in the style of another API.
    pub(crate) fn in_style(self, style: Style) -> Self {
        Self { style, object: None, given: self.given.filter(|_| self.style == style), ..self }
    }

    pub(crate) fn usage(&self) -> Value {
        let calls =
            self.tool_calls.iter().map(|(name, arguments)| count_tokens(name) + count_tokens(&arguments.to_string()));
        let text = if self.text.is_empty() { 0 } else { count_tokens(&self.text) };
        let counted = text + self.reasoning.as_deref().map_or(0, count_tokens) + calls.sum::<usize>();
        let completion = self.own_tokens.unwrap_or(counted);
        if self.style == Style::Responses {
            return json!({
                "input_tokens": self.prompt_tokens,
                "output_tokens": completion,
                "total_tokens": self.prompt_tokens + completion,
            });
        }
        json!({
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": completion,
            "total_tokens": self.prompt_tokens + completion,
        })
    }

    pub(crate) fn finish_reason(&self) -> &'static str {
        match (self.tool_calls.is_empty(), self.truncated) {
            (false, _) => "tool_calls",
            (true, true) => "length",
            (true, false) => "stop",
        }
    }

    /// Returns the tool calls in the shape of chat completions.
    pub(crate) fn openai_tool_calls(&self) -> Vec<Value> {
        let call = |(index, (name, arguments)): (usize, &(String, Value))| {
            // A scripted answer may have arguments that are not JSON.
            let arguments = arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned);
            let function = json!({ "name": name, "arguments": arguments });
            json!({ "id": format!("call_{index}"), "type": "function", "function": function })
        };
        self.tool_calls.iter().enumerate().map(call).collect()
    }

    /// Returns the answer as one JSON document.
    pub(crate) fn to_json(&self) -> Value {
        if let Some(given) = &self.given {
            return given.clone();
        }
        match self.style {
            Style::Native => {
                let response = match &self.object {
                    Some(object) => object.clone(),
                    None if self.tool_calls.is_empty() => json!(self.text),
                    None => Value::Null,
                };
                let calls: Vec<Value> = self
                    .tool_calls
                    .iter()
                    .map(|(name, arguments)| json!({ "name": name, "arguments": arguments }))
                    .collect();
                let mut answer = json!({ "response": response, "usage": self.usage() });
                if let (false, Some(members)) = (calls.is_empty(), answer.as_object_mut()) {
                    members.insert("response".to_owned(), json!(""));
                    members.insert("tool_calls".to_owned(), calls.into());
                }
                answer
            }
            Style::OpenAi => {
                let content =
                    if self.tool_calls.is_empty() || !self.text.is_empty() { json!(self.text) } else { Value::Null };
                let mut message = json!({ "role": "assistant", "content": content, "refusal": null });
                if let Some(members) = message.as_object_mut() {
                    if !self.tool_calls.is_empty() {
                        members.insert("tool_calls".to_owned(), self.openai_tool_calls().into());
                    }
                    if let Some(reasoning) = &self.reasoning {
                        members.insert("reasoning_content".to_owned(), json!(reasoning));
                    }
                }
                json!({
                    "id": "chatcmpl-local",
                    "object": "chat.completion",
                    "created": 1_700_000_000,
                    "model": self.model,
                    "choices": [{ "index": 0, "message": message, "finish_reason": self.finish_reason(), "logprobs": null }],
                    "usage": self.usage(),
                })
            }
            Style::Responses => self.responses(),
        }
    }

    fn responses(&self) -> Value {
        let mut output = Vec::new();
        if let Some(reasoning) = &self.reasoning {
            let part = json!({ "type": "reasoning_text", "text": reasoning });
            output.push(json!({ "id": "rs_0", "type": "reasoning", "summary": [], "content": [part] }));
        }
        for (index, (name, arguments)) in self.tool_calls.iter().enumerate() {
            output.push(json!({
                "id": format!("fc_{index}"), "call_id": format!("call_{index}"), "type": "function_call",
                "name": name, "arguments": arguments.to_string(), "status": "completed",
            }));
        }
        if self.tool_calls.is_empty() || !self.text.is_empty() {
            let part = json!({ "type": "output_text", "text": self.text, "annotations": [] });
            output.push(json!({
                "id": "msg_0", "type": "message", "role": "assistant", "status": "completed", "content": [part],
            }));
        }
        json!({
            "id": "resp_local",
            "object": "response",
            "created_at": 1_700_000_000,
            "status": if self.truncated { "incomplete" } else { "completed" },
            "model": self.model,
            "output": output,
            "usage": self.usage(),
        })
    }
}
