//! Discovery of AWS accounts through the official SDK.
//!
//! [`AwsConnector`] turns a request into a [`Discoverer`](crate::Discoverer) of one account: 24 regional types of EC2, RDS,
//! Elastic Load Balancing and ECS, each region and type a scope of its own. Every list is read to its last page; a page
//! becomes events and is dropped, so that memory does not grow with the account.
//!
//! - An answer that is cut short, that is no answer of the service, or that lacks the list that was asked for fails its
//!   scope with `BadResponse`; it never passes for an empty list.
//! - Calls are tried up to six times with exponential backoff and jitter, those that are not answered within a minute
//!   twice. Each account, region and service has a token bucket that learns from throttling answers.
//! - At most [`AwsSettings::concurrency`] requests are under way at once, and a region never holds more than half of a
//!   discovery's listings, so that a slow region does not stop the others.
//! - A relationship belongs to the scope whose listing tells of it: `ATTACHED_TO` from instance to volume to the volumes,
//!   `ROUTES_TO` from load balancer to target group to the listeners, and so on.
//!
//! Secrets are in no event, error or `Debug` text. The SDK's own logs name access key ids at the levels debug and trace:
//! whoever turns those on keeps the targets `aws_config`, `aws_credential_types`, `aws_runtime`, `aws_sigv4` and
//! `aws_smithy_runtime` at `info`.

mod answer;
mod arn;
mod calls;
mod clients;
mod connector;
mod credentials;
mod discoverer;
mod ec2;
mod ecs;
mod elb;
mod external_id;
mod facts;
mod fault;
mod gate;
mod kind;
mod listing;
mod page;
mod pages;
mod patience;
mod rds;
mod reference;
mod region;
mod region_name;
mod role;
mod settings;
mod tags;
mod validation;

pub use connector::AwsConnector;
pub use settings::AwsSettings;
