//! The way to the network.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;
use tokio::sync::Semaphore;

use super::answer::{BrokenAnswer, check_whole};
use super::fault::BROKEN_ANSWER_KIND;
use super::patience::{attempt_of, impatient};

/// How long the body of an answer may take once it has begun.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// An HTTP client that bounds how many requests are under way, first come, first served, and that lets only whole answers
/// through.
///
/// A request holds its place until the last byte of its answer was read, and none while the SDK waits to try it again.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    inner: SharedHttpClient,
    places: Arc<Semaphore>,
    reads: bool,
}

impl Gate {
    /// A gate with this many places, before the SDK's own client with the proxies of the environment.
    pub(super) fn new(places: usize) -> Self {
        let inner = Builder::new().build_with_connector_fn(|settings, components| {
            let mut connector = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
            connector.set_connector_settings(settings.cloned());
            connector.set_proxy_config(Some(ProxyConfig::from_env()));
            if let Some(components) = components {
                connector.set_sleep_impl(components.sleep_impl());
            }
            connector.build()
        });
        Self { inner, places: Arc::new(Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS))), reads: true }
    }

    /// The same gate for answers that hold secrets. They are left unread: the SDK logs what is in memory, but not what it
    /// reads of such an answer itself.
    pub(super) fn for_secrets(&self) -> Self {
        Self { reads: false, ..self.clone() }
    }
}

impl HttpClient for Gate {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(GatedConnector { inner, places: Arc::clone(&self.places), reads: self.reads })
    }

    fn validate_base_client_config(&self, components: &RuntimeComponentsBuilder, bag: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_base_client_config(components, bag)
    }

    fn validate_final_config(&self, components: &RuntimeComponents, bag: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_final_config(components, bag)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.connector_metadata()
    }
}

#[derive(Debug)]
struct GatedConnector {
    inner: SharedHttpConnector,
    places: Arc<Semaphore>,
    reads: bool,
}

impl HttpConnector for GatedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, places, reads) = (self.inner.clone(), Arc::clone(&self.places), self.reads);
        HttpConnectorFuture::new(async move {
            let attempt = attempt_of(&request);
            let _place = places.acquire().await.map_err(|closed| ConnectorError::other(closed.into(), None))?;
            match inner.call(request).await {
                Ok(answer) if reads => read(answer).await,
                answer => answer,
            }
            .map_err(|error| impatient(error, attempt))
        })
    }
}

/// The answer with its whole body in memory.
async fn read(mut answer: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let body = ByteStream::new(answer.take_body()).collect();
    let body = match tokio::time::timeout(BODY_TIMEOUT, body).await {
        Ok(Ok(body)) => body.into_bytes(),
        Ok(Err(_)) => return Err(broken(BrokenAnswer::new("the connection ended in the middle of it"))),
        Err(late) => return Err(ConnectorError::timeout(late.into())),
    };
    if answer.status().is_success() {
        check_whole(&body).map_err(broken)?;
    }
    *answer.body_mut() = SdkBody::from(body);
    Ok(answer)
}

fn broken(why: BrokenAnswer) -> ConnectorError {
    ConnectorError::other(why.into(), Some(BROKEN_ANSWER_KIND))
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::StatusCode;

    use super::*;

    fn answer(status: u16, body: &'static str) -> HttpResponse {
        HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body))
    }

    #[tokio::test]
    async fn a_whole_answer_comes_through_unchanged() {
        let answer = read(answer(200, r#"{"clusterArns": []}"#)).await.unwrap();
        assert_eq!(answer.body().bytes(), Some(&br#"{"clusterArns": []}"#[..]));
    }

    #[tokio::test]
    async fn half_an_answer_is_an_error_that_is_tried_again() {
        let error = read(answer(200, r#"{"clusterArns": ["#)).await.unwrap_err();
        assert_eq!(error.as_other(), Some(BROKEN_ANSWER_KIND));
    }

    #[tokio::test]
    async fn a_refusal_is_the_sdk_s_to_read() {
        assert!(read(answer(503, "<html>")).await.is_ok());
    }
}
