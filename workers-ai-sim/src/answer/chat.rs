//! What a chat model says: it echoes what it was asked, keeps to the form it is given, and calls the tools it is offered.

use serde_json::{Map, Value, json};
use workers_ai_catalog::Capability;

use super::text_of;
use crate::{embed::likeness, example, known::Known, media::carried, request::bytes_of};

/// How a model puts its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `response`, and `tool_calls` beside it.
    Native,
    /// `choices`.
    OpenAi,
    /// `output`, as the Responses API has it.
    Responses,
}

/// What a model says.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) style: Style,
    pub(crate) model: String,
    pub(crate) text: String,
    /// JSON mode of the native style answers with an object.
    pub(crate) object: Option<Value>,
    pub(crate) reasoning: Option<String>,
    pub(crate) calls: Vec<(String, Value)>,
    pub(crate) cut: bool,
    pub(crate) prompt_tokens: usize,
}

/// Roughly the tokens of a text.
pub(crate) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4).max(1)
}

/// The words of a text, each with the space before it.
pub(crate) fn pieces(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    starts.retain(|at| *at > 0);
    let ends = starts.iter().copied().chain([text.len()]);
    let starts = [0].into_iter().chain(starts.iter().copied());
    starts.zip(ends).map(|(start, end)| &text[start..end]).filter(|piece| !piece.is_empty()).collect()
}

/// What a model says to an input that was checked.
pub(crate) fn say(known: &Known, input: &Value) -> Said {
    let style = if input.get("input").is_some() {
        Style::Responses
    } else if known.answer_with("response").is_some() {
        Style::Native
    } else if known.answer_with("choices").is_some() || known.id.contains("gpt-oss") {
        Style::OpenAi
    } else {
        Style::Native
    };
    let dialog = Dialog::of(input);
    let calls = dialog.calls(input);
    let mut said = Said {
        style,
        model: known.id.clone(),
        text: String::new(),
        object: None,
        reasoning: None,
        calls,
        cut: false,
        prompt_tokens: tokens(&dialog.everything),
    };
    if said.calls.is_empty() {
        if known.id.contains("llama-guard") {
            "safe".clone_into(&mut said.text);
        } else if let Some(object) = dialog.in_form(input) {
            said.text = object.to_string();
            said.object = (style == Style::Native).then_some(object);
        } else {
            said.text = dialog.reply();
            let limit =
                super::number_of(input, "max_tokens").or_else(|| super::number_of(input, "max_completion_tokens"));
            let most = limit.and_then(|most| usize::try_from(most).ok()).unwrap_or(256);
            if tokens(&said.text) > most {
                said.text = said.text.chars().take(most * 4).collect();
                said.cut = true;
            }
        }
    }
    if known.can(Capability::Reasoning) && style != Style::Native {
        said.reasoning = Some(format!("I was asked {:?}.", dialog.question));
    }
    said
}

/// A conversation, whichever form it came in.
struct Dialog {
    question: String,
    /// What a tool answered last.
    result: Option<String>,
    /// The rest: system messages and earlier ones.
    context: String,
    everything: String,
    pictures: Vec<String>,
}

impl Dialog {
    fn of(input: &Value) -> Self {
        let mut dialog = Self {
            question: text_of(input, &["prompt", "input"]).to_owned(),
            result: None,
            context: text_of(input, &["instructions", "system"]).to_owned(),
            everything: String::new(),
            pictures: Vec::new(),
        };
        let messages = ["messages", "input"].iter().find_map(|name| input.get(name)?.as_array());
        for message in messages.into_iter().flatten() {
            // What a tool answered has no role in the Responses form.
            let returned = message.get("type").is_some_and(|of| of == "function_call_output");
            let text = dialog.text(message.get(if returned { "output" } else { "content" }));
            match message.get("role").and_then(Value::as_str) {
                _ if returned => dialog.result = Some(text),
                Some("tool") => dialog.result = Some(text),
                Some("user") => {
                    if !dialog.question.is_empty() {
                        let before = std::mem::take(&mut dialog.question);
                        dialog.context.push_str(&before);
                        dialog.context.push('\n');
                    }
                    dialog.question = text;
                    dialog.result = None;
                }
                _ => {
                    dialog.context.push_str(&text);
                    dialog.context.push('\n');
                }
            }
        }
        if let Some(bytes) = input.get("image").and_then(bytes_of) {
            dialog.pictures.push(carried(&bytes).unwrap_or_else(|| format!("{} bytes", bytes.len())));
        }
        dialog.everything =
            format!("{}{}{}", dialog.context, dialog.question, dialog.result.as_deref().unwrap_or_default());
        dialog
    }

    /// The text of a message's content, pictures noted on the way.
    fn text(&mut self, content: Option<&Value>) -> String {
        match content {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => {
                for url in parts.iter().filter_map(|part| part.pointer("/image_url/url")) {
                    let seen = bytes_of(url).and_then(|bytes| carried(&bytes));
                    self.pictures.push(seen.unwrap_or_else(|| "something I cannot make out".to_owned()));
                }
                parts.iter().filter_map(|part| part.get("text")?.as_str()).collect::<Vec<_>>().join("\n")
            }
            _ => String::new(),
        }
    }

