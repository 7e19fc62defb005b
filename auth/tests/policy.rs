//! What the policy allows, what it says, and what it refuses to be built of.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_auth::policy::{
    Authorizer, BuiltInRole, Condition, Credential, FieldRule, Object, Permission, Policy, PolicyBuilder, PolicyDefinition,
    Principal, Reason, RoleName, Rule, Visibility, Whom,
};
use dharmagraph_auth::{Error, SessionId, Tenant, TokenId, UserId};
use serde_json::json;

fn principal(roles: &[&str]) -> Principal {
    Principal {
        user: UserId::new("ada"),
        tenant: Tenant::default(),
        username: "ada".to_owned(),
        roles: roles.iter().map(|role| role.parse().unwrap()).collect(),
        scopes: None,
        credential: Credential::Token { session: SessionId::new("s"), token: TokenId::new("t") },
    }
}

fn permission(text: &str) -> Permission {
    text.parse().unwrap()
}

fn role(text: &str) -> RoleName {
    text.parse().unwrap()
}

fn machine(id: &str) -> Object {
    Object::new("machine", id, Tenant::default())
}

fn texts(policy: &Policy, roles: &[&str]) -> Vec<String> {
    policy.permissions(&principal(roles)).iter().map(ToString::to_string).collect()
}

#[test]
fn the_built_in_roles_are_those_of_the_interface() {
    let policy = Policy::built_in();
    assert_eq!(texts(&policy, &["VIEWER"]), ["aiops:predict", "cmdb:read"]);
    let operator = ["aiops:predict", "aiops:train", "cmdb:discover", "cmdb:query", "cmdb:read"];
    assert_eq!(texts(&policy, &["OPERATOR"]), operator);
    let all = ["aiops:predict", "aiops:train", "audit:read", "cmdb:discover", "cmdb:query", "cmdb:read", "users:admin"];
    assert_eq!(texts(&policy, &["ADMIN"]), all);
    for nobody in [&[][..], &["ghost"], &["viewer"], &["Admin"]] {
        assert!(texts(&policy, nobody).is_empty());
    }
}

#[test]
fn an_administrator_may_what_custom_roles_and_rules_name_and_nothing_that_nobody_named() {
    let policy = Policy::builder()
        .role("reporter", [permission("report:export")])
        .rule(Rule::allow("own", [permission("report:delete")]).of(role("reporter")).when(Condition::IsOwner))
        .build()
        .unwrap();
    for (text, allowed) in [("report:export", true), ("report:delete", true), ("report:archive", false)] {
        let decision = policy.decide(&principal(&["ADMIN"]), &permission(text), None);
        assert_eq!(decision.allowed(), allowed, "{decision}");
    }
    assert_eq!(texts(&policy, &["reporter"]), ["report:delete", "report:export"]);
}

#[test]
fn each_reason_is_told_in_one_line_that_the_error_repeats() {
    let policy = Policy::builder()
        .role("keeper", [])
        .rule(Rule::allow("own", [permission("cmdb:discover")]).of(role("keeper")).when(Condition::IsOwner))
        .rule(Rule::deny("frozen", [permission("aiops:train")]).when(Condition::Id(["m-1".to_owned()].into())))
        .build()
        .unwrap();
    let own = machine("m-2").owned_by(UserId::new("ada"));
    let told = |roles: &[&str], text: &str, object: Option<&Object>| {
        policy.decide(&principal(roles), &permission(text), object).to_string()
    };
    assert_eq!(told(&["VIEWER"], "cmdb:read", None), "allowed: the role VIEWER has cmdb:read");
    assert_eq!(told(&["keeper"], "cmdb:discover", Some(&own)), "allowed: the rule `own` allows cmdb:discover");
    assert_eq!(told(&["ADMIN"], "aiops:train", Some(&machine("m-1"))), "denied: the rule `frozen` denies aiops:train");
    assert_eq!(told(&["ADMIN"], "aiops:train", Some(&own)), "allowed: the role ADMIN has aiops:train");
    assert_eq!(
        told(&["ADMIN"], "aiops:train", None),
        "denied: the rule `frozen` makes aiops:train depend on the object, and this is about all of them"
    );
    assert_eq!(told(&["VIEWER", "keeper"], "users:admin", None), "denied: no role or rule allows users:admin to VIEWER, keeper");
    assert_eq!(told(&[], "users:admin", None), "denied: users:admin needs a role that has it, and there is none");

    let denied = policy.decide(&principal(&["VIEWER"]), &permission("cmdb:query"), Some(&machine("m-1")));
    let error = denied.require("machine").unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }));
    assert_eq!(error.to_string(), "cmdb:query on machine `m-1` is not allowed: no role or rule allows cmdb:query to VIEWER");
}

