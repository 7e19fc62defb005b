//! The SDK's clients.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_ec2::config::retry::{RetryPartition, TokenBucket};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::calls::CallCounter;
use super::gate::Gate;
use super::region::Caller;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(60);
const ATTEMPTS: u32 = 6;
const INITIAL_BACKOFF: Duration = Duration::from_millis(200);
const MAX_BACKOFF: Duration = Duration::from_secs(10);

/// What was learned of throttling, per account, region and service, for all discoveries of a connector.
#[derive(Debug, Default)]
pub(super) struct Partitions(Mutex<HashMap<String, RetryPartition>>);

impl Partitions {
    /// The rate limiter of a service. It has no retry budget: a listing ends with its first failed call, so that a failing
    /// service is not asked for long.
    fn of(&self, caller: &Caller, region: &str, service: &str) -> RetryPartition {
        let name = format!("{}/{region}/{service}", caller.account);
        let mut partitions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let partition = partitions
            .entry(name)
            .or_insert_with_key(|name| RetryPartition::custom(name.clone()).token_bucket(TokenBucket::unlimited()).build());
        partition.clone()
    }
}

/// One client per service.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) ec2: aws_sdk_ec2::Client,
    pub(super) rds: aws_sdk_rds::Client,
    pub(super) elb: aws_sdk_elasticloadbalancingv2::Client,
    pub(super) ecs: aws_sdk_ecs::Client,
}

impl Clients {
    pub(super) fn new(config: &SdkConfig, caller: &Caller, region: &str, partitions: &Partitions, calls: &CallCounter) -> Self {
        let retries = RetryConfig::adaptive().with_max_attempts(ATTEMPTS);
        let retries = retries.with_initial_backoff(INITIAL_BACKOFF).with_max_backoff(MAX_BACKOFF);
        let config = in_region(config, region).into_builder().retry_config(retries).build();
        let of = |service| partitions.of(caller, region, service);
        Self {
            ec2: aws_sdk_ec2::Client::from_conf(
                aws_sdk_ec2::config::Builder::from(&config).retry_partition(of("ec2")).interceptor(calls.clone()).build(),
            ),
            rds: aws_sdk_rds::Client::from_conf(
                aws_sdk_rds::config::Builder::from(&config).retry_partition(of("rds")).interceptor(calls.clone()).build(),
            ),
            elb: aws_sdk_elasticloadbalancingv2::Client::from_conf(
                aws_sdk_elasticloadbalancingv2::config::Builder::from(&config)
                    .retry_partition(of("elb"))
                    .interceptor(calls.clone())
                    .build(),
            ),
            ecs: aws_sdk_ecs::Client::from_conf(
                aws_sdk_ecs::config::Builder::from(&config).retry_partition(of("ecs")).interceptor(calls.clone()).build(),
            ),
        }
    }
}

/// A client of the token service.
pub(super) fn sts(config: &SdkConfig, gate: &Gate, region: &str, calls: &CallCounter) -> aws_sdk_sts::Client {
    let config = in_region(config, region).into_builder().http_client(gate.for_secrets()).build();
    aws_sdk_sts::Client::from_conf(aws_sdk_sts::config::Builder::from(&config).interceptor(calls.clone()).build())
}

fn in_region(config: &SdkConfig, region: &str) -> SdkConfig {
    config.to_builder().region(Region::new(region.to_owned())).build()
}

/// The environment's configuration, with this endpoint where one is given; with the environment's own credentials where
/// none are given.
pub(super) async fn load(
    gate: &Gate,
    endpoint_url: Option<&str>,
    region: &str,
    credentials: Option<SharedCredentialsProvider>,
) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).region(Region::new(region.to_owned()));
    if let Some(url) = endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(credentials) = credentials {
        loader = loader.credentials_provider(credentials);
    }
    through(gate, loader.load().await)
}

/// `config` with this module's limits, and calls through `gate`. Credentials of the environment keep their own way, since
/// their sources do not answer as services do.
pub(super) fn through(gate: &Gate, config: SdkConfig) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build();
    let mut config = config
        .into_builder()
        .http_client(gate.clone())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_initial_backoff(INITIAL_BACKOFF));
    config.set_app_name(AppName::new("dharmagraph").ok());
    config.build()
}

/// Shared by the discoveries of a connector.
#[derive(Debug, Clone)]
pub(super) struct Network {
    pub(super) gate: Gate,
    pub(super) partitions: Arc<Partitions>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_region_and_service_learns_on_its_own() {
        let partitions = Partitions::default();
        let caller = |account: &str| Caller { account: account.into(), partition: "aws".into() };
        let one = partitions.of(&caller("1"), "us-east-1", "ec2");
        assert_eq!(one, partitions.of(&caller("1"), "us-east-1", "ec2"));
        assert_ne!(one, partitions.of(&caller("1"), "us-east-1", "rds"));
        assert_ne!(one, partitions.of(&caller("1"), "us-west-2", "ec2"));
        assert_ne!(one, partitions.of(&caller("2"), "us-east-1", "ec2"));
        assert_eq!(partitions.0.lock().unwrap().len(), 4);
    }
}
