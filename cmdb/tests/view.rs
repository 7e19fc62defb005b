//! Typed views of resources.

use dharmagraph_cmdb::view::{
    ComputeInstance, ContainerCluster, ContainerWorkload, DatabaseInstance, LoadBalancer, Network, NetworkInterface,
    OnPremiseServer, SecurityGroup, Snapshot, StorageVolume, TargetGroup,
};
use dharmagraph_cmdb::{Error, Provider, Resource, ResourceType};
use serde_json::{Value, json};

fn resource(resource_type: ResourceType, native_type: &str, metadata: Value) -> Resource {
    let mut resource = Resource::new("id", Provider::AWS, resource_type, native_type, "123456789012", "eu-west-1");
    let Value::Object(metadata) = metadata else { panic!("metadata is an object") };
    resource.metadata = metadata;
    resource
}

#[test]
fn a_machine_reads_its_facts() {
    let machine = resource(
        ResourceType::COMPUTE,
        "AWS::EC2::Instance",
        json!({"instance_type": "t3.medium", "cpu_cores": 2, "memory_gb": 3.75, "private_ip": "10.0.1.15", "public_ip": null,
            "vpc_id": "vpc-1", "subnet_id": 7}),
    );
    let view = ComputeInstance::try_from(&machine).unwrap();
    assert_eq!((view.instance_type, view.cpu_cores, view.memory_gb), (Some("t3.medium"), Some(2), Some(3.75)));
    assert_eq!((view.private_ip, view.public_ip, view.vpc_id), (Some("10.0.1.15"), None, Some("vpc-1")));
    assert_eq!(view.subnet_id, None, "a fact of another type is not there");
    assert_eq!(view.resource.id.as_str(), "id");
}

#[test]
fn numbers_that_do_not_fit_are_not_there() {
    let volume = |size: Value| resource(ResourceType::STORAGE, "AWS::EC2::Volume", json!({"size_gb": size, "encrypted": true}));
    for (size, expected) in [(json!(100), Some(100)), (json!(-1), None), (json!(1.5), None), (json!("100"), None)] {
        let volume = volume(size);
        let view = StorageVolume::try_from(&volume).unwrap();
        assert_eq!((view.size_gb, view.encrypted), (expected, Some(true)));
    }
}

#[test]
fn a_security_group_reads_its_rules_and_skips_what_is_none() {
    let group = resource(
        ResourceType::SECURITY_GROUP,
        "AWS::EC2::SecurityGroup",
        json!({"ingress_rules": [
            {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidrs": ["0.0.0.0/0"], "ipv6_cidrs": ["::/0"],
                "security_groups": ["sg-1"], "prefix_lists": ["pl-1"]},
            {"protocol": "-1", "from_port": null, "to_port": null}, {"from_port": 1}, 7], "egress_rules": "none"}),
    );
    let view = SecurityGroup::try_from(&group).unwrap();
    let [https, all] = &view.ingress_rules[..] else { panic!("two rules") };
    assert_eq!((https.protocol, https.from_port, https.to_port), ("tcp", Some(443), Some(443)));
    assert_eq!((&https.cidrs[..], &https.ipv6_cidrs[..]), (&["0.0.0.0/0"][..], &["::/0"][..]));
    assert_eq!((&https.security_groups[..], &https.prefix_lists[..]), (&["sg-1"][..], &["pl-1"][..]));
    assert_eq!((all.protocol, all.from_port, all.cidrs.len()), ("-1", None, 0));
    assert!(view.egress_rules.is_empty());
}

#[test]
fn a_target_group_reads_the_health_of_its_targets() {
    let group = resource(
        ResourceType::LOAD_BALANCER,
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        json!({"port": 8080, "protocol": "HTTP", "target_type": "instance",
            "target_health": [{"id": "i-1", "port": 8080, "state": "healthy"}, {"state": "lost"}]}),
    );
    let view = TargetGroup::try_from(&group).unwrap();
    assert_eq!((view.port, view.protocol, view.target_type), (Some(8080), Some("HTTP"), Some("instance")));
    let [target] = &view.target_health[..] else { panic!("one target") };
    assert_eq!((target.id, target.port, target.state), ("i-1", Some(8080), Some("healthy")));
}

#[test]
fn a_database_reads_its_facts() {
    let database = resource(
        ResourceType::DATABASE,
        "AWS::RDS::DBInstance",
        json!({"engine": "postgres", "engine_version": "16.4", "endpoint": "db.example", "port": 5432, "multi_az": true,
            "encrypted": false, "instance_class": "db.t3.medium", "storage_gb": 20, "backup_retention_days": 0}),
    );
    let view = DatabaseInstance::try_from(&database).unwrap();
    assert_eq!((view.engine, view.engine_version, view.endpoint), (Some("postgres"), Some("16.4"), Some("db.example")));
    assert_eq!((view.port, view.multi_az, view.encrypted), (Some(5432), Some(true), Some(false)));
    assert_eq!((view.instance_class, view.storage_gb, view.backup_retention_days), (Some("db.t3.medium"), Some(20), Some(0)));
}

#[test]
fn every_view_refuses_a_resource_of_another_type_and_says_which() {
    let other = resource(ResourceType::OTHER, "AWS::Other::Thing", json!({}));
    let refused = |result: Option<Error>| match result {
        Some(Error::Invalid { what, found, .. }) => {
            assert_eq!(found, "OTHER (AWS::Other::Thing) `id`");
            what
        }
        result => panic!("expected a refusal, found {result:?}"),
    };
    let views = [
        refused(ComputeInstance::try_from(&other).err()),
        refused(StorageVolume::try_from(&other).err()),
        refused(Snapshot::try_from(&other).err()),
        refused(Network::try_from(&other).err()),
        refused(NetworkInterface::try_from(&other).err()),
        refused(SecurityGroup::try_from(&other).err()),
        refused(DatabaseInstance::try_from(&other).err()),
        refused(LoadBalancer::try_from(&other).err()),
        refused(TargetGroup::try_from(&other).err()),
        refused(ContainerCluster::try_from(&other).err()),
        refused(ContainerWorkload::try_from(&other).err()),
        refused(OnPremiseServer::try_from(&other).err()),
    ];
    assert_eq!(views[2], "resource for the view Snapshot");
}

#[test]
fn types_that_share_a_name_are_told_apart_by_their_native_types() {
    let volume = resource(ResourceType::STORAGE, "AWS::EC2::Volume", json!({}));
    assert!(StorageVolume::try_from(&volume).is_ok());
    let error = Snapshot::try_from(&volume).unwrap_err().to_string();
    assert!(error.contains("STORAGE (AWS::EC2::Snapshot)"), "{error}");
    let interface = resource(ResourceType::NETWORK, "AWS::EC2::NetworkInterface", json!({}));
    assert!(NetworkInterface::try_from(&interface).is_ok());
    assert!(Network::try_from(&interface).is_err());
    // Another provider's words are its own, so the type alone decides.
    let disk = resource(ResourceType::STORAGE, "Microsoft.Compute/disks", json!({"size_gb": 32}));
    assert_eq!(StorageVolume::try_from(&disk).unwrap().size_gb, Some(32));
}