#[test]
fn another_tenants_object_is_as_if_there_were_none_whoever_asks() {
    let policy = Policy::built_in();
    let theirs = Object::new("machine", "m-9", Tenant::new("other")).owned_by(UserId::new("ada"));
    for roles in [&["ADMIN"][..], &["VIEWER"], &[]] {
        let decision = policy.decide(&principal(roles), &permission("users:admin"), Some(&theirs));
        assert_eq!(*decision.reason(), Reason::OtherTenant);
        let error = decision.require("machine").unwrap_err();
        assert!(matches!(&error, Error::NotFound { what: "machine", id } if id == "m-9"), "{error}");
        assert_eq!(error.to_string(), "machine `m-9` was not found");
    }
}

#[test]
fn the_scopes_of_a_credential_take_away_and_never_add() {
    let policy = Policy::built_in();
    let scoped = |roles: &[&str], scopes: &[&str]| Principal {
        scopes: Some(scopes.iter().map(|scope| permission(scope)).collect()),
        ..principal(roles)
    };
    let viewer = scoped(&["VIEWER"], &["cmdb:read", "users:admin"]);
    assert!(policy.permissions(&viewer).iter().map(Permission::as_str).eq(["cmdb:read"]));
    assert!(!policy.decide(&viewer, &permission("users:admin"), None).allowed());
    let decision = policy.decide(&viewer, &permission("aiops:predict"), None);
    assert_eq!(decision.explanation(), "the credential's scopes do not name aiops:predict");
    assert!(policy.permissions(&scoped(&["ADMIN"], &[])).is_empty());
    assert!(policy.scope(&scoped(&["ADMIN"], &[]), &permission("cmdb:read")).is_denied());
}

#[test]
fn a_denial_wins_over_roles_and_over_rules_in_any_order() {
    let allow = || Rule::allow("allow", [permission("cmdb:query")]);
    let deny = || Rule::deny("deny", [permission("cmdb:query")]);
    for policy in [Policy::builder().rule(allow()).rule(deny()), Policy::builder().rule(deny()).rule(allow())] {
        let policy = policy.build().unwrap();
        for roles in [["ADMIN"], ["VIEWER"]] {
            let decision = policy.decide(&principal(&roles), &permission("cmdb:query"), None);
            assert_eq!(*decision.reason(), Reason::DenyRule("deny".to_owned()));
            assert!(!texts(&policy, &roles).contains(&"cmdb:query".to_owned()));
        }
    }
}

#[test]
fn a_scope_is_what_a_query_needs() {
    let mine = Condition::Any(vec![Condition::IsOwner, Condition::equals("environment", "development")]);
    let frozen = Condition::All(vec![Condition::Type(["disk".to_owned()].into()), Condition::Present("frozen_at".to_owned())]);
    let policy = Policy::builder()
        .role("developer", [])
        .rule(Rule::allow("mine", [permission("machine:stop")]).of(role("developer")).when(mine.clone()))
        .rule(Rule::deny("frozen", [permission("machine:stop")]).when(frozen))
        .build()
        .unwrap();
    let scope = policy.scope(&principal(&["developer"]), &permission("machine:stop"));
    assert_eq!(scope.condition_for("machine"), mine);
    assert_eq!(policy.attributes("machine").into_iter().collect::<Vec<_>>(), ["environment"]);
    assert_eq!(policy.attributes("disk").into_iter().collect::<Vec<_>>(), ["environment", "frozen_at"]);
    assert!(scope.admits(&machine("m").with("environment", "development")));
    assert!(!scope.admits(&machine("m").with("environment", "production")));
    assert!(!scope.admits(&Object::new("machine", "m", Tenant::new("other")).with("environment", "development")));
    assert!(policy.scope(&principal(&["VIEWER"]), &permission("machine:stop")).is_denied());
}

#[test]
fn what_an_object_does_not_have_equals_nothing() {
    let user = UserId::new("ada");
    let bare = machine("m").with("null", json!(null)).with("fraction", 1.0).with("text", "1");
    for attribute in ["absent", "null", "fraction", "text"] {
        let equals = Condition::equals(attribute, 1);
        assert!(!equals.holds(&bare, &user), "{attribute}");
        assert!(Condition::Not(Box::new(equals)).holds(&bare, &user), "{attribute}");
    }
    assert!(!Condition::IsOwner.holds(&bare, &user));
    assert!(!Condition::Present("null".to_owned()).holds(&bare, &user));
    assert!(Condition::one_of("text", ["0", "1"]).holds(&bare, &user));
}

