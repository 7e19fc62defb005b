//! What instance types have.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{Filter, InstanceType};

use super::SERVICE;
use crate::aws::fault::Fault;
use crate::aws::pages::{Pages, given};

/// The most types that one call is asked about, and that a page holds.
const BATCH: usize = 100;

/// Processors and memory of an instance type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Size {
    pub(super) virtual_cpus: Option<i32>,
    pub(super) mebibytes: Option<i64>,
}

/// Sizes of the types that were met so far. Each type is asked about once.
#[derive(Debug)]
pub(super) struct Sizes<'a> {
    client: &'a Client,
    known: HashMap<InstanceType, Size>,
}

impl<'a> Sizes<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client, known: HashMap::new() }
    }

    /// The size of a type that was learned, unless the region no longer tells of it.
    pub(super) fn of(&self, kind: &InstanceType) -> Option<Size> {
        self.known.get(kind).copied()
    }

    /// Asks for those of the types that are new.
    pub(super) async fn learn(&mut self, kinds: impl Iterator<Item = &InstanceType>) -> Result<(), Fault> {
        let new: BTreeSet<&InstanceType> = kinds.filter(|kind| !self.known.contains_key(kind)).collect();
        let new: Vec<InstanceType> = new.into_iter().cloned().collect();
        for batch in new.chunks(BATCH) {
            self.ask(batch).await?;
        }
        Ok(())
    }

    /// Asks through a filter: asked by name, EC2 refuses the whole call for one type that it no longer offers.
    async fn ask(&mut self, kinds: &[InstanceType]) -> Result<(), Fault> {
        self.known.extend(kinds.iter().map(|kind| (kind.clone(), Size::default())));
        let names = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
        let filter = Filter::builder().name("instance-type").set_values(Some(names)).build();
        let pages = self.client.describe_instance_types().filters(filter).into_paginator().page_size(100).send();
        let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
        while let Some(answer) = pages.next().await? {
            for info in given(SERVICE, "instance types", answer.instance_types)? {
                let size = Size {
                    virtual_cpus: info.v_cpu_info().and_then(|cpus| cpus.default_v_cpus()),
                    mebibytes: info.memory_info().and_then(|memory| memory.size_in_mib()),
                };
                if let Some(kind) = info.instance_type {
                    self.known.insert(kind, size);
                }
            }
        }
        Ok(())
    }
}