    /// The calls of tools: once for each question, of the tool that fits it best.
    fn calls(&self, input: &Value) -> Vec<(String, Value)> {
        let tools: Vec<&Value> = input.get("tools").and_then(Value::as_array).into_iter().flatten().collect();
        let choice = input.get("tool_choice");
        if tools.is_empty() || self.result.is_some() || choice.is_some_and(|choice| choice == "none") {
            return Vec::new();
        }
        let function = |tool: &Value| tool.get("function").unwrap_or(tool).clone();
        let name = |tool: &Value| text_of(tool, &["name"]).to_owned();
        let forced =
            choice.and_then(|choice| choice.pointer("/function/name").or_else(|| choice.get("name"))?.as_str());
        // What has no name is a tool of the service's own.
        let named = tools.into_iter().map(function).filter(|tool| !name(tool).is_empty());
        let functions = named.filter(|tool| forced.is_none_or(|forced| name(tool) == forced));
        let fit = |tool: &Value| {
            let words = format!("{} {}", name(tool).replace(['_', '-'], " "), text_of(tool, &["description"]));
            likeness(&self.question, &words)
        };
        let Some(best) = functions.max_by(|a, b| fit(a).total_cmp(&fit(b))) else { return Vec::new() };
        let subject = self.question.trim_end_matches(['?', '.', '!']).rsplit(' ').next().unwrap_or_default();
        let parameters = best.get("parameters").cloned().unwrap_or_else(|| json!({ "type": "object" }));
        vec![(name(&best), required_only(&example::of(&parameters, subject), &parameters))]
    }

    /// An object, where one is asked for.
    fn in_form(&self, input: &Value) -> Option<Value> {
        let format = input.get("response_format").or_else(|| input.pointer("/text/format"))?;
        match text_of(format, &["type"]) {
            "json_object" => Some(json!({ "answer": self.reply() })),
            "json_schema" => {
                let given = format.get("json_schema").unwrap_or(format);
                let schema = given.get("schema").filter(|schema| schema.is_object()).unwrap_or(given);
                Some(example::of(schema, &self.question))
            }
            _ => None,
        }
    }

    fn reply(&self) -> String {
        if let Some(result) = &self.result {
            return format!("The tool says: {result}");
        }
        let mut reply = String::new();
        if !self.pictures.is_empty() {
            reply = format!("I see {}. ", self.pictures.join(" and "));
        }
        let fits = |line: &&str| likeness(&self.question, line);
        let lines = self.context.split_inclusive(['.', '\n']).map(str::trim).filter(|line| line.len() > 20);
        let best = lines.max_by(|a, b| fits(a).total_cmp(&fits(b))).filter(|line| fits(line) > 0.25);
        let asked = &self.question;
        reply
            + &match best {
                Some(line) => format!("{line} That is what I was given on: {asked}"),
                None => format!(
                    "You asked: {asked} I am the local Workers AI, no model stands behind me, so I can only give your words back."
                ),
            }
    }
}

/// Of an example, what must be there; everything where nothing must.
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

impl Said {
    pub(crate) fn usage(&self) -> Value {
        let calls = self.calls.iter().map(|(name, arguments)| tokens(name) + tokens(&arguments.to_string()));
        let said = if self.text.is_empty() { 0 } else { tokens(&self.text) };
        let completion = said + self.reasoning.as_deref().map_or(0, tokens) + calls.sum::<usize>();
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

    pub(crate) fn finish(&self) -> &'static str {
        match (self.calls.is_empty(), self.cut) {
            (false, _) => "tool_calls",
            (true, true) => "length",
            (true, false) => "stop",
        }
    }

    /// The calls as the newer schema has them.
    pub(crate) fn openai_calls(&self) -> Vec<Value> {
        let call = |(index, (name, arguments)): (usize, &(String, Value))| {
            let function = json!({ "name": name, "arguments": arguments.to_string() });
            json!({ "id": format!("call_{index}"), "type": "function", "function": function })
        };
        self.calls.iter().enumerate().map(call).collect()
    }

    /// The whole answer.
    pub(crate) fn whole(&self) -> Value {
        match self.style {
            Style::Native => {
                let response = match &self.object {
                    Some(object) => object.clone(),
                    None if self.calls.is_empty() => json!(self.text),
                    None => Value::Null,
                };
                let calls: Vec<Value> = self
                    .calls
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
                let content = if self.calls.is_empty() { json!(self.text) } else { Value::Null };
                let mut message = json!({ "role": "assistant", "content": content, "refusal": null });
                if let Some(members) = message.as_object_mut() {
                    if !self.calls.is_empty() {
                        members.insert("tool_calls".to_owned(), self.openai_calls().into());
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
                    "choices": [{ "index": 0, "message": message, "finish_reason": self.finish(), "logprobs": null }],
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
        for (index, (name, arguments)) in self.calls.iter().enumerate() {
            output.push(json!({
                "id": format!("fc_{index}"), "call_id": format!("call_{index}"), "type": "function_call",
                "name": name, "arguments": arguments.to_string(), "status": "completed",
            }));
        }
        if self.calls.is_empty() {
            let part = json!({ "type": "output_text", "text": self.text, "annotations": [] });
            output.push(json!({
                "id": "msg_0", "type": "message", "role": "assistant", "status": "completed", "content": [part],
            }));
        }
        json!({
            "id": "resp_local",
            "object": "response",
            "created_at": 1_700_000_000,
            "status": if self.cut { "incomplete" } else { "completed" },
            "model": self.model,
            "output": output,
            "usage": self.usage(),
        })
    }
}