#[test]
fn fields_are_limited_by_the_strictest_rule_for_somebody() {
    let rule = |name: &str, visibility, whom| FieldRule {
        name: name.to_owned(),
        resource_type: "machine".to_owned(),
        fields: ["address".to_owned()].into(),
        visibility,
        whom,
    };
    let not_admin = Whom { except: [BuiltInRole::Admin.into()].into(), ..Whom::default() };
    let guests = Whom { roles: [role("guest")].into(), ..Whom::default() };
    let policy = Policy::builder()
        .role("guest", [])
        .field_rule(rule("hidden", Visibility::Hidden, guests))
        .field_rule(rule("masked", Visibility::Masked, not_admin))
        .build()
        .unwrap();
    let seen = |roles: &[&str], resource_type: &str| {
        policy.scope(&principal(roles), &permission("cmdb:read")).fields(resource_type).visibility("address")
    };
    assert_eq!(seen(&["ADMIN"], "machine"), Visibility::Shown);
    assert_eq!(seen(&["VIEWER"], "machine"), Visibility::Masked);
    assert_eq!(seen(&["VIEWER", "guest"], "machine"), Visibility::Hidden);
    assert_eq!(seen(&["VIEWER", "guest"], "disk"), Visibility::Shown);
}

#[test]
fn a_policy_that_cannot_mean_what_it_says_is_refused_by_name() {
    let read = || permission("cmdb:read");
    let rule = |when| Policy::builder().rule(Rule::deny("lax", [permission("cmdb:read")]).when(when));
    let fields = |fields: &[&str], visibility, role: &str| {
        Policy::builder().field_rule(FieldRule {
            name: "veil".to_owned(),
            resource_type: "machine".to_owned(),
            fields: fields.iter().map(ToString::to_string).collect(),
            visibility,
            whom: Whom { roles: [role.parse().unwrap()].into(), ..Whom::default() },
        })
    };
    let deep = (0..20).fold(Condition::IsOwner, |inner, _| Condition::Not(Box::new(inner)));
    let wide = Condition::Id((0..1_001).map(|id| id.to_string()).collect());
    let cases: Vec<(PolicyBuilder, &str)> = vec![
        (Policy::builder().role("ADMIN", [read()]), "ADMIN"),
        (Policy::builder().role("viewer", [read()]), "viewer"),
        (Policy::builder().role("twice", []).role("twice", [read()]), "twice"),
        (Policy::builder().role("twice", []).role("Twice", [read()]), "Twice"),
        (Policy::builder().role("two words", []), "two words"),
        (Policy::builder().rule(Rule::allow("same", [read()])).rule(Rule::deny("same", [read()])), "same"),
        (Policy::builder().rule(Rule::allow("a`b", [read()])), "a`b"),
        (Policy::builder().rule(Rule::allow("", [read()])), "``"),
        (Policy::builder().rule(Rule::deny("empty", [])), "empty"),
        (Policy::builder().rule(Rule::deny("typo", [permission("cmdb:raed")])), "cmdb:raed"),
        (Policy::builder().rule(Rule::deny("whom", [read()]).of(role("ghost"))), "ghost"),
        (Policy::builder().rule(Rule::deny("whom", [read()]).except(role("ghost"))), "ghost"),
        (rule(Condition::NEVER), "lax"),
        (rule(Condition::Not(Box::new(Condition::ALWAYS))), "lax"),
        (rule(Condition::one_of("a", [""; 0])), "lax"),
        (rule(Condition::Id([].into())), "lax"),
        (rule(Condition::equals("a\"b", 1)), "a\"b"),
        (rule(deep), "lax"),
        (rule(wide), "lax"),
        (fields(&["a"], Visibility::Hidden, "ghost"), "ghost"),
        (fields(&["a"], Visibility::Shown, "VIEWER"), "veil"),
        (fields(&[], Visibility::Hidden, "VIEWER"), "veil"),
    ];
    for (builder, named) in cases {
        match builder.build() {
            Err(error @ Error::Invalid { .. }) => assert!(error.to_string().contains(named), "{named}: {error}"),
            other => panic!("{named}: {other:?}"),
        }
    }
}

#[test]
fn a_configuration_with_a_word_that_means_nothing_is_refused() {
    let good = json!({"roles": [{"name": "auditor", "permissions": ["audit:read"]}], "rules": [{
        "name": "r", "effect": "deny", "permissions": ["audit:read"], "for": {"except": ["ADMIN"]},
        "when": {"not": {"one_of": {"attribute": "environment", "values": ["development", 1, true]}}},
    }]});
    let read = |text: &str| serde_json::from_str::<PolicyDefinition>(text);
    assert!(Policy::builder().define(read(&good.to_string()).unwrap()).build().is_ok());
    for (word, other) in [
        ("\"roles\"", "\"rolls\""),
        ("\"permissions\"", "\"permission\""),
        ("\"deny\"", "\"forbid\""),
        ("\"for\"", "\"whom\""),
        ("\"except\"", "\"without\""),
        ("\"when\"", "\"where\""),
        ("\"not\"", "\"none\""),
        ("\"values\"", "\"value\""),
        ("\"development\"", "1.5"),
        ("\"development\"", "null"),
        ("\"audit:read\"", "\"audit:*\""),
        ("\"auditor\"", "\"a b\""),
    ] {
        let text = good.to_string().replace(word, other);
        assert_ne!(text, good.to_string(), "{word}");
        assert!(read(&text).is_err(), "{text}");
    }
}
