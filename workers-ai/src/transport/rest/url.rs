//! The URLs of the API and of the gateway's host.

use url::Url;

use super::{api::Api, origin::ORIGIN};
use crate::{
    gateway::{GatewayHost, GatewayPathStyle},
    transport::{Endpoint, FinetuneEndpoint, Input, TransportError, TransportRequest, request::is_partner},
};

const API: [&str; 2] = ["client", "v4"];

impl Api {
    /// Returns the URL of a request, without a query.
    pub(super) fn url(&self, request: &TransportRequest) -> Result<Url, TransportError> {
        let gateway = request.gateway.as_ref().map(|gateway| one_segment(&gateway.id)).transpose()?;
        match (&request.endpoint, &self.gateway_host, gateway) {
            (Endpoint::Universal { gateway }, ..) => {
                with_path(&self.gateway_origin(), &["v1", &self.account], [one_segment(gateway)?])
            }
            (Endpoint::Run(model), Some(host), Some(gateway)) if !is_partner(model) => {
                let start = ["v1", &self.account, gateway, "workers-ai", "run"];
                let start = if host.style == GatewayPathStyle::Run { &start[..] } else { &start[..4] };
                with_path(&host.origin, start, segments(model)?)
            }
            (Endpoint::OpenAi { route, model }, Some(host), Some(gateway)) if !is_partner(model) => {
                with_path(&host.origin, &["v1", &self.account, gateway, "workers-ai", "v1"], route.split('/'))
            }
            (endpoint, ..) => {
                let path = path(endpoint, &request.input)?;
                let [client, version] = API;
                with_path(&self.origin, &[client, version, "accounts", &self.account], segments(&path)?)
            }
        }
    }

    /// Returns the origin of the universal endpoint. An API that is elsewhere has its gateways there, too: nothing that belongs to it
    /// is sent to Cloudflare.
    fn gateway_origin(&self) -> Url {
        match &self.gateway_host {
            Some(host) => host.origin.clone(),
            None if self.origin.as_str().trim_end_matches('/') == ORIGIN => GatewayHost::default().origin,
            None => self.origin.clone(),
        }
    }
}

/// Returns the path of an endpoint below the account.
fn path(endpoint: &Endpoint, input: &Input) -> Result<String, TransportError> {
    Ok(match endpoint {
        Endpoint::Run(model) if is_partner(model) => "ai/run".to_owned(),
        Endpoint::Run(model) => format!("ai/run/{model}"),
        Endpoint::OpenAi { route, .. } => format!("ai/v1/{route}"),
        Endpoint::Universal { gateway } => gateway.clone(),
        Endpoint::Models(_) => "ai/models/search".to_owned(),
        Endpoint::ModelSchema(_) => "ai/models/schema".to_owned(),
        Endpoint::GatewayLog { gateway, log } => {
            format!("ai-gateway/gateways/{}/logs/{}", one_segment(gateway)?, one_segment(log)?)
        }
        Endpoint::Markdown if matches!(input, Input::None) => "ai/tomarkdown/supported".to_owned(),
        Endpoint::Markdown => "ai/tomarkdown".to_owned(),
        Endpoint::Finetunes(FinetuneEndpoint::Own) => "ai/finetunes".to_owned(),
        Endpoint::Finetunes(FinetuneEndpoint::Public) => "ai/finetunes/public".to_owned(),
        Endpoint::Finetunes(FinetuneEndpoint::Assets(id)) => {
            format!("ai/finetunes/{}/finetune-assets", one_segment(id)?)
        }
    })
}

/// Returns an ID that is one segment of a path.
fn one_segment(id: &str) -> Result<&str, TransportError> {
    let invalid = || TransportError::build(format!("`{}` is not a valid ID", id.escape_debug()));
    let mut segments = segments(id)?;
    let only = segments.next().filter(|_| segments.next().is_none());
    only.ok_or_else(invalid)
}

/// Splits an ID or a path into segments, none of which leads elsewhere. A URL would drop tabs and line breaks.
fn segments(path: &str) -> Result<impl Iterator<Item = &str>, TransportError> {
    if path.split('/').any(|segment| {
        matches!(segment, "" | "." | "..") || segment.contains(|c: char| c == '\\' || c.is_ascii_control())
    }) {
        return Err(TransportError::build(format!("`{}` is not a valid ID", path.escape_debug())));
    }
    Ok(path.split('/'))
}

fn with_path<'s>(
    origin: &Url,
    start: &[&str],
    segments: impl IntoIterator<Item = &'s str>,
) -> Result<Url, TransportError> {
    let mut url = origin.clone();
    match url.path_segments_mut() {
        Ok(mut path) => path.pop_if_empty().extend(start).extend(segments),
        Err(()) => return Err(TransportError::build(format!("`{origin}` has no path"))),
    };
    Ok(url)
}
